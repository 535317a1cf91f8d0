import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Route } from '../message/route.ts';
import { failureBody } from './failure.ts';
import { dataHeaders, pageHeaders } from './headers.ts';
import { landingPage, notFoundPage, readPages, servePages } from './pages.ts';
import { hostName } from './peer.ts';
import { createRawHandler } from './raw.ts';
import type { Alias } from './raw.ts';

/** A node handler that takes everything below a prefix (`/simulator/api`): body and answer are its own business. */
export interface Mount {
  prefix: string;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

export interface ServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  log: Log;
  clock: Clock;
  routes: readonly Route[];
  aliases?: readonly Alias[];
  mounts?: readonly Mount[];
  /** Built pages; absent or empty: a plain page with `links`. */
  staticFolder?: string;
  /** Pages that do not exist here (`/simulator` outside the demo). */
  hiddenPages?: readonly string[];
  links?: readonly { href: string; label: string }[];
  /** Host names this server answers for, without port; absent: any. Others get 421, so that no foreign page can re-bind its name to us. */
  allowedHosts?: readonly string[];
  /** PEM contents. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** The public address is https: tell browsers to stay there. */
  hsts?: boolean;
  limits?: Partial<ServerLimits>;
}

export interface ServerLimits {
  headersMs: number;
  /** Headers and body. */
  requestMs: number;
  keepAliveMs: number;
  /** How long `close` waits for requests in flight. */
  graceMs: number;
  maxConnections: number;
}

export interface GuichetServer {
  /** Rejects with the system's error (`EADDRINUSE`…) when the port cannot be had. */
  listen(): Promise<{ url: string; port: number }>;
  /** Refuses new connections, lets requests in flight finish, then cuts what is left. */
  close(): Promise<void>;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export async function createServer(options: ServerOptions): Promise<GuichetServer> {
  const { clock, log, mounts = [], hsts = false } = options;
  const limits: ServerLimits = {
    headersMs: 10_000,
    requestMs: 30_000,
    keepAliveMs: 65_000,
    graceMs: 10_000,
    maxConnections: fileLimit() - 124,
    ...options.limits,
  };
  let closing = false;
  const data = dataHeaders({ hsts });
  const raw = createRawHandler({
    routes: options.routes,
    aliases: options.aliases ?? [],
    headers: data,
    clock,
    log,
    closing: () => closing,
  });
  const allowedHosts = options.allowedHosts && new Set(options.allowedHosts.map(hostName));
  const streams = new Set<ServerResponse>();

  const refuse = (response: ServerResponse, status: number): void => {
    response.writeHead(status, {
      ...data,
      'content-type': 'application/json; charset=utf-8',
      connection: 'close',
    });
    response.end(JSON.stringify(failureBody(status, clock)));
  };

  const serverFactory = (
    application: (request: IncomingMessage, response: ServerResponse) => void,
  ): Server => {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      if (allowedHosts !== undefined && !allowedHosts.has(hostName(request.headers.host ?? ''))) {
        refuse(response, 421);
        return;
      }
      const path = request.url ?? '/';
      for (const mount of mounts) {
        if (!path.startsWith(mount.prefix) || !/^(?:[/?]|$)/.test(path.slice(mount.prefix.length))) continue;
        for (const [name, value] of Object.entries(data)) response.setHeader(name, value);
        if (closing) response.setHeader('connection', 'close');
        streams.add(response);
        response.once('close', () => streams.delete(response));
        mount.handle(request, response);
        return;
      }
      if (raw(request, response)) return;
      if (METHODS.has(request.method ?? '')) application(request, response);
      else refuse(response, 405);
    };
    // Idle connections are looked for every second, not every 30: the limits below mean what they say.
    const settings = { connectionsCheckingInterval: 1_000, maxHeaderSize: 16_384 };
    const server =
      options.tls === undefined
        ? createHttp(settings, listener)
        : createHttps({ ...settings, ...options.tls, minVersion: 'TLSv1.2' }, listener);
    server.headersTimeout = limits.headersMs;
    server.requestTimeout = limits.requestMs;
    server.keepAliveTimeout = limits.keepAliveMs;
    server.maxConnections = Math.max(100, limits.maxConnections);
    return server;
  };

  const app = fastify({
    serverFactory,
    logger: false,
    bodyLimit: 64 * 1024,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // An address that cannot be decoded never reaches the handlers below.
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      void reply.code(400).headers(data).send(failureBody(400, clock));
    },
    clientErrorHandler: (error, socket) => {
      refuseBytes(error, socket, data, clock);
    },
  });
  await addPages(app, options, hsts, data);

  return {
    async listen() {
      await app.listen({ host: options.host, port: options.port });
      const address = app.server.address() as AddressInfo;
      const scheme = options.tls === undefined ? 'http' : 'https';
      const name = isWildcardOrLoopback(address.address) ? 'localhost' : options.host;
      return { url: `${scheme}://${name}:${address.port}`, port: address.port };
    },
    async close() {
      closing = true;
      for (const response of streams) {
        // An event stream never ends by itself.
        if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.end();
      }
      const cut = setTimeout(() => {
        app.server.closeAllConnections();
      }, limits.graceMs);
      await app.close();
      clearTimeout(cut);
    },
  };
}

/** Everything that is not a declared route or a mount: pages, files, and the answers for what does not exist. */
async function addPages(
  app: FastifyInstance,
  options: ServerOptions,
  hsts: boolean,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const { clock, log } = options;
  const pages =
    options.staticFolder === undefined
      ? undefined
      : readPages(options.staticFolder, options.hiddenPages ?? []);
  const forPages = pageHeaders({
    hsts,
    scriptHashes: pages?.scriptHashes ?? [],
    styleHashes: pages?.styleHashes ?? [],
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    if (request.method !== 'GET' && request.method !== 'HEAD' && app.hasRoute({ url: path, method: 'GET' })) {
      return reply
        .code(405)
        .headers({ ...data, allow: 'GET, HEAD' })
        .send(failureBody(405, clock));
    }
    const wantsPage =
      request.method === 'GET' &&
      !path.startsWith('/api/') &&
      /text\/html/.test(request.headers.accept ?? '');
    if (wantsPage)
      return reply.code(404).headers(forPages).type('text/html; charset=utf-8').send(notFoundPage);
    return reply.code(404).headers(data).send(failureBody(404, clock));
  });
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
    if (status >= 500)
      log.error('request failed', { path: request.url.split('?', 1)[0], method: request.method, error });
    return reply.code(status).headers(data).send(failureBody(status, clock));
  });

  if (pages !== undefined) await servePages(app, pages, forPages);
  if (pages?.addresses.has('/') !== true) {
    const links = options.links ?? [{ href: '/health', label: 'État du service' }];
    app.get('/', (_request, reply) =>
      reply
        .headers({ ...forPages, 'cache-control': 'no-cache' })
        .type('text/html; charset=utf-8')
        .send(landingPage(links)),
    );
  }
}

/** A request that is not HTTP, too long or too slow gets its status on the bare socket, then the connection ends. */
function refuseBytes(
  error: { code?: string | undefined },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
  clock: Clock,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(failureBody(status, clock));
  const lines = [
    `HTTP/1.1 ${status} ${failureBody(status, clock).error}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

const isWildcardOrLoopback = (address: string): boolean =>
  ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(address);

/** Files this process may open: connections over it would fail one by one instead of waiting their turn. */
function fileLimit(): number {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
    return Math.min(Number(line?.[1] ?? 1_024), 20_000);
  } catch {
    return 1_024;
  }
}
