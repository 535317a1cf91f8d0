import { Pool, type FormData } from 'undici';
import type { Document } from '../../message/outbound.ts';
import { noAnswer } from '../transport.ts';
import { SendError } from '../errors.ts';
import { formOf } from './documents.ts';
import { createRefusals, notTheApi } from './failures.ts';
import { fieldsOf, get } from '../fields.ts';
import { json } from '../../lib/json.ts';

export interface ApiOptions {
  /** `123456:secret`, as BotFather gives it. */
  token: string;
  /** Base address of the Bot API, with or without a path: `https://api.telegram.org`. */
  apiRoot: string;
  /** Most connections kept open. */
  connections?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Milliseconds for the whole call. */
  timeout?: number;
  /** Sent with it, as its `document`. */
  file?: Document;
}

export interface ApiAnswer {
  result: unknown;
  /** The answer as it came, so that updates keep their own words. */
  text: string;
}

/** The Bot API over kept-alive connections. Every failure is a `SendError`; the token is in none of them. */
export interface Api {
  call(method: string, params: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<ApiAnswer>;
  /** The text without the token. */
  scrub(text: string): string;
  close(): Promise<void>;
}

const CALL_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** 100 updates of the longest kind stay far below. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

export function createApi(options: ApiOptions): Api {
  const root = new URL(options.apiRoot);
  const prefix = `${root.pathname.replace(/\/+$/, '')}/bot${options.token}/`;
  const pool = new Pool(root.origin, {
    connections: options.connections ?? 64,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: LARGEST_ANSWER,
    // The call's own time limit decides; a long poll is silent for most of a minute.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const secretPart = options.token.slice(options.token.indexOf(':') + 1);
  const scrub = (text: string): string =>
    [options.token, encodeURIComponent(options.token), secretPart].reduce(
      (rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '[token]')),
      text,
    );
  const refusals = createRefusals(scrub);
  let closed = false;

  async function exchange(method: string, body: string | FormData, call: CallOptions): Promise<Exchange> {
    const limit = AbortSignal.timeout(call.timeout ?? CALL_TIMEOUT_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, limit]) : limit;
    try {
      const response = await pool.request({
        method: 'POST',
        path: prefix + method,
        headers: {
          // A form says its own type.
          ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
          accept: 'application/json',
        },
        body,
        signal,
      });
      const header = Number(response.headers['retry-after'] ?? Number.NaN);
      return {
        status: response.statusCode,
        retryAfter: Number.isInteger(header) ? header : undefined,
        text: await response.body.text(),
      };
    } catch (error) {
      throw noAnswer(
        'Telegram',
        error,
        call.signal?.aborted ? 'aborted' : limit.aborted ? 'timeout' : undefined,
      );
    }
  }

  return {
    scrub,
    close() {
      closed = true;
      return pool.destroy();
    },
    async call(method, params, call = {}) {
      if (!/^[A-Za-z]{1,64}$/.test(method)) throw new TypeError(`${scrub(method)} is not a Bot API method.`);
      if (closed || call.signal?.aborted)
        throw new SendError('aborted', 'Stopped before the call was made.', { retryable: true });
      const given = withoutNull(params);
      const request = call.file ? formOf(fieldsOf(given) ?? {}, call.file) : JSON.stringify(given);
      const answer = await exchange(method, request, call);
      const body = fieldsOf(json(answer.text));
      const ok = body ? get(body, 'ok') : undefined;
      if (!body || typeof ok !== 'boolean') throw notTheApi(answer.status);
      const chat = chatOf(params);
      if (!ok) throw refusals.error({ status: answer.status, body, retryAfter: answer.retryAfter, chat });
      if (chat !== undefined) refusals.succeeded();
      return { result: get(body, 'result'), text: answer.text };
    },
  };
}

interface Exchange {
  status: number;
  retryAfter: number | undefined;
  text: string;
}

function chatOf(params: Readonly<Record<string, unknown>>): string | undefined {
  const chat = params['chat_id'];
  return typeof chat === 'number' || typeof chat === 'string' ? String(chat) : undefined;
}

/** Telegram reads a JSON null as the word "null": what is absent must not be sent. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter((each) => each !== null && each !== undefined).map(withoutNull);
  const fields = fieldsOf(value);
  if (!fields) return value;
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, each]) => each !== null && each !== undefined)
      .map(([key, each]) => [key, withoutNull(each)]),
  );
}
