import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import { MAX_ASKED, questionField, readAsked } from './asked.ts';
import { failure, json, unauthorised } from './failure.ts';

/** What a search gives, best first. */
export interface Found {
  /** `source`: the document; `text`: the passage, plain; `score`: 0 to 1, comparable inside one search only. */
  results: readonly {
    id: string;
    source: string;
    title: string;
    text: string;
    score: number;
    /** Only from when it holds is told of it: YYYY-MM-DD. */
    passage?: { effectiveDate?: string };
  }[];
  /** What would be said of the first result, Markdown: said to nobody when `abstain`. Absent: no result, or one's own file. */
  answer?: string;
  /** 0 to 1. */
  confidence: number;
  /** The first result is not said to people: far, unsure, or held by somebody else. */
  abstain: boolean;
  /** The question with its misspelled words replaced, when that is worth asking. */
  meant?: string;
}

export interface SearchOptions {
  search(question: string, k: number): Found;
  /** May this request search? False: 401. */
  allow(request: RawRequest): boolean | Promise<boolean>;
  clock: Clock;
}

const MOST_RESULTS = 50;

const Asked = z.object({
  question: questionField,
  k: z
    .int({ error: '"k" must be a whole number from 1 to 50.' })
    .min(1, { error: '"k" must be a whole number from 1 to 50.' })
    .max(MOST_RESULTS, { error: '"k" must be a whole number from 1 to 50.' })
    .default(10),
});

/**
 * `POST /api/v1/search` with `{question, k = 10}`: what the documents hold, without saying it to anybody.
 * 200 `{results: [{id, source, title, text, score, effective_date?}], answer, confidence, abstain}`: `effective_date`
 * (YYYY-MM-DD) when the document says from when it holds, `answer` what would be said of the first result, null when there is none or the question is about one's own file, and `meant` when a word was taken as misspelled. 400, 401 `{error, details, timestamp}`.
 */
export function searchRoute({ search, allow, clock }: SearchOptions): Route {
  async function handle(request: RawRequest): Promise<RawResponse> {
    if (!(await allow(request))) return unauthorised(clock);
    const read = readAsked(request.body, Asked, '{"question": "…", "k": 10}');
    if ('problem' in read) return failure(400, clock, { details: read.problem });
    const { asked } = read;
    const { results, answer, confidence, abstain, meant } = search(asked.question, asked.k);
    return json(200, {
      results: results.map(({ id, source, title, text, score, passage }) => ({
        ...{ id, source, title, text, score },
        ...(passage?.effectiveDate !== undefined && { effective_date: passage.effectiveDate }),
      })),
      answer: answer ?? null,
      confidence,
      abstain,
      ...(meant !== undefined && { meant }),
    });
  }
  return { method: 'POST', path: '/api/v1/search', maxBody: MAX_ASKED, handle };
}
