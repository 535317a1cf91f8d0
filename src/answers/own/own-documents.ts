import { recent } from '../../lib/recent.ts';
import type { Question, SessionDocument, Source } from '../../message/answer.ts';
import { compose } from '../composition/compose.ts';
import { excerpt } from '../composition/excerpt.ts';
import { answersType, evidenceOf } from '../retrieval/evidence.ts';
import { fold } from '../retrieval/fold.ts';
import type { Retriever, Search, SearchResult } from '../retrieval/retriever.ts';
import type { OwnPassage } from './passages.ts';
import { ownPassages } from './passages.ts';
import type { Pointing } from './pointing.ts';

/** What a file of the session says to a question. */
export interface OwnAnswer {
  body: string;
  source: Source;
  confidence: number;
  /** Share of the question that the passage holds, 0 to 1. */
  coverage: number;
  /** The question's words that the passage holds. */
  held: readonly string[];
  /** The question speaks of the file itself, or goes on with an answer from it. */
  pointed: boolean;
}

export interface OwnDocuments {
  /** The best answer of these documents, the newest first; undefined: nothing near. */
  answer(question: Question, documents: readonly SessionDocument[]): Promise<OwnAnswer | undefined>;
  /** Its text has changed. */
  forget(id: string): void;
}

export interface OwnDocumentsOptions {
  language: string;
  pointing: Pointing;
  createRetriever(passages: readonly OwnPassage[]): Promise<Retriever>;
  /** Searches as a follow-up where the question is one. */
  find(retriever: Retriever, text: string, previous: Question['previous']): Search;
}

/** Indexes kept, and text behind them in UTF-16 units: an index takes about ten times its text. */
const MOST_INDEXES = 64;
const MOST_TEXT = 4_000_000;
/** Documents of one session that are searched. */
const MOST_SEARCHED = 10;
/** The beginning of a file, when the question asks for nothing in particular. */
const BEGINNING = 700;
/** A passage that holds less of the question is near by chance. */
const NEAR = 0.25;

interface Indexed {
  document: SessionDocument;
  passages: OwnPassage[];
  retriever: Retriever;
}

/** Characters of one file that are searched: an index is built while everybody waits, 60,000 characters in under half a second. */
const MOST_INDEXED = 60_000;

function cutTo(document: SessionDocument, most: number): SessionDocument {
  let left = most;
  const pages = document.pages.map((page) => {
    const kept = page.slice(0, Math.max(0, left));
    left -= page.length;
    return kept;
  });
  return { ...document, pages };
}

