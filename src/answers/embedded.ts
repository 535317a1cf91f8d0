import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import type { NewId } from '../lib/ids.ts';
import type { Answer, Answerer, Question, Suggestion } from '../message/answer.ts';
import { compose } from './composition/compose.ts';
import type { Notes } from './composition/notes.ts';
import { withNotes } from './composition/notes.ts';
import type { FileReader } from './files/reader.ts';
import { createFileReader } from './files/reader.ts';
import { findInContext, sourceOf, tellMore } from './follow-up.ts';
import { DocumentsError } from './ingest/documents.ts';
import type { Passage, Problem } from './ingest/passage.ts';
import { keepFile } from './keep.ts';
import type { Corpus } from './library/corpus.ts';
import { openCorpus } from './library/corpus.ts';
import { createExtractor } from './library/extractor.ts';
import type { Library } from './library/library.ts';
import { createLibrary } from './library/library.ts';
import type { LibraryRecords } from './library/records.ts';
import { NO_RECORDS } from './library/records.ts';
import type { SessionDocuments } from './own/memory.ts';
import { memoryDocuments } from './own/memory.ts';
import type { OwnAnswer } from './own/own-documents.ts';
import { createOwnDocuments } from './own/own-documents.ts';
import { pointing } from './own/pointing.ts';
import { REDIRECT_FROM } from './retrieval/confidence.ts';
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
  notes?: Notes;
  /** Correct misspelled words (default true). */
  spelling?: boolean;
  /** Documents of sessions; in memory when absent. */
  documents?: SessionDocuments;
  /** Orders passages by meaning too; absent: by their words. */
  semantics?: Semantics;
  /** Reads what people send; its own children when absent. */
  files?: FileReader;
  /** Documents given while the desk runs, and what was read in files; absent: the desk's folder alone, read each time. */
  library?: { records: LibraryRecords; newId: NewId };
  /** Answer at once; files that were never read come in as they are read. Default: they are waited for. */
  background?: boolean;
  /** A file is not answered from, and why. */
  warn?(problem: Problem): void;
  /** Files that had to be read. */
  progress?(read: { done: number; total: number; file: string }): void;
}

/** What a search shows: the results, and what would be said. */
export interface EmbeddedSearch extends Search {
  /** Markdown that `answer` would say; absent: nothing near. */
  answer?: string;
  /** The first result is not said: it is unsure, far, or an entry of kind `redirect`. */
  abstain: boolean;
}

/** One search, and what was made of it. */
export interface Considered {
  answer: Answer;
  search: Search;
}

/** What knows passages by their meaning, and may put those a search found in a better order. */
export interface Semantics {
  /** These are the passages from now on. Returns at once. */
  indexed(passages: readonly Passage[]): void;
  /** The same results, in the order they had when nothing better is known in time. Never throws. */
  reorder(question: string, results: SearchResult[], signal?: AbortSignal): Promise<SearchResult[]>;
}

export interface EmbeddedAnswerer extends Answerer {
  /** What `answer` gives, with the search it came from. */
  consider(question: Question, signal?: AbortSignal): Promise<Considered>;
  search(question: string, k: number, previous?: Question['previous']): EmbeddedSearch;
  /** Reads the documents again. A folder with problems throws and the old index keeps answering. */
  reload(): Promise<void>;
  /** What is answered from. */
  readonly corpus: Corpus;
  /** Documents given while the desk runs; absent: nothing keeps them. */
  readonly library?: Library;
  /** Ends the reading of files. */
  close(): Promise<void>;
  /** Passages in the index. */
  readonly size: number;
}

/** Results that may be put in another order. */
const CANDIDATES = 100;
/** Titles offered when a question is not answered. */
const SUGGESTIONS = 3;
/** A title is near when the passage holds at least this share of the question's idf mass. */
const NEAR = 0.25;
/** A passage of the person's own file that holds this share of the question answers it, whatever the desk knows. */
const OWN_SURELY = 0.9;

