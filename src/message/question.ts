import type { Answer, Question } from './answer.ts';

/** `suggested`: not answered, but near titles were offered. */
export type QuestionOutcome = Answer['status'] | 'suggested';
export type Vote = 'up' | 'down';

/** A question and what became of it. */
export interface AskedQuestion {
  /** `questionId`. */
  id: string;
  text: string;
  /** BCP 47 language of the conversation. */
  language: string;
  outcome: QuestionOutcome;
  /** 0 to 1. */
  confidence?: number;
  /** Document cited first. */
  document?: string;
}

/**
 * Names a question by the event that brought it, its place among the asks of that turn and, where one ask holds several
 * questions, its place among those: short, and the same when the turn is played again.
 */
export const questionId = (seq: number, ask: number, nth = 0): string =>
  `${seq.toString(36)}.${ask.toString(36)}${nth === 0 ? '' : `x${nth.toString(36)}`}`;

export function askedQuestion(id: string, { text, language }: Question, answer: Answer): AskedQuestion {
  const source = 'sources' in answer ? answer.sources[0] : undefined;
  const offers = answer.status === 'abstained' && answer.suggestions.length > 0;
  return {
    id,
    text,
    language,
    outcome: offers ? 'suggested' : answer.status,
    ...('confidence' in answer ? { confidence: answer.confidence } : {}),
    // What somebody's own file is called is theirs.
    ...(source && !source.own ? { document: source.document } : {}),
  };
}
