import type { Clock } from '../../lib/clock.ts';
import type { Answer, Answerer } from '../../message/answer.ts';
import { createBreaker } from './breaker.ts';
import { readReply } from './reply.ts';

/** The one outgoing call this needs. Rejects with an error whose `code` is `TIMEOUT`, `ECONNREFUSED`, `ABORTED` or another. */
export type Request = (request: {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal;
}) => Promise<{ status: number; body: Buffer }>;

export interface RemoteOptions {
  /** Address of the answers API (`CSS_API_URL`), with or without a path. */
  baseUrl: string;
  request: Request;
  clock: Clock;
  /** Longest wait for one answer, milliseconds (the seeds' 30 s). */
  timeoutMs?: number;
}

const HEALTH_TIMEOUT_MS = 5_000;
const MAX_BYTES = 5 * 1024 * 1024;

/** Answers asked of an API over HTTP: `POST /ask-question-ultra`, `GET /health`. Never throws: trouble is `unavailable`. */
export function createRemoteAnswerer({
  baseUrl,
  request,
  clock,
  timeoutMs = 30_000,
}: RemoteOptions): Answerer {
  const base = baseUrl.replace(/\/+$/, '');
  const breaker = createBreaker({ clock });

  return {
    async answer(question, signal) {
      if (!breaker.enter()) return { status: 'unavailable', reason: 'refused' };
      let response: { status: number; body: Buffer };
      try {
        response = await request({
          url: `${base}/ask-question-ultra`,
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ question: question.text }),
          timeoutMs,
          maxBytes: MAX_BYTES,
          signal,
        });
      } catch (error) {
        const code = codeOf(error);
        if (signal.aborted) breaker.released();
        else breaker.failed();
        return { status: 'unavailable', reason: reasonOf(code) };
      }
      const answer =
        response.status === 200 || response.status === 404
          ? readReply(response.status, response.body)
          : undefined;
      if (answer) {
        breaker.succeeded();
        return answer;
      }
      // A refusal of this one question (400, 413…) says nothing about the next: only a broken service opens the circuit.
      if (response.status >= 400 && response.status < 500 && response.status !== 429) breaker.succeeded();
      else breaker.failed();
      return failed;
    },

    async health() {
      try {
        const { status } = await request({
          url: `${base}/health`,
          method: 'GET',
          headers: { accept: 'application/json' },
          timeoutMs: HEALTH_TIMEOUT_MS,
          maxBytes: MAX_BYTES,
        });
        return { ok: status === 200, checkedAt: clock.now() };
      } catch {
        return { ok: false, checkedAt: clock.now() };
      }
    },
  };
}

const failed: Answer = { status: 'unavailable', reason: 'failed' };

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function reasonOf(code: string): 'refused' | 'timeout' | 'failed' {
  return code === 'ECONNREFUSED' ? 'refused' : code === 'TIMEOUT' ? 'timeout' : 'failed';
}
