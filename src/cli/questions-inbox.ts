import { createEmbeddedAnswerer } from '../answers/embedded.ts';
import type { Passage } from '../answers/ingest/passage.ts';
import type { Entry } from '../answers/library/entry.ts';
import { stem } from '../answers/retrieval/views.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { withoutPersonal } from '../lib/personal-text.ts';
import { createRedactor } from '../lib/redact.ts';
import { fold } from '../message/fold.ts';
import { questionGroups, type QuestionGroup } from '../pipeline/question-groups.ts';
import { libraryTables } from '../storage/library.ts';
import { questionTables, type QuestionState, type QuestionTables } from '../storage/questions.ts';
import { staffInbox } from '../storage/staff-inbox.ts';
import type { DeskData } from './data.ts';
import { UsageError } from './errors.ts';

/** The questions that wait, with the desk's engine at hand. */
export interface InboxView {
  data: DeskData;
  tables: QuestionTables;
  groups(states: readonly QuestionState[]): Promise<QuestionGroup[]>;
  find(id: string, states: readonly QuestionState[]): Promise<QuestionGroup>;
  /** How a group was asked, each way once, without what names somebody; the most frequent first. */
  phrasingsOf(group: QuestionGroup): Promise<string[]>;
  /** Titles of the entries nearest to it, with their ids. */
  nearest(group: QuestionGroup): string[];
  /** What citizens can find of it when this resolves, under this document. */
  addEntry(entry: Entry): Promise<string>;
  /** By its own id, or the document's when it has one passage. */
  entry(id: string): Passage | undefined;
  addPhrasings(entry: Passage, phrasings: readonly string[], by: string): Promise<void>;
  close(): Promise<void>;
}

/** More would say nothing new. */
const MOST_PHRASINGS = 8;
const NEAREST = 3;

const redact = createRedactor();
/** Words of a person on one line, without their numbers: nobody's number is looked at here. */
export const shown = (text: string): string => redact(text);

export async function openInbox(data: DeskData): Promise<InboxView> {
  const { desk, store, sealer } = data;
  const records = libraryTables(store, data.documents);
  const tables = questionTables(store);
  const engine = await createEmbeddedAnswerer({
    folder: desk.folder,
    language: desk.language,
    clock: systemClock,
    library: { records, newId },
  });
  // Who asks is no part of what is asked.
  const wordsOf = (text: string): string[] =>
    engine.search(withoutPersonal(text) || text, 1).understood.content.map(stem);
  const groups = (states: readonly QuestionState[]): Promise<QuestionGroup[]> =>
    questionGroups({ store, questions: tables, sealer }, wordsOf, states);

  async function namesOf(person: string): Promise<string[]> {
    const profile = await staffInbox(store).profile(person);
    if (!profile) return [];
    const known = JSON.parse(
      sealer.open(profile.profile_sealed, `identities|profile|${profile.id}`),
    ) as Partial<Record<'firstName' | 'lastName' | 'username', string>>;
    return [known.firstName, known.lastName, known.username].flatMap((name) => name ?? []);
  }

  return {
    data,
    tables,
    groups,
    async find(id, states) {
      const found = (await groups(states)).find((group) => group.id === id);
      if (found) return found;
      throw new UsageError(`No group ${id} waits: copy its name from "guichet questions list".`);
    },
    async phrasingsOf({ questions }) {
      const counted = new Map<string, { text: string; n: number }>();
      for (const { person_id, text } of questions) {
        const names = person_id === null ? [] : await namesOf(person_id);
        const clean = withoutPersonal(text, names);
        const key = fold(clean);
        if (key === '') continue;
        const known = counted.get(key);
        counted.set(key, { text: known?.text ?? clean, n: (known?.n ?? 0) + 1 });
      }
      return [...counted.values()]
        .sort((a, b) => b.n - a.n)
        .slice(0, MOST_PHRASINGS)
        .map(({ text }) => text);
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
    addPhrasings: ({ document, title }, phrasings, by) =>
      records.addPhrasings(
        phrasings.map((text) => ({ id: newId(), document, title, text, by, at: systemClock.now() })),
      ),
    close: () => engine.close(),
  };
}
