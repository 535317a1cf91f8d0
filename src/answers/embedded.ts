import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import type { Answerer, Question, Source, Suggestion } from '../message/answer.ts';
import { compose } from './composition/compose.ts';
import { excerpt } from './composition/excerpt.ts';
import type { FileReader } from './files/reader.ts';
import { createFileReader } from './files/reader.ts';
import { describeProblem, DocumentsError, readDocuments } from './ingest/documents.ts';
import type { PassageStatus } from './ingest/passage.ts';
import { keepFile } from './keep.ts';
import type { SessionDocuments } from './own/memory.ts';
import { memoryDocuments } from './own/memory.ts';
import type { OwnAnswer } from './own/own-documents.ts';
import { createOwnDocuments } from './own/own-documents.ts';
import { pointing } from './own/pointing.ts';
import { SUGGEST_FROM } from './retrieval/confidence.ts';
import type { WordList } from './retrieval/french-words.ts';
import { loadFrenchWords } from './retrieval/french-words.ts';
import { synonymGroups } from './retrieval/language.ts';
import type { Retriever, Search, SearchResult } from './retrieval/retriever.ts';
import { createRetriever } from './retrieval/retriever.ts';

export interface EmbeddedOptions {
  /** Folder of the desk: holds `documents/` and, optionally, `synonyms.yaml`. */
  folder: string;
  /** Language of documents that do not say theirs, BCP 47. */
  language: string;
  clock: Clock;
  /** Markdown added under an answer whose entry has this status ("à confirmer auprès de votre agence"): a desk's words. */
  notes?: Partial<Record<PassageStatus, string>>;
  /** Correct misspelled words (default true). */
  spelling?: boolean;
  /** Documents of sessions; in memory when absent. */
  documents?: SessionDocuments;
  /** Reads what people send; its own children when absent. */
  files?: FileReader;
}

/** What a search shows: the results, and what would be said. */
export interface EmbeddedSearch extends Search {
  /** Markdown that `answer` would say; absent: nothing near. */
  answer?: string;
  /** The first result is not said: it is unsure, far, or an entry of kind `redirect`. */
  abstain: boolean;
}

export interface EmbeddedAnswerer extends Answerer {
  search(question: string, k: number, previous?: Question['previous']): EmbeddedSearch;
  /** Reads the documents again. A folder with problems throws and the old index keeps answering. */
  reload(): Promise<void>;
  /** Ends the reading of files. */
  close(): Promise<void>;
  /** Passages in the index. */
  readonly size: number;
}

/** Titles offered when a question is not answered. */
const SUGGESTIONS = 3;
/** A title is near when the passage holds at least this share of the question's idf mass. */
const NEAR = 0.25;
/** A follow-up has at most this many content words of its own. */
const FOLLOW_UP_WORDS = 3;
/** A passage of the person's own file that holds this share of the question answers it, whatever the desk knows. */
const OWN_SURELY = 0.9;

