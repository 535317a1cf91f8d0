import { createHash } from 'node:crypto';
import type { Answer, Question, Source, Suggestion } from '../message/answer.ts';
import { composeRest } from './composition/compose.ts';
import { excerpt } from './composition/excerpt.ts';
import type { Passage } from './ingest/passage.ts';
import type { Retriever } from './retrieval/retriever.ts';

/** Titles offered where there is no more to say. */
const SUGGESTIONS = 3;

/**
 * What the documents say beyond what was said (`Question.more`): the rest of the passage, then what follows it in its
 * document. An entry is whole by itself: the ones beside it are other questions, and are only offered.
 */
export function tellMore(
  index: Retriever,
  { previous, more }: Question,
  withNote: (body: string, passage: Passage) => string,
): Answer {
  const said = more?.said ?? [];
  const { passages } = index.collection;
  const name = said.at(-1) ?? '';
  const at = passages.findIndex(({ id }) => name.startsWith(`${id} `));
  const last = passages[at];
  // Read anew since, the document may hold something else at this place.
  if (last === undefined || nameOf(last) !== name || previous === undefined) return silent([]);
  if (said.filter((one) => one === name).length === 1) {
    const { content, type } = index.search(previous.question, 1).understood;
    const rest = composeRest(last, { content, type, weight: (form) => index.weight(form) });
    if (rest !== '') return told(last, withNote(rest, last));
  }
  const next = passages[at + 1];
  const goesOn =
    next?.document === last.document &&
    next.kind === 'document' &&
    last.kind === 'document' &&
    !said.includes(nameOf(next));
  return goesOn ? told(next, withNote(next.text, next)) : silent(beside(passages, at, said));
}

const told = (passage: Passage, body: string): Answer => ({
  status: 'answered',
  body,
  sources: [sourceOf(passage, body, 1)],
  confidence: 1,
});

const silent = (suggestions: Suggestion[]): Answer => ({ status: 'abstained', suggestions, confidence: 0 });

/** The nearest passages of the same document. */
function beside(passages: readonly Passage[], at: number, said: readonly string[]): Suggestion[] {
  const order = [1, -1, 2, -2, 3, -3].map((step) => passages[at + step]);
  const near = order.filter(
    (passage) =>
      passage !== undefined &&
      passage.document === passages[at]?.document &&
      passage.kind !== 'redirect' &&
      !said.includes(nameOf(passage)),
  );
  return near
    .flatMap((passage) => (passage ? [{ title: passage.title, document: passage.document }] : []))
    .slice(0, SUGGESTIONS);
}

/** Its id and a digest of what it says: the ids of a document are given anew each time it is read. */
export const nameOf = ({ id, title, text }: Passage): string =>
  `${id} ${createHash('sha256').update(`${title}\n${text}`).digest('hex').slice(0, 12)}`;

export function sourceOf(passage: Passage, body: string, score: number): Source {
  return {
    title: passage.documentTitle,
    document: passage.document,
    ...(passage.section !== undefined && { section: passage.section }),
    ...(passage.page !== undefined && { page: passage.page }),
    passage: nameOf(passage),
    ...(passage.effectiveDate !== undefined && { effectiveDate: passage.effectiveDate }),
    excerpt: excerpt(body),
    score,
  };
}