/** Answers from the files of a session with the same search as the desk's documents. */
export function createOwnDocuments(options: OwnDocumentsOptions): OwnDocuments {
  const { pointing, find } = options;
  const indexes = recent<{ index: Promise<Indexed>; text: number }>({
    most: MOST_INDEXES,
    weight: { of: ({ text }) => text, most: MOST_TEXT },
  });

  function indexOf(document: SessionDocument): Promise<Indexed> {
    const known = indexes.get(document.id);
    if (known) return known.index;
    const entry = { index: build(document), text: lengthOf(document) };
    // A failure is not remembered: the next question tries again.
    entry.index.catch(() => {
      if (indexes.get(document.id) === entry) indexes.delete(document.id);
    });
    indexes.set(document.id, entry);
    return entry.index;
  }

  async function build(document: SessionDocument): Promise<Indexed> {
    const passages = ownPassages(cutTo(document, MOST_INDEXED), options.language);
    return { document, passages, retriever: await options.createRetriever(passages) };
  }

  return {
    async answer(question, documents) {
      const found: OwnAnswer[] = [];
      for (const document of documents.slice(0, MOST_SEARCHED)) {
        const indexed = await indexOf(document);
        const plain = find(indexed.retriever, question.text, previousOf(question, indexed));
        const { type, all } = plain.understood;
        // As typed, then as read: "c koi" is "c'est quoi".
        const rest = pointing.rest(question.text) ?? pointing.rest(all.join(' '));
        const answer =
          rest !== undefined
            ? shown(indexed, rest, type, true)
            : continues(question, indexed, plain)
              ? shown(indexed, question.text, type, false)
              : searched(indexed, plain, question);
        if (answer) found.push(answer);
      }
      // The newest of equals: sorting keeps the order.
      return found.sort((a, b) => b.coverage - a.coverage)[0];
    },
    forget(id) {
      indexes.delete(id);
    },
  };

  function searched(indexed: Indexed, search: Search, question: Question): OwnAnswer | undefined {
    const { document, retriever } = indexed;
    const [first] = search.results;
    if (first === undefined || first.coverage < NEAR) return undefined;
    const { content, type } = search.understood;
    if (search.zone !== 'answer' && !isWhole(retriever, question.text, first, type)) return undefined;
    // A number alone asks for nothing.
    if (!content.some((word) => /\p{L}/u.test(word))) return undefined;
    const body = compose(first.passage, { content, type, weight: (form) => retriever.weight(form) });
    const goesOn = question.previous?.topic !== undefined && AND.test(fold(question.text));
    const pointed = goesOn && isOwn(question.previous ?? { question: '' }, indexed);
    return answerOf(document, first, body, Math.max(0.5, search.confidence), pointed);
  }

  /** The question speaks of the file: something of it is shown, however little it matches. Not `pointed`: only what fits. */
  function shown(
    { document, passages, retriever }: Indexed,
    rest: string,
    type: Search['understood']['type'],
    pointed: boolean,
  ): OwnAnswer | undefined {
    const search = retriever.search(rest, 5);
    const holds = (text: string): boolean => answersType(type, evidenceOf(text)) === 1;
    const near = search.results.filter(({ coverage }) => coverage > 0);
    const best =
      near.find(({ passage }) => holds(passage.text)) ??
      (near[0] && near[0].coverage >= NEAR ? near[0] : undefined);
    const fitting = best?.passage ?? passages.find(({ text }) => holds(text));
    const [first] = passages;
    if (first === undefined || (!pointed && fitting === undefined)) return undefined;
    const body = fitting
      ? compose(fitting, {
          content: search.understood.content,
          type,
          weight: (form) => retriever.weight(form),
        })
      : beginning(passages);
    const { coverage = 0, held = [] } = best ?? {};
    const found = { passage: fitting ?? first, coverage, held };
    return answerOf(document, found, body, Math.max(0.5, search.confidence), pointed);
  }

  /** "C'est combien ?" after a file, or after an answer taken from it: it has no topic but the file. */
  function continues({ text, previous }: Question, indexed: Indexed, search: Search): boolean {
    if (search.zone === 'answer' || !indexed.retriever.isGeneric(text)) return false;
    if (/^\P{L}*$/u.test(text) || search.understood.all.length < 2) return false;
    return previous === undefined || isOwn(previous, indexed);
  }
}

/** How a question goes on with the one before it. */
const AND = /^\W*(?:et|and|ak|mais)\b/;

/** A file of three lines has little to be sure with: all that is asked about is there, and the kind of thing that is asked. */
function isWhole(
  retriever: Retriever,
  text: string,
  { held, passage }: SearchResult,
  type: Search['understood']['type'],
): boolean {
  const { topics } = retriever.parts(text);
  const all = topics.length > 0 && topics.every((word) => held.includes(word));
  return all && type !== undefined && answersType(type, evidenceOf(passage.text)) === 1;
}

/** Was the previous question answered from this file? Its topic is a section or the name of it; a photo has neither. */
function isOwn({ topic = '' }: NonNullable<Question['previous']>, { document, passages }: Indexed): boolean {
  return topic === '' || topic === document.name || passages.some(({ section }) => section === topic);
}

const previousOf = ({ previous }: Question, indexed: Indexed): Question['previous'] =>
  previous !== undefined && isOwn(previous, indexed) ? { question: previous.question } : undefined;

const lengthOf = ({ pages }: SessionDocument): number => pages.reduce((sum, page) => sum + page.length, 0);

function beginning(passages: readonly OwnPassage[]): string {
  let text = passages[0]?.text ?? '';
  for (const passage of passages.slice(1)) {
    if (text.length + passage.text.length > BEGINNING) break;
    text += `\n\n${passage.text}`;
  }
  return text;
}

function answerOf(
  document: SessionDocument,
  { passage, coverage, held }: Pick<SearchResult, 'passage' | 'coverage' | 'held'>,
  body: string,
  confidence: number,
  pointed: boolean,
): OwnAnswer {
  const source: Source = {
    title: document.name ?? '',
    document: document.id,
    own: true,
    ...(passage.section !== undefined && { section: passage.section }),
    ...(passage.page !== undefined && { page: passage.page }),
    excerpt: excerpt(body),
    score: 1,
  };
  return { body, source, confidence, coverage, held, pointed };
}