export async function createEmbeddedAnswerer(options: EmbeddedOptions): Promise<EmbeddedAnswerer> {
  const french = options.spelling === false ? undefined : await loadFrenchWords();
  let retriever = await load(options, french);

  const { documents = memoryDocuments(options.clock), files = createFileReader() } = options;
  const own = createOwnDocuments({
    language: options.language,
    pointing: await pointing(),
    createRetriever: (passages) => createRetriever(passages, french && { french }),
    find: (index, text, previous) => find(index, text, previous, 3),
  });

  function find(index: Retriever, text: string, previous: Question['previous'], k: number): Search {
    const plain = index.search(text, k);
    if (previous === undefined || !continues(index, text, plain)) return plain;
    const context = `${previous.topic ?? ''} ${previous.question}`;
    const inContext = index.search(text, k, { context });
    return inContext.zone === 'abstain' && plain.zone !== 'abstain' ? plain : inContext;
  }

  /** "Quels documents faut-il ?", "Et pour deux enfants ?": no topic of its own. */
  function continues(index: Retriever, text: string, { understood }: Search): boolean {
    if (index.isGeneric(text)) return true;
    return understood.all[0] === 'et' && understood.content.length <= FOLLOW_UP_WORDS;
  }

  /** The session's files before the desk's documents, unless these hold more of the question. */
  async function fromOwn(question: Question, desk: Search): Promise<OwnAnswer | undefined> {
    if (question.session === undefined) return undefined;
    const answer = await own.answer(question, await documents.of(question.session));
    if (answer === undefined || answer.pointed || answer.coverage >= OWN_SURELY || desk.zone !== 'answer')
      return answer;
    return answer.coverage >= (desk.results[0]?.coverage ?? 0) ? answer : undefined;
  }

  function say(first: SearchResult, found: Search): string {
    const { content, type } = found.understood;
    const body = compose(first.passage, { content, type, weight: (form) => retriever.weight(form) });
    const note = options.notes?.[first.passage.status];
    return note === undefined ? body : `${body}\n\n${note}`;
  }

  return {
    get size() {
      return retriever.collection.passages.length;
    },
    async answer(question) {
      const found = find(retriever, question.text, question.previous, 10);
      let mine: OwnAnswer | undefined;
      try {
        mine = await fromOwn(question, found);
      } catch {
        // The store is down: the desk's own documents still answer.
      }
      if (mine) {
        return { status: 'answered', body: mine.body, sources: [mine.source], confidence: mine.confidence };
      }
      const { confidence } = found;
      const [first] = found.results;
      const redirect = first?.passage.kind === 'redirect';
      // Saying who holds what we do not is safe earlier than saying a figure.
      const said =
        first !== undefined && (found.zone === 'answer' || (redirect && confidence >= SUGGEST_FROM));
      if (!said) return { status: 'abstained', suggestions: suggestions(found.results), confidence };
      const body = say(first, found);
      const sources = [sourceOf(first, body)];
      return redirect
        ? {
            status: 'redirected',
            body,
            sources,
            suggestions: suggestions(found.results.slice(1)),
            confidence,
          }
        : { status: 'answered', body, sources, confidence };
    },
    keep: (file, signal) =>
      keepFile(
        file,
        () => files.read(file.bytes, signal),
        async (document) => {
          await documents.save(file.session, document);
          own.forget(document.id);
        },
      ),
    close: () => files.close(),
    search(question, k, previous) {
      const found = find(retriever, question, previous, Math.max(1, k));
      const [first] = found.results;
      return {
        ...found,
        results: found.results.slice(0, k),
        ...(first && { answer: say(first, found) }),
        abstain: found.zone !== 'answer' || first?.passage.kind === 'redirect',
      };
    },
    async reload() {
      retriever = await load(options, french);
    },
    health: () =>
      Promise.resolve({ ok: retriever.collection.passages.length > 0, checkedAt: options.clock.now() }),
  };
}

async function load(options: EmbeddedOptions, french: WordList | undefined): Promise<Retriever> {
  const { passages, problems } = await readDocuments(join(options.folder, 'documents'));
  if (problems.length > 0) {
    throw new DocumentsError(
      `The documents of ${options.folder} need a correction:\n${problems.map((problem) => `  ${describeProblem(problem)}`).join('\n')}`,
    );
  }
  const synonyms = await deskSynonyms(options.folder);
  return createRetriever(
    passages.map((passage) => ({ language: options.language, ...passage })),
    { synonyms, ...(french && { french }) },
  );
}

async function deskSynonyms(folder: string): Promise<string[][]> {
  const file = join(folder, 'synonyms.yaml');
  let yaml: string;
  try {
    yaml = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  try {
    return synonymGroups(yaml);
  } catch (error) {
    throw new DocumentsError(
      `${file} must be a list of groups of words, one group per line: "- [voiture, auto, véhicule]".`,
      { cause: error },
    );
  }
}

function sourceOf(result: SearchResult, body: string): Source {
  const { passage } = result;
  return {
    title: passage.documentTitle,
    document: passage.document,
    ...(passage.section !== undefined && { section: passage.section }),
    ...(passage.effectiveDate !== undefined && { effectiveDate: passage.effectiveDate }),
    excerpt: excerpt(body),
    score: result.score,
  };
}

/** The nearest topics that can be asked as they are, each once. */
function suggestions(results: readonly SearchResult[]): Suggestion[] {
  const near = results.filter(({ passage, coverage }) => passage.kind !== 'redirect' && coverage >= NEAR);
  return [...new Map(near.map(({ title, source }) => [title, { title, document: source }])).values()].slice(
    0,
    SUGGESTIONS,
  );
}
