import type { Address, PlatformEvent } from '../message/event.ts';
import type { StatementResult } from '../storage/store.ts';
import type { Composed, TurnFacts, TurnResult } from './compose.ts';
import { outboxRows } from './replies.ts';
import { conversationKey, inboxPlace, type Incident, type Runtime } from './runtime.ts';
import { waitingOf, withdrawn } from './waiting.ts';

type Tools = Pick<
  Runtime,
  | 'store'
  | 'inbox'
  | 'outbox'
  | 'history'
  | 'media'
  | 'personal'
  | 'erasures'
  | 'sealer'
  | 'clock'
  | 'newId'
  | 'desk'
  | 'log'
>;

/** A turn at whose end we hold nothing of the person. */
export const erases = ({ effects }: TurnResult): boolean => effects.some(({ type }) => type === 'erase');

/**
 * The statements of such a turn: everything of the person goes, its own rows are not made, and its replies leave from
 * rows that are nobody's. What another conversation of theirs has under way meets a missing person, and is played again
 * as somebody new.
 */
export async function composeErasure(
  runtime: Tools,
  facts: TurnFacts,
): Promise<
  Composed & {
    /** Staff hear of what they will not find any more. */
    incidents: Incident[];
    erased(results: readonly StatementResult[]): Promise<void>;
  }
> {
  const { inbox, history, personal, clock, newId } = runtime;
  const { job, address, conversation, person, now, result } = facts;
  const at = clock.now();
  const ended = inbox.finish({ seq: job.seq, at });
  const names = person ? await namesOf(runtime, person.person_id, facts.event) : [];
  const asking = address.kind === 'private' && conversation ? { conversation: conversation.id } : {};
  const gone = person
    ? personal.erase(person.person_id, { ...asking, addresses: addressesOf(runtime, names) })
    : { statements: [], files: 0 };
  const incidents = withdrawn(await waitingOf(runtime, person?.person_id));
  const letters = await lettersOf(runtime, names);
  const goodbye = outboxRows(runtime, facts, {
    conversationId: null,
    personId: null,
    // Not even a digest of where it goes stays.
    destination: `nobody:${newId()}`,
    after: 0,
  });
  const counted = history.insertInteraction({
    person_id: null,
    conversation_id: '',
    channel: address.channel,
    action: 'erase',
    data: null,
    response_length: 0,
    response_time_ms: Math.max(0, at - job.receivedAt),
    at: now,
  });
  const statements = [
    ended,
    ...gone.statements,
    ...letters.map((seq) => personal.forgetLetter(seq)),
    ...goodbye.statements,
    counted,
  ];
  return {
    statements,
    outbox: goodbye.outbox,
    votes: [],
    incidents,
    async erased(results) {
      const files = person ? (results[1 + gone.files]?.rows ?? []) : [];
      await afterErasure(runtime, [...files.map(({ id }) => String(id)), ...result.kept.map(({ id }) => id)]);
    },
  };
}

/** Somebody erased is back when the database comes from a backup: they go again, before anything else is done. */
export async function eraseAgain(runtime: Tools): Promise<void> {
  const { store, personal, erasures, clock } = runtime;
  for (const person of await erasures.recent(clock.now())) {
    if ((await personal.rows('persons', person)).length === 0) continue;
    const names = await namesOf(runtime, person);
    const letters = await lettersOf(runtime, names);
    const { statements, files } = personal.erase(person, { addresses: addressesOf(runtime, names) });
    const done = await store.commit([...statements, ...letters.map((seq) => personal.forgetLetter(seq))]);
    await afterErasure(
      runtime,
      (done[files]?.rows ?? []).map(({ id }) => String(id)),
    );
  }
}

/** What no transaction can undo comes after it: a file left by a crash here is swept, a log not emptied is emptied hourly. */
async function afterErasure({ store, media, log }: Tools, files: string[]): Promise<void> {
  const removed = await Promise.allSettled(files.map((id) => media.remove(id)));
  const left = removed.filter(({ status }) => status === 'rejected').length;
  if (left > 0) log.warn('files_not_removed', { files: left });
  const scrubbed = await store.scrub().catch(() => false);
  if (!scrubbed) log.warn('log_not_emptied');
  log.info('person_erased', { files: files.length });
}

/** A name of a person, and on which account of ours. */
type Name = Pick<Address, 'channel' | 'account'> & { value: string };

/** By what platforms know the person: as we have it, and as they wrote just now. */
async function namesOf(
  { personal, sealer }: Tools,
  personId: string,
  event?: TurnFacts['event'] & Partial<Pick<PlatformEvent, 'sender'>>,
): Promise<Name[]> {
  const rows = await personal.rows('identities', personId);
  const names = rows.flatMap(({ id, channel, account, value_sealed: sealed }) =>
    sealed instanceof Uint8Array
      ? [
          {
            channel: String(channel),
            account: String(account),
            value: sealer.open(sealed, `identities|value|${String(id)}`),
          },
        ]
      : [],
  );
  const said = event?.sender ? [event.sender, ...(event.sender.aliases ?? [])] : [];
  // Where they wrote just now is a conversation that is known.
  return [...names, ...said.map(({ value }) => ({ channel: '', account: '', value }))];
}

/** Where a platform reaches somebody privately, the chat is called as they are. */
const addressesOf = ({ sealer }: Tools, names: readonly Name[]): string[] =>
  names.flatMap(({ channel, account, value }) =>
    [...new Set([value, value.replace(/^\+/, '')])].map((chat) =>
      conversationKey(sealer, { channel, account, chat }),
    ),
  );

/** Updates set aside in which the person is named: nothing else tells whose they were. */
async function lettersOf({ personal, sealer }: Tools, names: readonly Name[]): Promise<number[]> {
  const letters = names.length === 0 ? [] : await personal.deadLetters();
  if (letters.length === 0) return [];
  const isNamed = named(names.map(({ value }) => value));
  return letters
    .filter(({ channel, account, dedup_key, payload_sealed }) =>
      isNamed(sealer.open(payload_sealed, inboxPlace(channel, account, dedup_key))),
    )
    .map(({ seq }) => seq);
}

/** An id written whole: 12 is not in 123. A number is found with or without its plus. */
function named(names: readonly string[]): (text: string) => boolean {
  const ids = [...new Set(names.map((name) => name.replace(/^\+/, '')))].filter((name) => name !== '');
  if (ids.length === 0) return () => false;
  const any = ids.map((id) => id.replace(/[^\w]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\w])(?:${any})(?![\\w])`);
  return (text) => pattern.test(text);
}
