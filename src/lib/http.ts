import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import { addressKind } from './address.ts';

/** `BLOCKED`: the guard refused the address. `ABORTED`: the caller's signal. `NETWORK`: any other failure below HTTP. */
export type HttpErrorCode = 'ECONNREFUSED' | 'TIMEOUT' | 'TOO_LARGE' | 'BLOCKED' | 'ABORTED' | 'NETWORK';

/** The message names the host only: a path may hold a token. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  /** The request may have reached the other side: its effect is unknown. */
  readonly sent: boolean;

  constructor(code: HttpErrorCode, message: string, sent: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'HttpError';
    this.code = code;
    this.sent = sent;
  }
}

/** Why a call that rejected came to nothing. `refused`: nobody listens there. */
export function reasonOf(error: unknown): 'refused' | 'timeout' | 'failed' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNREFUSED' ? 'refused' : code === 'TIMEOUT' ? 'timeout' : 'failed';
}

export interface HttpRequest {
  url: string;
  /** GET when absent. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** For the whole exchange, connection and body included. */
  timeoutMs: number;
  /** Longest accepted response body, bytes. */
  maxBytes: number;
  signal?: AbortSignal;
  /** Sees each piece of the body as it comes. False: that is enough, the answer is what came so far. */
  onData?: (piece: Buffer, status: number) => boolean;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

export interface HttpClient {
  /** Resolves for every HTTP status; redirects are answers, never followed. Throws `HttpError`. */
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** `host:port` pairs, lower case, that may be private and may be plain http. Link-local stays blocked. */
  allowHosts: readonly string[];
  userAgent: string;
  /** Open connections per origin. */
  connections?: number;
  /** Name resolution; tests pass their own. */
  lookup?: Resolver;
}

export type Resolver = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: { address: string; family: number }[]) => void,
) => void;

const resolveAll: Resolver = (hostname, callback) => {
  systemLookup(hostname, { all: true }, callback);
};

/**
 * The one client for outgoing calls: keep-alive, a time and size limit on every exchange, and a guard against
 * requests to our own network. The guard judges the addresses inside the connection's own name lookup, so a name that
 * changes between check and use gains nothing. Without a listing only https on port 443 to public addresses passes.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const allowed = new Set(options.allowHosts.map((host) => host.toLowerCase()));
  const resolve = options.lookup ?? resolveAll;
  const common = { allowH2: false, timeout: 10_000 };
  const guarded = buildConnector({ ...common, lookup: guardedLookup(resolve, (kind) => kind === 'public') });
  const listed = buildConnector({
    ...common,
    lookup: guardedLookup(resolve, (kind) => kind !== 'link-local'),
  });
  const agent = new Agent({
    connections: options.connections ?? 64,
    pipelining: 1,
    keepAliveMaxTimeout: 60_000,
    connect: (target, callback) => {
      const port = target.port === '' ? defaultPort(target.protocol) : target.port;
      const connector = allowed.has(`${target.hostname}:${port}`) ? listed : guarded;
      connector(target, callback);
    },
  });

  return {
    // Async, so that a refused address rejects like any other failure.
    request: async (request) => exchange(agent, guardedUrl(request.url, allowed), request, options.userAgent),
    close: () => agent.destroy(),
  };
}

const defaultPort = (protocol: string): string => (protocol === 'https:' ? '443' : '80');

/** Checks what can be known before the name is resolved. Throws `HttpError` BLOCKED. */
function guardedUrl(text: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(text)) throw new HttpError('BLOCKED', 'The address is not a URL.', false);
  const url = new URL(text);
  const port = url.port === '' ? defaultPort(url.protocol) : url.port;
  const host = `${url.hostname}:${port}`;
  const isListed = allowed.has(host);
  const refuse = (why: string): never => {
    throw new HttpError('BLOCKED', `Outgoing call to ${host} refused: ${why}`, false);
  };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('only http and https are spoken.');
  if (url.username !== '' || url.password !== '') refuse('credentials do not belong in a URL.');
  if (!isListed && (url.protocol !== 'https:' || port !== '443')) {
    refuse(`only https on port 443, unless ${host} is in the list of allowed hosts.`);
  }
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0) {
    const kind = addressKind(literal);
    if (kind === 'link-local') refuse('link-local addresses are never reachable.');
    if (kind === 'private' && !isListed) refuse('private address.');
  }
  return url;
}

function guardedLookup(
  resolve: Resolver,
  accepts: (kind: ReturnType<typeof addressKind>) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const wanted = options.family === 4 || options.family === 6 ? options.family : undefined;
      const open = addresses.filter(({ address }) => accepts(addressKind(address)));
      const usable = open.filter(({ family }) => wanted === undefined || family === wanted);
      const first = usable[0];
      if (first === undefined) {
        callback(
          new HttpError('BLOCKED', `${hostname} leads to no address that may be called.`, false),
          '',
          0,
        );
      } else if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

/** One exchange straight on the dispatcher: no stream object per response, which costs a third of the throughput. */
function exchange(agent: Agent, url: URL, request: HttpRequest, userAgent: string): Promise<HttpResponse> {
  const { timeoutMs, maxBytes, signal, method = 'GET' } = request;
  return new Promise<HttpResponse>((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let headers: HttpResponse['headers'] = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (code: HttpErrorCode, why: string, cause?: unknown) => {
      if (!settle()) return;
      const error = new HttpError(code, `${method} ${url.origin}: ${why}`, controller !== undefined, cause);
      reject(error);
      controller?.abort(error);
    };
    const onAbort = () => {
      fail('ABORTED', 'given up by the caller.');
    };
    const timer = setTimeout(() => {
      fail('TIMEOUT', `no complete answer within ${timeoutMs} ms.`);
    }, timeoutMs);

    if (signal?.aborted === true) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort);

    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'user-agent': userAgent, 'accept-encoding': 'identity', ...request.headers },
        body: request.body ?? null,
        // Ours cover the whole exchange.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart: (started) => {
          controller = started;
          if (settled) started.abort(new Error('given up before it started'));
        },
        onResponseStart: (_controller, code, received) => {
          status = code;
          headers = received;
          const announced = Number(received['content-length'] ?? 0);
          if (method !== 'HEAD' && announced > maxBytes) {
            fail('TOO_LARGE', `the answer announces ${announced} bytes, ${maxBytes} are accepted.`);
          }
        },
        onResponseData: (_controller, chunk) => {
          size += chunk.length;
          if (size > maxBytes) {
            fail('TOO_LARGE', `the answer is longer than ${maxBytes} bytes.`);
            return;
          }
          chunks.push(chunk);
          if (!settled && request.onData?.(chunk, status) === false && settle()) {
            resolve({ status, headers, body: Buffer.concat(chunks, size) });
            controller?.abort(new Error('enough'));
          }
        },
        onResponseEnd: () => {
          if (settle()) resolve({ status, headers, body: Buffer.concat(chunks, size) });
        },
        onResponseError: (_controller, error) => {
          const { code, why } = classify(error);
          fail(code, why, error);
        },
      },
    );
  });
}

function classify(error: Error & { code?: unknown }): { code: HttpErrorCode; why: string } {
  if (error instanceof HttpError) return { code: error.code, why: error.message };
  switch (error.code) {
    case 'ECONNREFUSED':
      return { code: 'ECONNREFUSED', why: 'connection refused.' };
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { code: 'TIMEOUT', why: 'no connection in time.' };
    default:
      return {
        code: 'NETWORK',
        why: `network error (${typeof error.code === 'string' ? error.code : error.name}).`,
      };
  }
}
