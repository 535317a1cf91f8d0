import { fold } from '../message/fold.ts';
import { alikeIndex } from './alike.ts';
import type { QuestionState, Unanswered } from '../storage/questions.ts';
import { questionPlace } from './questions.ts';
import type { Runtime } from './runtime.ts';

/** The words of a question that matter, in the form in which those of another are compared. */
export type WordsOf = (question: string) => readonly string[];

export type OpenQuestion = Omit<Unanswered, 'text_sealed' | 'group_id'> & { text: string };

/** Questions that ask the same. */
export interface QuestionGroup {
  /** Id of the question it began with; it stays when that one goes. */
  id: string;
  state: QuestionState;
  /** The oldest first. */
  questions: OpenQuestion[];
  /** How many people asked; somebody we do not know counts for one. */
  people: number;
}

/**
 * What was not answered or did not help, alike with alike, most asked first. Each question is put into a group once and
 * stays there, so that a number copied from the list is the same group tomorrow; what is like a dismissed question is
 * dismissed with it.
 */
export async function questionGroups(
  { store, questions, sealer }: Pick<Runtime, 'store' | 'questions' | 'sealer'>,
  wordsOf: WordsOf,
  states: readonly QuestionState[] = ['open'],
): Promise<QuestionGroup[]> {
  const rows = (await questions.unanswered(['open', 'dismissed', 'answered', 'attached'])).map(
    ({ text_sealed, ...row }) => ({ ...row, text: sealer.open(text_sealed, questionPlace(row.id)) }),
  );
  const placed = group(
    rows.filter(({ state }) => state === 'open' || state === 'dismissed'),
    wordsOf,
    new Set(await questions.settledGroups()),
  );
  const fresh = placed.filter(({ isNew }) => isNew);
  if (fresh.length > 0)
    await store.commit(fresh.map(({ id, group_id, state }) => questions.assign({ id, group_id, state })));

  const found = new Map<string, OpenQuestion[]>();
  const settled = rows.filter(({ state }) => state === 'answered' || state === 'attached');
  for (const { group_id, isNew: _, ...question } of [
    ...placed,
    ...settled.map((row) => ({ ...row, group_id: row.group_id ?? row.id, isNew: false })),
  ]) {
    if (!states.includes(question.state)) continue;
    const members = found.get(group_id);
    if (members) members.push(question);
    else found.set(group_id, [question]);
  }
  return [...found]
    .map(([id, members]) => ({
      id,
      state: members[0]?.state ?? 'open',
      questions: members,
      people: new Set(members.map(({ person_id, id: own }) => person_id ?? own)).size,
    }))
    .sort(
      (a, b) =>
        b.people - a.people ||
        b.questions.length - a.questions.length ||
        (b.questions.at(-1)?.at ?? 0) - (a.questions.at(-1)?.at ?? 0),
    );
}

type Row = OpenQuestion & { group_id: string | null };

/**
 * Says of each question its group: the one of the question it is most like, else its own. `taken`: ids of groups that are
 * over; a question whose answer did not help comes back, and begins another.
 */
export function group(
  rows: readonly Row[],
  wordsOf: WordsOf,
  taken: ReadonlySet<string> = new Set(),
): (OpenQuestion & { group_id: string; isNew: boolean })[] {
  const states = new Map<string, QuestionState>();
  const idFor = (id: string): string => {
    let own = id;
    for (let n = 2; taken.has(own) || states.has(own); n += 1) own = `${id}~${String(n)}`;
    return own;
  };
  const sets = rows.map(({ text }) => {
    const words = wordsOf(text);
    return new Set(words.length > 0 ? words : [`= ${fold(text)}`]);
  });
  const index = alikeIndex(sets);
  rows.forEach(({ group_id, state }, at) => {
    if (group_id === null) return;
    index.add(sets[at] ?? new Set(), group_id);
    states.set(group_id, state);
  });

  return rows.map((row, at) => {
    if (row.group_id !== null) return { ...row, group_id: row.group_id, isNew: false };
    const words = sets[at] ?? new Set<string>();
    const group_id = index.nearest(words) ?? idFor(row.id);
    const state = states.get(group_id) === 'dismissed' ? 'dismissed' : 'open';
    index.add(words, group_id);
    states.set(group_id, state);
    return { ...row, group_id, state, isNew: true };
  });
}
