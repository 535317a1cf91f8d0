import type { Clock } from '../../lib/clock.ts';
import type { Answerer } from '../../message/answer.ts';
import { createBreaker } from '../../lib/breaker.ts';
import { reasonOf } from '../../lib/http.ts';
import { recent } from '../../lib/recent.ts';
import { multipart } from '../multipart.ts';
import { readReply } from './reply.ts';
import { readUpload } from './upload-reply.ts';

/** The one outgoing call this needs. Rejects with an error whose `code` is `TIMEOUT`, `ECONNREFUSED`, `ABORTED` or another. */
export type Request = (request: {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string | Buffer;
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
  /** Longest wait for a file to be sent and read, milliseconds. */
  uploadTimeoutMs?: number;
}

const HEALTH_TIMEOUT_MS = 5_000;
const MAX_BYTES = 5 * 1024 * 1024;
/** Silence after which they are forgotten, as the sessions themselves. */
const SESSION_MS = 30 * 60_000;
const MOST_SESSIONS = 10_000;
/** Many servers take a part without a file name for a text field. */
const NAMELESS = 'document';

/** Answers asked of an API over HTTP: `POST /ask-question-ultra`, `POST /upload-multimodal`, `GET /health`. Never throws: trouble is `unavailable`. */
export function createRemoteAnswerer({
  baseUrl,
  request,
  clock,
  timeoutMs = 30_000,
  uploadTimeoutMs = 40_000,
}: RemoteOptions): Answerer {
  const base = baseUrl.replace(/\/+$/, '');
  const breaker = createBreaker({ clock });
  /** Session ids that the API has issued, by ours. */
  const sessions = recent<string>({ most: MOST_SESSIONS, ttl: { ms: SESSION_MS, clock } });

  /** One call through the circuit. `read` gives undefined for what the contract does not say. */
  async function call<T>(
    sent: Pick<Parameters<Request>[0], 'url' | 'headers' | 'body' | 'timeoutMs' | 'signal'>,
    read: (status: number, body: Buffer) => T | undefined,
  ): Promise<T | Unavailable> {
    if (!breaker.enter()) return { status: 'unavailable', reason: 'refused' };
    let response: { status: number; body: Buffer };
    try {
      response = await request({ ...sent, method: 'POST', maxBytes: MAX_BYTES });
    } catch (error) {
      if (sent.signal?.aborted === true) breaker.released();
      else breaker.failed();
      return { status: 'unavailable', reason: reasonOf(error) };
    }
    const { status, body } = response;
    const result = read(status, body);
    // A refusal of this one request (400, 413…) says nothing about the next: only a broken service opens the circuit.
    if (result !== undefined || (status >= 400 && status < 500 && status !== 429)) breaker.succeeded();
    else breaker.failed();
    return result ?? { status: 'unavailable', reason: 'failed' };
  }

  return {
    answer(question, signal) {
      const session = question.session === undefined ? undefined : sessions.get(question.session);
      return call(
        {
          url: `${base}/ask-question-ultra`,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ question: question.text, ...(session !== undefined && { session }) }),
          timeoutMs,
          signal,
        },
        (status, body) => (status === 200 || status === 404 ? readReply(status, body, NAMELESS) : undefined),
      );
    },

    async keep(file, signal) {
      const session = sessions.get(file.session);
      const { headers, body } = multipart(session === undefined ? {} : { session }, {
        field: 'file',
        name: file.name ?? NAMELESS,
        bytes: file.bytes,
      });
      const result = await call(
        {
          url: `${base}/upload-multimodal`,
          headers: { ...headers, accept: 'application/json' },
          body,
          timeoutMs: uploadTimeoutMs,
          signal,
        },
        (status, answer) => readUpload(status, answer, file.id),
      );
      if ('status' in result) return result;
      if (result.session !== undefined) sessions.set(file.session, result.session);
      return result.kept;
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

interface Unavailable {
  status: 'unavailable';
  reason: 'refused' | 'timeout' | 'failed';
}
