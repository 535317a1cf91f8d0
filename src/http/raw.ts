import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import { failure } from './failure.ts';
import { createRefusals } from './refusals.ts';

/** A path shared by several channels: the first that recognises the request gets it. */
export interface Alias {
  path: string;
  /** Bytes; the largest of the routes behind it. */
  maxBody: number;
  /** The route this request is meant for, by its shape; undefined: 404. */
  pick(request: RawRequest): Route | undefined;
}

export interface RawOptions {
  routes: readonly Route[];
  aliases: readonly Alias[];
  /** On every answer, under the route's own headers. */
  headers: Readonly<Record<string, string>>;
  clock: Clock;
  log: Log;
  /** True while the server closes: connections end with their answer. */
  closing(): boolean;
}

/** Takes a request if its path is one of ours. Returns false when it is not. */
export type RawHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What a refused upload may still send before its connection is cut, so that the sender can read the refusal. */
const LINGER_BYTES = 8 * 1024 * 1024;
/** A longer body counts, with the others of its kind that are being read or worked on, against what memory may hold. */
const LARGE = 1024 * 1024;
const MOST_HELD = 160 * 1024 * 1024;

/**
 * Serves framework-free routes straight on node:http: exact paths, raw bytes in, one answer out. This is the
 * measured path of the webhooks, so nothing here is done per request that can be done once.
 */
export function createRawHandler(options: RawOptions): RawHandler {
  const { clock, log, closing } = options;
  const targets = new Map<string, Target>();
  const below = options.routes.filter((route) => route.below === true).map(({ path }) => path);
  for (const route of options.routes) {
    const target = targets.get(route.path) ?? { routes: new Map<string, Route>(), maxBody: 0 };
    if (target.routes.has(route.method)) throw new Error(`Two routes want ${route.method} ${route.path}.`);
    target.routes.set(route.method, route);
    if (hasBody(route.method)) target.maxBody = Math.max(target.maxBody, route.maxBody);
    targets.set(route.path, target);
  }
  for (const alias of options.aliases) {
    if (targets.has(alias.path)) throw new Error(`The alias ${alias.path} is already a route.`);
    targets.set(alias.path, { routes: new Map(), maxBody: alias.maxBody, alias });
  }
  const constant = Object.entries(options.headers).flat();
  const refusals = createRefusals(() => clock.monotonic());
  /** Bytes of large bodies. */
  let held = 0;

  function answer(request: IncomingMessage, response: ServerResponse, given: RawResponse): void {
    if (response.destroyed || response.headersSent) return;
    const result = REFUSED.has(given.status) ? limited(request, given) : given;
    const headers = constant.slice();
    const own = result.headers;
    if (own !== undefined) {
      for (const name of Object.keys(own)) {
        const value = own[name] ?? '';
        const at = constant.indexOf(name);
        if (at === -1) headers.push(name, value);
        else headers[at + 1] = value;
      }
    }
    const body = result.body ?? '';
    if (result.status !== 204) headers.push('content-length', String(Buffer.byteLength(body)));
    if (closing()) headers.push('connection', 'close');
    response.writeHead(result.status, headers);
    if (request.method === 'HEAD') response.end();
    else response.end(body);
  }

  function limited(request: IncomingMessage, result: RawResponse): RawResponse {
    const wait = refusals(request.socket.remoteAddress ?? '');
    return wait === undefined ? result : failure(429, clock, { headers: { 'retry-after': String(wait) } });
  }

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    input: RawRequest,
  ) {
    let result: RawResponse;
    try {
      const method = input.method === 'HEAD' ? 'GET' : input.method;
      const route = target.alias === undefined ? target.routes.get(method) : target.alias.pick(input);
      if (route === undefined) result = failure(404, clock);
      else if (route.method !== method) result = methodRefused(clock, [route.method]);
      else result = await route.handle(input);
    } catch (error) {
      log.error('request failed', { path: input.path, method: input.method, error });
      result = failure(500, clock);
    }
    answer(request, response, result);
  }

  return (request, response) => {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const target = targets.get(path) ?? targets.get(below.find((start) => path.startsWith(start)) ?? '');
    if (target === undefined) return false;

    const method = request.method ?? 'GET';
    const accepted = target.alias === undefined ? [...target.routes.keys()] : ['GET', 'POST'];
    if (!accepted.includes(method === 'HEAD' ? 'GET' : method)) {
      request.resume();
      answer(request, response, methodRefused(clock, accepted));
      return true;
    }
    const input: RawRequest = {
      method,
      path,
      query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
      headers: headersOf(request),
      body: EMPTY,
      remote: request.socket.remoteAddress ?? '',
    };
    if (!hasBody(method)) {
      request.resume();
      void handle(request, response, target, input);
      return true;
    }
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      discard(request);
      answer(request, response, failure(415, clock));
      return true;
    }
    const route = target.alias === undefined ? target.routes.get(method) : target.alias.pick(input);
    const refused = route === undefined ? failure(404, clock) : route.refuse?.(input);
    if (refused !== undefined) {
      discard(request);
      answer(request, response, refused);
      return true;
    }
    let own = 0;
    response.once('close', () => (held -= own));
    const holds = (size: number): boolean => {
      if (size <= LARGE) return true;
      held += size - own;
      own = size;
      return held <= MOST_HELD;
    };
    readBody(request, { limit: target.maxBody, holds }, (body) => {
      if (body === 'too_large') {
        answer(request, response, failure(413, clock));
        return;
      }
      if (body === 'no_room') {
        answer(request, response, failure(503, clock, { headers: { 'retry-after': '5' } }));
        return;
      }
      input.body = body;
      void handle(request, response, target, input);
    });
    return true;
  };
}

/** Not authentic, or not readable. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403]);

interface Target {
  routes: Map<string, Route>;
  maxBody: number;
  alias?: Alias;
}

const EMPTY = Buffer.alloc(0);

const hasBody = (method: string): boolean => method === 'POST' || method === 'PUT';

const methodRefused = (clock: Clock, accepted: readonly string[]): RawResponse =>
  failure(405, clock, { headers: { allow: accepted.join(', ') } });

/** Node joins repeated headers; a repeated one must stay visible as several values, because it is suspect. */
function headersOf(request: IncomingMessage): RawRequest['headers'] {
  if (request.rawHeaders.length === 2 * Object.keys(request.headers).length) return request.headers;
  const headers: Record<string, string | string[] | undefined> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    headers[name] = values?.length === 1 ? values[0] : values;
  }
  return headers;
}

/**
 * `done('too_large')` when the body is longer than `limit`: at once when it says so, else when it passes the limit.
 * `done('no_room')` when `holds` refuses what has come so far.
 */
function readBody(
  request: IncomingMessage,
  { limit, holds }: { limit: number; holds(size: number): boolean },
  done: (body: Buffer | 'too_large' | 'no_room') => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    discard(request);
    done('too_large');
    return;
  }
  let chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    const refused = size > limit ? 'too_large' : holds(size) ? undefined : 'no_room';
    if (refused === undefined) {
      chunks.push(chunk);
      return;
    }
    chunks = [];
    request.off('data', onData).off('end', onEnd);
    discard(request);
    done(refused);
  };
  const onEnd = (): void => {
    done(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size));
  };
  // A body cut short never ends: nobody is left to answer.
  request.on('data', onData).on('end', onEnd).on('error', ignore);
}

/** Lets a refused body flow by, unread, up to a bound; the server's request timeout bounds it in time. */
function discard(request: IncomingMessage): void {
  let size = 0;
  request.on('error', ignore).on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LINGER_BYTES) request.destroy();
  });
}

const ignore = (): void => undefined;
