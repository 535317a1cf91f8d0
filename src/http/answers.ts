import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { previousAfter } from '../message/answer.ts';
import type { Answer, Answerer, Question, Source } from '../message/answer.ts';
import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import { MAX_ASKED, questionField, readAsked } from './asked.ts';
import { failure, json, unauthorised, unavailable } from './failure.ts';
import type { Sessions } from './sessions.ts';

export interface AnswersOptions {
  answerer: Answerer;
  /** BCP 47 language questions are taken to be in. */
  language: string;
  /** What a person reads when the documents hold no answer, plain text. */
  renderMessage(answer: Extract<Answer, { status: 'redirected' | 'abstained' }>): string;
  /** May this request ask? False: 401. */
  allow(request: RawRequest): boolean;
  clock: Clock;
  /** Shared with the upload of documents. */
  sessions: Sessions;
  /** Title of a source that the caller sent without a name, plain text ("Votre document"). */
  ownTitle: string;
  /** Questions worked on at once; more get 503. */
  most?: number;
}

const TIMEOUT_MS = 30_000;

const Asked = z.object({
  question: questionField,
  session: z.string({ error: '"session" must be a text that we issued.' }).max(100).nullish(),
});

/**
 * `POST /ask-question-ultra` with `{question, session?}`.
 * 200 `{answer, sources, confidence, abstained: false, session}`: `answer` is Markdown; a source
 * is `{title, document, page?, section?, effective_date?, excerpt, score}`, its date (YYYY-MM-DD) that from which it holds.
 * 404 `{answer: null, abstained: true, message, suggestions, session}`: the documents do not answer.
 * 400, 401, 503 `{error, details, timestamp}`. Send `session` back to have follow-ups understood.
 */
export function answersRoute(options: AnswersOptions): Route {
  const { answerer, sessions, clock, most = 64 } = options;
  let working = 0;

  async function ask(request: RawRequest): Promise<RawResponse> {
    if (!options.allow(request)) return unauthorised(clock);
    const read = readAsked(request.body, Asked, '{"question": "…"}');
    if ('problem' in read) return failure(400, clock, { details: read.problem });
    const input = read.asked;
    if (working >= most) return unavailable(clock, 'Too many questions at once.', 1);
    working += 1;
    try {
      const { id: session, previous, documents } = sessions.open(input.session ?? undefined);
      const question: Question = {
        text: input.question,
        language: options.language,
        ...(previous && { previous }),
        ...(documents && { session }),
      };
      const answer = await answerer.answer(question, AbortSignal.timeout(TIMEOUT_MS));
      const said = previousAfter(input.question, answer);
      if (said) sessions.remember(session, said);
      return present(answer, session);
    } finally {
      working -= 1;
    }
  }

  function present(answer: Answer, session: string): RawResponse {
    switch (answer.status) {
      case 'answered': {
        const { body, confidence } = answer;
        return json(200, {
          answer: body,
          sources: answer.sources.map((one) => source(one, options.ownTitle)),
          confidence,
          abstained: false,
          session,
        });
      }
      case 'redirected':
      case 'abstained': {
        const message = options.renderMessage(answer);
        return json(404, {
          answer: null,
          abstained: true,
          message,
          suggestions: answer.suggestions,
          session,
        });
      }
      case 'unavailable':
        return unavailable(clock, 'The answers source cannot be reached now.', 5);
    }
  }

  return { method: 'POST', path: '/ask-question-ultra', maxBody: MAX_ASKED, handle: ask };
}

/** The contract's fields, `own: true` on what the caller sent, and `effective_date` where the document says one. */
function source(
  { title, document, page, section, effectiveDate, excerpt, score, own }: Source,
  ownTitle: string,
): Record<string, unknown> {
  return {
    title: own && title === '' ? ownTitle : title,
    document,
    ...(own && { own }),
    ...(page !== undefined && { page }),
    ...(section !== undefined && { section }),
    ...(effectiveDate !== undefined && { effective_date: effectiveDate }),
    excerpt,
    score,
  };
}
