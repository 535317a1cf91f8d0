import type { PlatformEvent } from '../message/event.ts';
import type { StatementResult } from '../storage/store.ts';
import type { Composed, TurnFacts, TurnResult } from './compose.ts';
import { outboxRows } from './replies.ts';
import { inboxPlace, type Incident, type Runtime } from './runtime.ts';
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
  const gone = person
    ? personal.erase(person.person_id, address.kind === 'private' ? conversation?.id : undefined)
    : { statements: [], files: 0 };
  const incidents = withdrawn(await waitingOf(runtime, person?.person_id));
  const letters = person ? await lettersOf(runtime, person.person_id, facts.event) : [];
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
    const { statements, files } = personal.erase(person, undefined);
    const done = await store.commit(statements);
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

/** Updates set aside in which the person is named: nothing else tells whose they were. */
async function lettersOf(
  { personal, sealer }: Tools,
  personId: string,
  { sender }: TurnFacts['event'] & Partial<Pick<PlatformEvent, 'sender'>>,
): Promise<number[]> {
  const letters = await personal.deadLetters();
  if (letters.length === 0) return [];
  const rows = await personal.rows('identities', personId);
  const names = rows.map((row) => {
    const [id, sealed] = [row['id'], row['value_sealed']];
    return sealed instanceof Uint8Array ? sealer.open(sealed, `identities|value|${String(id)}`) : '';
  });
  if (sender) names.push(sender.value, ...(sender.aliases ?? []).map(({ value }) => value));
  const isNamed = named(names);
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