export async function createEmbeddedAnswerer(options: EmbeddedOptions): Promise<EmbeddedAnswerer> {
  const french = options.spelling === false ? undefined : await loadFrenchWords();
  let retriever!: Retriever;
  const { corpus, library, reader } = await openDocuments(options, french, (next) => {
    retriever = next;
    options.semantics?.indexed(next.collection.passages);
  });
  const { documents = memoryDocuments(options.clock), files = createFileReader() } = options;
  const own = createOwnDocuments({
    language: options.language,
    pointing: await pointing(),
    createRetriever: (passages) => createRetriever(passages, french && { french }),
    find: (index, text, previous) => findInContext(index, { text, previous }, 3),
  });

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
    return withNote(body, first.passage);
  }

  const withNote = (body: string, passage: Passage): string => withNotes(body, [passage], options.notes);

  async function consider(question: Question, signal?: AbortSignal): Promise<Considered> {
    const { semantics } = options;
    const most = semantics ? CANDIDATES : 10;
    if (question.more && question.more.said.length > 0) {
      const nothing = retriever.search('', 1);
      return { answer: tellMore(retriever, question, withNote), search: nothing };
    }
    const found = findInContext(retriever, question, most);
    // Nothing near: whatever the order, it is not said.
    const results =
      semantics && found.zone !== 'abstain'
        ? await semantics.reorder(question.text, found.results, signal)
        : found.results;
    const search = { ...found, results: results.slice(0, 10) };
    return { answer: await answerFrom(question, search), search };
  }

  async function answerFrom(question: Question, found: Search): Promise<Answer> {
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
      first !== undefined && (found.zone === 'answer' || (redirect && confidence >= REDIRECT_FROM));
    if (!said) {
      const { meant } = found;
      return {
        status: 'abstained',
        suggestions: suggestions(found.results),
        confidence,
        ...(meant !== undefined && { meant }),
        ...(found.zone === 'suggest' && { unsure: true }),
      };
    }
    const body = say(first, found);
    const sources = [sourceOf(first.passage, body, first.score)];
    return redirect
      ? {
          status: 'redirected',
          body,
          sources,
          suggestions: suggestions(found.results.slice(1)),
          confidence,
        }
      : {
          status: 'answered',
          body,
          sources,
          confidence,
          suggestions: suggestions(found.results.slice(1)),
        };
  }

  return {
    get size() {
      return retriever.collection.passages.length;
    },
    consider,
    answer: async (question, signal) => (await consider(question, signal)).answer,
    keep: (file, signal) =>
      keepFile(
        file,
        () => files.read(file.bytes, signal),
        async (document) => {
          await documents.save(file.session, document);
          own.forget(document.id);
        },
      ),
    corpus,
    ...(library && { library }),
    async close() {
      await Promise.all([library?.close(), corpus.close(), files.close(), reader.close()]);
    },
    search(question, k, previous) {
      const found = findInContext(retriever, { text: question, previous }, Math.max(1, k));
      const [first] = found.results;
      return {
        ...found,
        results: found.results.slice(0, k),
        ...(first && { answer: say(first, found) }),
        abstain: found.zone !== 'answer' || first?.passage.kind === 'redirect',
      };
    },
    reload: () => corpus.reload(),
    health: () =>
      Promise.resolve({ ok: retriever.collection.passages.length > 0, checkedAt: options.clock.now() }),
  };
}

/** The desk's folder and the library over it, with what reads their files: not the children that wait on citizens. */
async function openDocuments(
  options: EmbeddedOptions,
  french: WordList | undefined,
  swapped: (retriever: Retriever) => void,
): Promise<{ corpus: Corpus; library: Library | undefined; reader: FileReader }> {
  const { folder, language, clock, library: kept, background, warn, progress } = options;
  const reader = createFileReader({ most: 1 });
  const extractor = createExtractor({ reader, records: kept?.records ?? NO_RECORDS, clock });
  try {
    const corpus = await openCorpus({
      ...{ folder: join(folder, 'documents'), language, clock, extractor, swapped },
      ...(kept && { records: kept.records }),
      ...(background !== undefined && { background }),
      ...(warn && { warn }),
      ...(progress && { progress }),
      retrieval: async () => ({ synonyms: await deskSynonyms(folder), ...(french && { french }) }),
    });
    const library =
      kept &&
      createLibrary({ ...kept, extractor, clock, changed: () => corpus.refresh(), ...(warn && { warn }) });
    return { corpus, library, reader };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

export async function deskSynonyms(folder: string): Promise<string[][]> {
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

/** The nearest topics that can be asked as they are, each once. */
function suggestions(results: readonly SearchResult[]): Suggestion[] {
  const near = results.filter(({ passage, coverage }) => passage.kind !== 'redirect' && coverage >= NEAR);
  return [...new Map(near.map(({ title, source }) => [title, { title, document: source }])).values()].slice(
    0,
    SUGGESTIONS,
  );
}
