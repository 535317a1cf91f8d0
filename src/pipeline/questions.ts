import type { Metrics } from '../lib/metrics.ts';
import type { Answerer } from '../message/answer.ts';
import { askedQuestion, type AskedQuestion, type Vote } from '../message/question.ts';
import type { Effect } from '../message/session.ts';
import { placeOf } from '../storage/places.ts';
import type { Statement, StatementResult } from '../storage/store.ts';
import type { Runtime } from './runtime.ts';

export const questionPlace = (id: string): string => placeOf('questions', 'text_sealed')({ id });

interface Where {
  personId: string | null;
  /** Null: no conversation of ours, nobody to tell later. */
  conversationId: string | null;
  sessionId: string | null;
  channel: string;
  now: number;
}

export function questionStatement(
  { questions, sealer }: Pick<Runtime, 'questions' | 'sealer'>,
  { id, text, language, outcome, confidence, document }: AskedQuestion,
  { personId, conversationId, sessionId, channel, now }: Where,
): Statement {
  return questions.insert({
    id,
    person_id: personId,
    conversation_id: conversationId,
    session_id: sessionId,
    channel,
    language,
    text_sealed: sealer.seal(text, questionPlace(id)),
    outcome,
    confidence: confidence === undefined ? null : Math.round(confidence * 1000),
    document: document ?? null,
    at: now,
  });
}

/** A vote of a turn, and which of its statements writes it. */
export interface VoteCast {
  vote: Vote;
  statement: number;
}

export const voteStatement = (
  { questions }: Pick<Runtime, 'questions'>,
  { question, vote }: Extract<Effect, { type: 'vote' }>,
  personId: string,
  now: number,
): Statement => questions.vote({ id: question, person_id: personId, vote: vote === 'up' ? 1 : -1, at: now });

/** Counts what a committed turn answered, and the votes that were news. */
export function countQuestions(
  metrics: Pick<Metrics, 'counted'>,
  effects: readonly Effect[],
  votes: readonly VoteCast[],
  done: readonly StatementResult[],
): void {
  for (const effect of effects) if (effect.type === 'question') countAnswer(metrics, effect);
  for (const { vote, statement } of votes)
    if ((done[statement]?.rows.length ?? 0) > 0)
      metrics.counted('guichet_votes_total', 'Votes on answers; one that is changed counts again.', { vote });
}

const countAnswer = (metrics: Pick<Metrics, 'counted'>, { outcome }: AskedQuestion): void => {
  metrics.counted('guichet_answers_total', 'Questions people asked, by what became of them.', { outcome });
};

/** The same answerer for programs that ask: their questions are kept too, as far as the store can, and nobody waits for it. */
export function keepingQuestions(
  answerer: Answerer,
  runtime: Pick<Runtime, 'store' | 'questions' | 'sealer' | 'clock' | 'newId' | 'metrics' | 'log'>,
): Answerer {
  const { store, clock, newId, metrics, log } = runtime;
  return {
    ...answerer,
    async answer(question, signal) {
      const answer = await answerer.answer(question, signal);
      const asked = askedQuestion(newId(), question, answer);
      const nobody = { personId: null, conversationId: null, sessionId: null, channel: 'api' };
      countAnswer(metrics, asked);
      store.commit([questionStatement(runtime, asked, { ...nobody, now: clock.now() })]).catch(() => {
        log.warn('question_not_kept');
      });
      return answer;
    },
  };
}
