import type { TextKey } from '../desk/desk.ts';
import { fill, type Rich } from '../message/rich.ts';
import type { Statement } from '../storage/store.ts';
import { outboxPlace, type OutboxJob } from './replies.ts';
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
  safeguarding: { text: 'staff_safeguarding', every: 0 },
  dead_letter: { text: 'staff_dead_letter', every: 300_000 },
};
const EXPIRES_MS = 24 * 3600_000;

/**
 * Tells staff on their own channels, through the outbox, that something waits for them: never who, never a word of
 * what was written. Where the platform's window is closed the message fails like any other.
 */
export function createNotify(
  runtime: Pick<Runtime, 'store' | 'outbox' | 'channels' | 'sealer' | 'clock' | 'newId' | 'desk' | 'log'>,
  staff: readonly Staff[],
  deliver: (jobs: OutboxJob[]) => void,
): (incident: Incident) => void {
  const { store, outbox, channels, sealer, clock, newId, desk, log } = runtime;
  const quietUntil = new Map<string, number>();

  return ({ kind }) => {
    const told = TOLD[kind];
    const tick = clock.monotonic();
    if (!told || staff.length === 0 || tick < (quietUntil.get(kind) ?? 0)) return;
    quietUntil.set(kind, tick + told.every);
    tell(kind, told.text).catch((error: unknown) => {
      log.error('staff_not_told', { kind, reason: error instanceof Error ? error.message : 'error' });
    });
  };

  async function tell(kind: string, key: TextKey): Promise<void> {
    const texts = desk.languages.get(desk.language)?.texts;
    const body = fill(texts?.[key] ?? [], { ...desk.values, organisation: desk.organisation });
    const rows = staff.flatMap((one) => rowsFor(one, kind, body));
    await store.commit(rows.map(({ statement }) => statement));
    deliver(rows.map(({ job }) => job));
  }

  function rowsFor(
    { channel: name, id: chat }: Staff,
    kind: string,
    body: Rich,
  ): { statement: Statement; job: OutboxJob }[] {
    const channel = channels.get(name);
    if (!channel) return [];
    const address = { channel: name, account: channel.account, chat, kind: 'private' as const };
    const destination = conversationKey(sealer, address);
    const now = clock.now();
    return channel
      .render({ body }, { address, part: (i, n) => `${String(i)}/${String(n)}` })
      .map((call, at) => {
        const row = newId();
        const expires = now + EXPIRES_MS;
        return {
          statement: outbox.insert({
            id: row,
            channel: name,
            account: channel.account,
            destination_index: destination,
            conversation_id: null,
            person_id: null,
            lane: 'alert',
            position: at + 1,
            payload_sealed: sealer.seal(JSON.stringify(call), outboxPlace(row)),
            expires_at: expires,
            correlation: `incident:${kind}`,
            replaces: null,
            created_at: now,
          }),
          job: {
            id: row,
            channel: name,
            destination,
            conversationId: null,
            lane: 'alert' as const,
            attempt: 0,
            notBefore: 0,
            expiresAt: expires,
            call,
          },
        };
      });
  }
}
