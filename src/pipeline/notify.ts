import type { TextKey } from '../desk/desk.ts';
import type { Address } from '../message/event.ts';
import { fill, type Rich } from '../message/rich.ts';
import { addressPlace } from './compose.ts';
import { outboxRow, type OutboxJob } from './replies.ts';
import { conversationKey, type Incident, type Runtime } from './runtime.ts';

/** A member of staff on a channel (`ADMIN_USER_IDS`). */
export interface Staff {
  channel: string;
  id: string;
}

/** What is worth a message, and how long the next of its kind waits. Never what a notifier itself causes. */
const TOLD: Readonly<Record<string, { text: TextKey; every: number }>> = {
  account_attempt: { text: 'staff_account_attempt', every: 300_000 },
  staff_message: { text: 'staff_message_waits', every: 60_000 },
  form: { text: 'staff_form_waits', every: 60_000 },
  request_withdrawn: { text: 'staff_request_withdrawn', every: 0 },
  safeguarding: { text: 'staff_safeguarding', every: 0 },
  dead_letter: { text: 'staff_dead_letter', every: 300_000 },
};
const EXPIRES_MS = 24 * 3600_000;

/** Who shows a number again and again must not have its owner written to each time. */
const PERSON_EVERY_MS = 3600_000;
const MOST_PERSONS = 10_000;

type Tools = Pick<
  Runtime,
  'store' | 'outbox' | 'conversations' | 'channels' | 'sealer' | 'clock' | 'newId' | 'desk' | 'log'
>;

/** Where an alert goes: somebody of the staff, or a person we know. */
interface Recipient {
  address: Address;
  destination: string;
  personId: string | null;
}

/**
 * Tells staff on their own channels, through the outbox, that something waits for them: never who, never a word of
 * what was written. Where the platform's window is closed the message fails like any other. Whoever is concerned by it
 * hears of it where they wrote to us last.
 */
export function createNotify(
  runtime: Tools,
  staff: readonly Staff[],
  deliver: (jobs: OutboxJob[]) => void,
): (incident: Incident) => void {
  const { store, conversations, channels, sealer, clock, desk, log } = runtime;
  const quietUntil = new Map<string, number>();

  return ({ kind, person, reference = '' }) => {
    const told = TOLD[kind];
    if (!told) return;
    const failed = (error: unknown): void => {
      log.error('alert_not_sent', { kind, reason: error instanceof Error ? error.message : 'error' });
    };
    if (person !== undefined && !isQuiet(person, PERSON_EVERY_MS)) tellPerson(kind, person).catch(failed);
    if (staff.length > 0 && !isQuiet(kind, told.every)) {
      tell(kind, told.text, staff.flatMap(recipientOf), { reference }).catch(failed);
    }
  };

  /** Says whether this was told lately; if not, it counts as told now. */
  function isQuiet(key: string, ms: number): boolean {
    const tick = clock.monotonic();
    if (tick < (quietUntil.get(key) ?? 0)) return true;
    if (quietUntil.size >= MOST_PERSONS) quietUntil.clear();
    quietUntil.set(key, tick + ms);
    return false;
  }

  async function tellPerson(kind: string, person: string): Promise<void> {
    const conversation = await conversations.privateOf(person);
    if (!conversation) return;
    const opened = sealer.open(conversation.address_sealed, addressPlace(conversation.id));
    const address = JSON.parse(opened) as Address;
    await tell(kind, 'account_contested', [
      { address, destination: conversation.address_index, personId: person },
    ]);
  }

  async function tell(
    kind: string,
    key: TextKey,
    to: readonly Recipient[],
    extra: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const texts = desk.languages.get(desk.language)?.texts;
    const body = fill(texts?.[key] ?? [], { ...desk.values, organisation: desk.organisation, ...extra });
    const rows = to.flatMap((one) => rowsFor(runtime, one, kind, body));
    await store.commit(rows.map(({ statement }) => statement));
    deliver(rows.map(({ job }) => job));
  }

  function recipientOf({ channel, id: chat }: Staff): Recipient[] {
    const account = channels.get(channel)?.account;
    if (account === undefined) return [];
    const address = { channel, account, chat, kind: 'private' as const };
    return [{ address, destination: conversationKey(sealer, address), personId: null }];
  }
}

function rowsFor(
  runtime: Tools,
  { address, destination, personId }: Recipient,
  kind: string,
  body: Rich,
): ReturnType<typeof outboxRow>[] {
  const channel = runtime.channels.get(address.channel);
  if (!channel) return [];
  const now = runtime.clock.now();
  const outgoing = {
    via: { channel: channel.name, account: channel.account },
    lane: 'alert' as const,
    owner: { conversationId: null, personId, destination, after: 0 },
    expires: now + EXPIRES_MS,
    correlation: `incident:${kind}`,
    now,
  };
  return channel
    .render({ body }, { address, part: (i, n) => `${String(i)}/${String(n)}` })
    .map((call, nth) => outboxRow(runtime, outgoing, call, nth));
}
