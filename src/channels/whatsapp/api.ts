import { FormData, Pool } from 'undici';
import type { Document } from '../../message/outbound.ts';
import { noAnswer } from '../transport.ts';
import { SendError } from '../errors.ts';
import { createRefusals, notUnderstood } from './failures.ts';
import { child, type Fields, fieldsOf } from '../fields.ts';
import { stringIn } from './fields.ts';
import { json } from '../../lib/json.ts';

export interface ApiOptions {
  token: string;
  /** Id of our sending number. */
  phoneId: string;
  /** Base address of the Graph API, with or without a path. */
  apiRoot: string;
  /** `v25.0`. */
  apiVersion: string;
  /** Most connections kept open. */
  connections?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Milliseconds for the whole call. */
  timeout?: number;
}

/** The Graph API over kept-alive connections. Every failure is a `SendError`; neither the token nor a phone is in any of them. */
export interface Api {
  /** `POST` to an edge of our number: `messages`. */
  post(edge: string, params: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Fields>;
  /** Gives a file of ours to WhatsApp, which keeps it for 30 days; its id. */
  upload(file: Document, options?: CallOptions): Promise<string>;
  /** `GET` of our number's own fields. */
  describe(fields: readonly string[], options?: CallOptions): Promise<Fields>;
  /** `GET` of a file's own fields, by its id. */
  media(id: string, options?: CallOptions): Promise<Fields>;
  close(): Promise<void>;
}

const CALL_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const LARGEST_ANSWER = 1024 * 1024;

export function createApi(options: ApiOptions): Api {
  const root = new URL(options.apiRoot);
  const prefix = `${root.pathname.replace(/\/+$/, '')}/${options.apiVersion}`;
  const number = `/${options.phoneId}`;
  let closed = false;
  const headers = {
    authorization: `Bearer ${options.token}`,
    accept: 'application/json',
  };
  // Bound to one origin, and undici follows no redirect: the token goes nowhere else.
  const pool = new Pool(root.origin, {
    connections: options.connections ?? 16,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: LARGEST_ANSWER,
    // The call's own time limit decides.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const scrub = (text: string): string =>
    text.replaceAll(options.token, '[token]').replace(/\+?\d{8,}/g, '[number]');
  const refusals = createRefusals(scrub);

  async function exchange(
    method: 'GET' | 'POST',
    path: string,
    body: string | FormData | null,
    call: CallOptions,
  ): Promise<{ status: number; text: string }> {
    if (closed || call.signal?.aborted)
      throw new SendError('aborted', 'Stopped before the call was made.', { retryable: true });
    const limit = AbortSignal.timeout(call.timeout ?? CALL_TIMEOUT_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, limit]) : limit;
    try {
      const response = await pool.request({
        method,
        path: prefix + path,
        // A form says its own type.
        headers: body instanceof FormData ? headers : { ...headers, 'content-type': 'application/json' },
        body,
        signal,
      });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      throw noAnswer(
        'WhatsApp',
        error,
        call.signal?.aborted ? 'aborted' : limit.aborted ? 'timeout' : undefined,
      );
    }
  }

  function read({ status, text }: { status: number; text: string }, person?: string): Fields {
    const body = fieldsOf(json(text));
    const error = body && child(body, 'error');
    if (error) throw refusals.error(status, error, person);
    if (!body || status < 200 || status > 299) throw notUnderstood(status);
    refusals.succeeded(person);
    return body;
  }

  return {
    close() {
      closed = true;
      return pool.destroy();
    },
    async post(edge, params, call = {}) {
      if (!/^[a-z_]{1,32}$/.test(edge)) throw new TypeError(`${scrub(edge)} is no edge of a phone number.`);
      const person = params['to'] ?? params['recipient'];
      const answer = await exchange('POST', `${number}/${edge}`, JSON.stringify(params), call);
      return read(answer, typeof person === 'string' ? person : undefined);
    },
    async upload({ name, mime, text }, call = {}) {
      const form = new FormData();
      form.set('messaging_product', 'whatsapp');
      form.set('type', mime);
      form.set('file', new Blob([text], { type: mime }), name);
      const answer = read(await exchange('POST', `${number}/media`, form, call));
      const id = stringIn(answer, 'id');
      if (id === undefined) throw notUnderstood(200);
      return id;
    },
    async describe(fields, call = {}) {
      return read(await exchange('GET', `${number}?fields=${fields.join(',')}`, null, call));
    },
    async media(id, call = {}) {
      if (!/^[\w-]{1,128}$/.test(id)) throw new TypeError('This is no id of a file.');
      return read(await exchange('GET', `/${id}?phone_number_id=${options.phoneId}`, null, call));
    },
  };
}
