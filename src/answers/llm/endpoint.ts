import type { Breaker } from '../../lib/breaker.ts';
import { createBreaker } from '../../lib/breaker.ts';
import type { Clock } from '../../lib/clock.ts';
import type { HttpClient, HttpResponse } from '../../lib/http.ts';

/** `closed`: not called, it failed too often or asked for a pause. `gone`: the caller gave up. */
export type Trouble = 'closed' | 'slow' | 'refused' | 'key' | 'busy' | 'failed' | 'gone';

export interface EndpointOptions {
  /** Base address of an OpenAI-compatible API (`LLM_BASE_URL`): a bare host means its `/v1`. */
  baseUrl: string;
  /** Sent as `Authorization: Bearer` to this host alone. */
  apiKey?: string;
  request: HttpClient['request'];
  clock: Clock;
}

export interface Call {
  path: '/chat/completions' | '/embeddings';
  body: unknown;
  accept: string;
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** Aborts because the endpoint was silent for too long, which counts against it. */
  silence?: AbortSignal;
  onData?: (piece: Buffer, status: number) => boolean;
}

export interface Endpoint {
  /** One `POST`. A status other than 200 and 400 is trouble; `read` says whether an answer is one, else the call failed. */
  post<T>(call: Call, read: (response: HttpResponse) => T | Trouble): Promise<T | Trouble>;
}

/** Failures in a row that close the endpoint, and for how long. */
const FAILURES = 3;
const CLOSED_MS = 30_000;
/** A wrong key stays wrong until somebody mends it. */
const KEY_PAUSE_MS = 60_000;
const BUSY_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;

const TROUBLES: readonly unknown[] = [
  'closed',
  'slow',
  'refused',
  'key',
  'busy',
  'failed',
  'gone',
] satisfies Trouble[];
export const isTrouble = (value: unknown): value is Trouble => TROUBLES.includes(value);

/** Calls to a model server through a circuit: a dead one costs nothing after three failures. Redirects are failures. */
export function createEndpoint({ baseUrl, apiKey, request, clock }: EndpointOptions): Endpoint {
  const base =
    new URL(baseUrl).pathname === '/' ? `${baseUrl.replace(/\/+$/, '')}/v1` : baseUrl.replace(/\/+$/, '');
  const breaker = createBreaker({ clock, failures: FAILURES, openMs: CLOSED_MS });
  let pausedUntil = -Infinity;

  return {
    async post({ path, body, accept, ...limits }, read) {
      if (clock.monotonic() < pausedUntil || !breaker.enter()) return 'closed';
      const { signal, silence, onData, ...bounds } = limits;
      const given = [signal, silence].flatMap((one) => one ?? []);
      let response: HttpResponse;
      try {
        response = await request({
          url: `${base}${path}`,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept,
            ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
          },
          body: JSON.stringify(body),
          ...bounds,
          ...(given.length > 0 && { signal: AbortSignal.any(given) }),
          ...(onData && { onData }),
        });
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'ABORTED' && silence?.aborted !== true) {
          breaker.released();
          return 'gone';
        }
        breaker.failed();
        return code === 'TIMEOUT' || code === 'ABORTED'
          ? 'slow'
          : code === 'ECONNREFUSED'
            ? 'refused'
            : 'failed';
      }
      const result = troubleOf(response) ?? read(response);
      settle(breaker, result);
      if (result === 'key') pause(KEY_PAUSE_MS);
      if (result === 'busy') pause(retryAfter(response, clock));
      return result;
    },
  };

  function pause(ms: number): void {
    pausedUntil = clock.monotonic() + Math.min(LONGEST_PAUSE_MS, Math.max(1_000, ms));
  }
}

function settle(breaker: Breaker, result: unknown): void {
  if (!isTrouble(result)) breaker.succeeded();
  else if (result === 'gone' || result === 'busy') breaker.released();
  else breaker.failed();
}

function troubleOf({ status }: HttpResponse): Trouble | undefined {
  if (status === 200 || status === 400) return undefined;
  if (status === 401 || status === 403) return 'key';
  return status === 429 ? 'busy' : 'failed';
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter({ headers }: HttpResponse, clock: Clock): number {
  const value = String(headers['retry-after'] ?? '');
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? BUSY_PAUSE_MS : at - clock.now();
}
