import type { Answer, Question, Source, Suggestion } from '../message/answer.ts';
import { composeRest } from './composition/compose.ts';
import { excerpt } from './composition/excerpt.ts';
import type { Passage } from './ingest/passage.ts';
import type { Retriever, Search } from './retrieval/retriever.ts';

/** A follow-up has at most this many content words of its own. */
const FOLLOW_UP_WORDS = 3;
/** Titles offered where there is no more to say. */
const SUGGESTIONS = 3;

interface Asked {
  text: string;
  previous?: Question['previous'] | undefined;
  corrects?: true | undefined;
}

/** Searches a question as what it is: whole, the follow-up of another, or another topic for the same question. */
export function findInContext(index: Retriever, { text, previous, corrects }: Asked, k: number): Search {
  const plain = index.search(text, k);
  if (previous === undefined) return plain;
  if (corrects) {
    const asked = previous.question.split(/\s+/).filter((word) => index.isGeneric(word));
    const whole = index.search(`${asked.join(' ')} ${text}`, k);
    return whole.confidence >= plain.confidence ? whole : plain;
  }
  if (!continues(index, text, plain)) return plain;
  const context = `${previous.topic ?? ''} ${previous.question}`;
  const inContext = index.search(text, k, { context });
  return inContext.zone === 'abstain' && plain.zone !== 'abstain' ? plain : inContext;
}

/** "Quels documents faut-il ?", "Et pour deux enfants ?": no topic of its own. */
function continues(index: Retriever, text: string, { understood }: Search): boolean {
  if (index.isGeneric(text)) return true;
  return understood.all[0] === 'et' && understood.content.length <= FOLLOW_UP_WORDS;
}

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
  const at = passages.findIndex(({ id }) => id === said.at(-1));
  const last = passages[at];
  if (last === undefined || previous === undefined) return silent([]);
  if (said.filter((id) => id === last.id).length === 1) {
    const { content, type } = index.search(previous.question, 1).understood;
    const rest = composeRest(last, { content, type, weight: (form) => index.weight(form) });
    if (rest !== '') return told(last, withNote(rest, last));
  }
  const next = passages[at + 1];
  const goesOn =
    next?.document === last.document &&
    next.kind === 'document' &&
    last.kind === 'document' &&
    !said.includes(next.id);
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
      !said.includes(passage.id),
  );
  return near
    .flatMap((passage) => (passage ? [{ title: passage.title, document: passage.document }] : []))
    .slice(0, SUGGESTIONS);
}

export function sourceOf(passage: Passage, body: string, score: number): Source {
  return {
    title: passage.documentTitle,
    document: passage.document,
    ...(passage.section !== undefined && { section: passage.section }),
    ...(passage.page !== undefined && { page: passage.page }),
    passage: passage.id,
    ...(passage.effectiveDate !== undefined && { effectiveDate: passage.effectiveDate }),
    excerpt: excerpt(body),
    score,
  };
}
