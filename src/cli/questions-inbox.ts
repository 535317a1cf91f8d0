import { createEmbeddedAnswerer } from '../answers/embedded.ts';
import type { Passage } from '../answers/ingest/passage.ts';
import type { Entry } from '../answers/library/entry.ts';
import { stem } from '../answers/retrieval/views.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { withoutPersonal } from '../lib/personal-text.ts';
import { createRedactor } from '../lib/redact.ts';
import { fold } from '../message/fold.ts';
import { questionGroups, type OpenQuestion, type QuestionGroup } from '../pipeline/question-groups.ts';
import { libraryTables } from '../storage/library.ts';
import { questionTables, type QuestionState, type QuestionTables } from '../storage/questions.ts';
import { staffInbox } from '../storage/staff-inbox.ts';
import type { Statement } from '../storage/store.ts';
import type { DeskData } from './data.ts';
import { UsageError } from './errors.ts';
import { knownName } from './known-name.ts';

/** A way of asking, and the questions it was taken from; staff's own words come from none. */
export interface Asked {
  text: string;
  questions: readonly string[];
}

/** The questions that wait, with the desk's engine at hand. */
export interface InboxView {
  data: DeskData;
  tables: QuestionTables;
  groups(states: readonly QuestionState[]): Promise<QuestionGroup[]>;
  find(id: string, states: readonly QuestionState[]): Promise<QuestionGroup>;
  /** What somebody asked, for a terminal: without the numbers, addresses and names that are known as such. */
  shown(question: OpenQuestion): Promise<string>;
  /** How a group was asked, each way once, without what names somebody; the most frequent first. */
  phrasingsOf(group: QuestionGroup): Promise<Asked[]>;
  /** Titles of the entries nearest to it, with their ids. */
  nearest(group: QuestionGroup): string[];
  /** What citizens can find of it when this resolves, under this document. */
  addEntry(entry: Entry): Promise<string>;
  /** By its own id, or the document's when it has one passage. */
  entry(id: string): Passage | undefined;
  /** What an entry that lost its group leaves is withdrawn. */
  withdrawEntry(id: string, by: string): Promise<void>;
  /** Keeps other ways of asking for a passage. */
  phrasingStatements(
    entry: Pick<Passage, 'document' | 'title'>,
    phrasings: readonly Asked[],
    by: string,
  ): Statement[];
  close(): Promise<void>;
}

/** More would say nothing new. */
const MOST_PHRASINGS = 8;
const NEAREST = 3;

/** Longer than anybody adds an entry: whoever claimed a group so long ago was cut off. */
const CLAIM_MS = 10 * 60_000;

/** On one line. */
const redact = createRedactor();

export async function openInbox(data: DeskData): Promise<InboxView> {
  const { store, sealer } = data;
  const desk = await data.desk();
  const records = libraryTables(store, data.documents);
  const tables = questionTables(store);
  const engine = await createEmbeddedAnswerer({
    folder: desk.folder,
    language: desk.language,
    clock: systemClock,
    library: { records, newId },
  });
  // Who asks is no part of what is asked. Nothing is searched: this is for thousands of questions.
  const wordsOf = (text: string): string[] => {
    const { all: _, ...content } = engine.corpus.retriever.parts(withoutPersonal(text) || text);
    return Object.values(content).flat().map(stem);
  };
  const groups = (states: readonly QuestionState[]): Promise<QuestionGroup[]> =>
    questionGroups({ store, questions: tables, sealer }, wordsOf, states);

  for (const answer of await tables.unfinished(systemClock.now() - CLAIM_MS))
    await store.commit(tables.release(answer));

  /** What the platform and the directory call them. */
  async function readNames(person: string): Promise<string[]> {
    const profile = await staffInbox(store).profile(person);
    const opened = profile && sealer.open(profile.profile_sealed, `identities|profile|${profile.id}`);
    const { firstName, lastName, username } = JSON.parse(opened ?? '{}') as Partial<
      Record<'firstName' | 'lastName' | 'username', string>
    >;
    return [firstName, lastName, username, await knownName(data, person)].flatMap((name) => name ?? []);
  }
  const names = new Map<string, Promise<string[]>>();
  async function anonymous({ person_id: person, text }: OpenQuestion): Promise<string> {
    if (person === null) return withoutPersonal(text);
    const known = names.get(person) ?? readNames(person);
    names.set(person, known);
    return withoutPersonal(text, await known);
  }

  return {
    data,
    tables,
    groups,
    shown: async (question) => redact((await anonymous(question)) || '…'),
    async find(id, states) {
      const found = (await groups(states)).find((group) => group.id === id);
      if (found) return found;
      throw new UsageError(`No group ${id} waits: copy its name from "guichet questions list".`);
    },
    async phrasingsOf({ questions }) {
      const asked = new Map<string, { text: string; questions: string[] }>();
      for (const question of questions) {
        const text = await anonymous(question);
        const key = fold(text);
        if (key === '') continue;
        const known = asked.get(key) ?? { text, questions: [] };
        known.questions.push(question.id);
        asked.set(key, known);
      }
      return [...asked.values()]
        .sort((a, b) => b.questions.length - a.questions.length)
        .slice(0, MOST_PHRASINGS);
    },
    nearest: ({ questions }) =>
      engine
        .search(questions.at(-1)?.text ?? '', NEAREST)
        .results.map(({ id, title, score }) => `${id}  ${title}  ${score.toFixed(2)}`),
    addEntry(entry) {
      if (!engine.library) throw new Error('The engine was opened without a library.');
      return engine.library.addEntry(entry);
    },
    entry(id) {
      const { passages } = engine.corpus.retriever.collection;
      const own = passages.filter(({ document }) => document === id);
      return passages.find((passage) => passage.id === id) ?? (own.length === 1 ? own[0] : undefined);
    },
    async withdrawEntry(id, by) {
      await engine.library?.withdraw(id, { by, why: 'somebody else settled its group' });
    },
    phrasingStatements: ({ document, title }, phrasings, by) =>
      records.phrasingStatements(
        phrasings.map((each) => ({ ...each, id: newId(), document, title, by, at: systemClock.now() })),
      ),
    close: () => engine.close(),
  };
}
