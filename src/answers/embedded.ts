import type { Answer, Answerer, Question, SessionDocuments, Suggestion } from '../message/answer.ts';
import { compose } from './composition/compose.ts';
import type { Notes } from './composition/notes.ts';
import { withNotes } from './composition/notes.ts';
import type { FileReader } from './files/reader.ts';
import { createFileReader } from './files/reader.ts';
import { sourceOf, tellMore } from './follow-up.ts';
import { findInContext, institutionAfter } from './in-context.ts';
import type { Passage } from './ingest/passage.ts';
import { keepFile } from './keep.ts';
import type { Corpus } from './library/corpus.ts';
import type { Library } from './library/library.ts';
import type { DocumentsOptions } from './library/open.ts';
import { openDocuments } from './library/open.ts';
import { memoryDocuments } from './own/memory.ts';
import type { OwnAnswer } from './own/own-documents.ts';
import { createOwnDocuments } from './own/own-documents.ts';
import { pointing } from './own/pointing.ts';
import type { Personal } from './personal.ts';
import { personalQuestions } from './personal.ts';
import { REDIRECT_FROM } from './retrieval/confidence.ts';
import { loadFrenchWords } from './retrieval/french-words.ts';
import type { Retriever, Search, SearchResult } from './retrieval/retriever.ts';
import { createRetriever } from './retrieval/retriever.ts';

export interface EmbeddedOptions extends DocumentsOptions {
  notes?: Notes;
  /** Correct misspelled words (default true). */
  spelling?: boolean;
  /** Documents of sessions; in memory when absent. */
  documents?: SessionDocuments;
  /** Orders passages by meaning too; absent: by their words. */
  semantics?: Semantics;
  /** Reads what people send; its own children when absent. */
  files?: FileReader;
}

/** What a search shows: the results, and what would be said. */
export interface EmbeddedSearch extends Search {
  /** What would be said of the first result, Markdown: said to nobody when `abstain`. Absent: no result, or one's own file. */
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
  const personal = await personalQuestions();
  const own = createOwnDocuments({
    language: options.language,
    pointing: await pointing(),
    createRetriever: (passages) => createRetriever(passages, french && { french }),
    find: (index, text, previous) => findInContext(index, { text, previous }, 3),
  });

  /** The session's files before the desk's documents, unless these hold more of what is asked about. */
  async function fromOwn(question: Question, desk: Search): Promise<OwnAnswer | undefined> {
    if (question.session === undefined) return undefined;
    const answer = await own.answer(question, await documents.of(question.session));
    if (answer === undefined || answer.pointed || answer.coverage >= OWN_SURELY || desk.zone !== 'answer')
      return answer;
    const { topics } = retriever.parts(question.text);
    const more = topics.some((word) => desk.results[0]?.held.includes(word) && !answer.held.includes(word));
    const asWell = topics.length > 0 && !more;
    return asWell || answer.coverage >= (desk.results[0]?.coverage ?? 0) ? answer : undefined;
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
    const inContext = findInContext(retriever, question, most);
    const found = aboutOneself(question.text, inContext, personal);
    // Nothing near: whatever the order, it is not said.
    const results =
      semantics && found.zone !== 'abstain'
        ? await semantics.reorder(question.text, found.results, signal)
        : found.results;
    const search = { ...found, results: results.slice(0, 10) };
    const answer = await answerFrom(question, search);
    const isOwn = 'sources' in answer && answer.sources.some((source) => source.own === true);
    const institution = institutionAfter(
      retriever,
      question.previous,
      { ...inContext, results: search.results },
      'body' in answer,
    );
    const isAbout = institution !== undefined && !isOwn && answer.status !== 'unavailable';
    return { answer: isAbout ? { ...answer, institution } : answer, search };
  }

  async function answerFrom(question: Question, found: Judged): Promise<Answer> {
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
    const status = statusOf(found);
    if (found.personal) return { status: 'abstained', suggestions: [], confidence, personal: true };
    if (first === undefined || status === 'abstained') {
      const meant = meantIn(question.text, found);
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
    return { status, body, sources, suggestions: suggestions(found.results.slice(1)), confidence };
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
      const most = Math.max(1, k);
      const found = aboutOneself(
        question,
        findInContext(retriever, { text: question, previous }, most),
        personal,
      );
      const [first] = found.results;
      const meant = meantIn(question, found);
      return {
        ...found,
        ...(meant !== undefined && { meant }),
        results: found.results.slice(0, k),
        ...(first && found.personal !== true && { answer: say(first, found) }),
        abstain: statusOf(found) !== 'answered',
      };
    },
    health: () =>
      Promise.resolve({ ok: retriever.collection.passages.length > 0, checkedAt: options.clock.now() }),
  };
}

/** `personal`: the question is about the person's own file, and no entry of the desk is about that. */
type Judged = Search & { personal?: true };

/**
 * Of one person's own file no document knows: the desk's own entry for such questions is said, or nothing. An entry is one
 * whose title or other phrasing asks after a person's own file itself.
 */
function aboutOneself(question: string, found: Search, personal: Personal): Judged {
  const { results, zone, confidence, understood } = found;
  if (!personal.asks(question, understood.corrections) || statusOf(found) === 'redirected') return found;
  const known = results.filter(({ matched, coverage }) => coverage >= NEAR && personal.asks(matched));
  const redirect = known.find(({ passage }) => passage.kind === 'redirect');
  if (redirect && confidence >= REDIRECT_FROM)
    return { ...found, results: [redirect, ...results.filter((one) => one !== redirect)] };
  if (zone === 'answer' && known[0] !== undefined && known[0] === results[0]) return found;
  return { ...found, zone: 'abstain', confidence: 0, personal: true };
}

/** What becomes of a question with these results. Saying who holds what we do not is safe earlier than saying a figure. */
function statusOf({ zone, confidence, results: [first] }: Search): 'answered' | 'redirected' | 'abstained' {
  if (first?.passage.kind === 'redirect' && (zone === 'answer' || confidence >= REDIRECT_FROM))
    return 'redirected';
  return first !== undefined && zone === 'answer' ? 'answered' : 'abstained';
}

/** What may be asked back when words were taken for others, or for none: the question so read, or the nearest entry. */
function meantIn(question: string, { meant, zone, understood, results }: Search): string | undefined {
  // An acronym that nobody knows is no misspelling.
  const unknown = understood.unknown.filter((word) => !question.includes(word.toUpperCase()));
  const misread = understood.corrections.length > 0 || unknown.length > 0;
  return meant ?? (zone === 'suggest' && misread ? suggestions(results)[0]?.title : undefined);
}

/** The nearest topics that can be asked as they are, each once. */
function suggestions(results: readonly SearchResult[]): Suggestion[] {
  const near = results.filter(({ passage, coverage }) => passage.kind !== 'redirect' && coverage >= NEAR);
  return [...new Map(near.map(({ title, source }) => [title, { title, document: source }])).values()].slice(
    0,
    SUGGESTIONS,
  );
}
