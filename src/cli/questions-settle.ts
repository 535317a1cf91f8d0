import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { fold } from '../message/fold.ts';
import type { OpenQuestion, QuestionGroup } from '../pipeline/question-groups.ts';
import type { ReplyState } from '../storage/questions.ts';
import { ConflictError, type Statement } from '../storage/store.ts';
import { addToSet } from '../storage/question-set.ts';
import { actor } from './actor.ts';
import { UsageError } from './errors.ts';
import type { Asked, InboxView } from './questions-inbox.ts';

interface Wanted {
  /** Instead of the group's own; absent: those. */
  phrasing?: readonly string[];
  phrasings: boolean;
  /** The group's own were read, and may be kept. */
  yes?: boolean;
  /** Those who asked in so many last days are told; 0: nobody. */
  days: number;
}

export interface Told {
  entry: string;
  phrasings: readonly string[];
  /** How many askers, by what became of telling them so far. */
  replies: ReadonlyMap<ReplyState, number>;
  /** Askers of too long ago. */
  old: number;
}

const DAY_MS = 24 * 3600_000;
/** A desk that runs takes it up within this. */
const WAIT_MS = 6000;
const LONGEST_BODY = 4000;

/**
 * An answer, written once: the group is claimed, so that two people add no two entries; the entry is added; then those who
 * asked are told.
 */
export async function answerGroup(
  view: InboxView,
  id: string,
  wanted: Wanted & { title: string; body: string },
): Promise<Told> {
  const title = wanted.title.replace(/\s+/g, ' ').trim();
  const body = readBody(wanted.body);
  if (title === '' || title.length > 200)
    throw new UsageError('--title: write a question of 1 to 200 characters.');
  if (body === '' || body.length > LONGEST_BODY)
    throw new UsageError(
      `--body: the answer has ${String(body.length)} characters: write 1 to ${String(LONGEST_BODY)}.`,
    );
  const { tables } = view;
  const group = await view.find(id, ['open']);
  const phrasings = await phrasingsFor(view, group, wanted);
  const by = actor();
  const answer = newId();
  const at = systemClock.now();
  await commit(view, [
    tables.insertAnswer({ id: answer, group_id: id, title, body, entry: '', actor: by, at }),
    ...tables.settle(id, { state: 'answered', answer, tell: [] }),
  ]);
  const { tell, old } = askersOf(group.questions, sinceOf(wanted));
  let entry = '';
  try {
    entry = await view.addEntry({ title, body, by });
    const passage = view.entry(entry) ?? { document: entry, title };
    await commit(view, [
      ...view.phrasingStatements(passage, phrasings, by),
      ...tables.finish(answer, { entry, tell }),
    ]);
  } catch (error) {
    if (entry !== '') await view.withdrawEntry(entry, by);
    await view.data.store.commit(tables.release(answer));
    throw error;
  }
  addToSet(view.data.config.data, { id: answer, source: entry, question: title });
  return { entry, phrasings: textsOf(phrasings), replies: await outcomeOf(view, tell), old };
}

/** The ways a group asked become other ways of asking for an entry there is. */
export async function attachGroup(view: InboxView, id: string, entry: string, wanted: Wanted): Promise<Told> {
  const { tables } = view;
  const group = await view.find(id, ['open']);
  const target = view.entry(entry);
  if (!target)
    throw new UsageError(`There is no entry ${entry}: copy one from "guichet questions show ${id}".`);
  const phrasings = await phrasingsFor(view, group, { ...wanted, phrasings: true });
  if (phrasings.length === 0)
    throw new UsageError(
      'Nothing of these questions can be kept: write a phrasing yourself with --phrasing.',
    );
  const by = actor();
  const answer = newId();
  const at = systemClock.now();
  const { title, text: body, document } = target;
  const { tell, old } = askersOf(group.questions, sinceOf(wanted));
  await commit(view, [
    tables.insertAnswer({ id: answer, group_id: id, title, body, entry: document, actor: by, at }),
    ...tables.settle(id, { state: 'attached', answer, tell }),
    ...view.phrasingStatements(target, phrasings, by),
  ]);
  return { entry: target.id, phrasings: textsOf(phrasings), replies: await outcomeOf(view, tell), old };
}

export async function dismissGroup(view: InboxView, id: string): Promise<void> {
  await view.find(id, ['open']);
  await commit(view, view.tables.settle(id, { state: 'dismissed', answer: null, tell: [] }));
}

/** What people wrote is kept only once somebody has read what would be, and said so. */
async function phrasingsFor(
  view: InboxView,
  group: QuestionGroup,
  { phrasing, phrasings, yes }: Wanted,
): Promise<Asked[]> {
  const asked = phrasing || phrasings ? await view.phrasingsOf(group) : [];
  if (phrasing) {
    const texts = phrasing.map((each) => each.trim()).filter((each) => each !== '');
    // Words that are somebody's stay theirs, whoever typed them.
    const takenFrom = (text: string) => asked.find((each) => fold(each.text) === fold(text))?.questions;
    return texts.map((text) => ({ text, questions: takenFrom(text) ?? [] }));
  }
  if (asked.length === 0 || yes) return asked;
  throw new UsageError(
    [
      'Nothing is done yet. These words of people would stay as other ways of asking:',
      ...textsOf(asked).map((text) => `  ${text}`),
      'Read them: nothing may tell who somebody is. Then again with --yes to keep them, --phrasing "…" for your own',
      'words instead, or --no-phrasings for none.',
    ].join('\n'),
  );
}

const textsOf = (phrasings: readonly Asked[]): string[] => phrasings.map(({ text }) => text);

const sinceOf = ({ days }: Wanted): number | undefined =>
  days === 0 ? undefined : systemClock.now() - days * DAY_MS;

/** One question of each person, the last. `since` undefined: nobody is told. */
export function askersOf(
  questions: readonly OpenQuestion[],
  since: number | undefined,
): { tell: string[]; old: number } {
  const last = new Map<string, OpenQuestion>();
  for (const question of questions)
    if (question.person_id !== null && question.conversation_id !== null)
      last.set(question.person_id, question);
  const all = [...last.values()];
  if (since === undefined) return { tell: [], old: 0 };
  const tell = all.filter(({ at }) => at >= since).map(({ id }) => id);
  return { tell, old: all.length - tell.length };
}

/** Waits a moment for the desk that runs, so that what is printed is what happened. */
async function outcomeOf({ tables }: InboxView, ids: readonly string[]): Promise<Map<ReplyState, number>> {
  const until = systemClock.monotonic() + WAIT_MS;
  for (;;) {
    const replies = await tables.replies(ids);
    if (!replies.includes('wanted') || systemClock.monotonic() >= until) {
      const counts = new Map<ReplyState, number>();
      for (const reply of replies) counts.set(reply, (counts.get(reply) ?? 0) + 1);
      return counts;
    }
    await delay(300);
  }
}

async function commit({ data }: InboxView, statements: Statement[]): Promise<void> {
  try {
    await data.store.commit(statements);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    throw new UsageError('Somebody settled this group meanwhile: look at "guichet questions list" again.');
  }
}

function readBody(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
      .replace(/\r\n?/g, '\n')
      .trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new UsageError(`--body ${file}: it cannot be read (${code}).`);
  }
}
