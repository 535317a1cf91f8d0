import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createLog } from '../lib/log.ts';
import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import { createServer } from './server.ts';
import type { GuichetServer, ServerOptions } from './server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const clock = { now: () => 1_760_000_000_000, monotonic: () => 0 };

async function start(options: Partial<ServerOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) }, clock });
  const server = await createServer({ host: '127.0.0.1', port: 0, log, clock, routes: [], ...options });
  const { url, port } = await server.listen();
  cleanups.push(() => server.close());
  return { server, url: url.replace('localhost', '127.0.0.1'), port, lines };
}

function echo(path: string, maxBody = 100, method: 'GET' | 'POST' = 'POST'): Route & { seen: RawRequest[] } {
  const seen: RawRequest[] = [];
  return {
    method,
    path,
    maxBody,
    seen,
    handle: (request): Promise<RawResponse> => {
      seen.push(request);
      return Promise.resolve({ status: 200, body: request.body });
    },
  };
}

/** Sends bytes, gives back what the server says until it closes (or `until` appears). */
function talk(port: number, bytes: string, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.on('data', (data: string) => {
      heard += data;
      if (until?.test(heard)) socket.destroy();
    });
    socket.on('close', () => {
      resolve(heard);
    });
    socket.on('error', reject);
  });
}

describe('routes', () => {
  test('raw bytes, query, headers and peer reach the route; the answer comes back with its length', async () => {
    const route = echo('/webhook/x');
    const { url } = await start({ routes: [route] });
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0xa9]);
    const answer = await fetch(`${url}/webhook/x?a=1&a=2`, {
      method: 'POST',
      body: bytes,
      headers: { 'X-One': 'é'.normalize() },
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.headers.get('content-length')).toBe('4');
    expect(route.seen[0]).toMatchObject({ method: 'POST', path: '/webhook/x', remote: '127.0.0.1' });
    expect(route.seen[0]?.query.getAll('a')).toEqual(['1', '2']);
    expect(route.seen[0]?.headers['x-one']).toBe('é');
  });

  test('a repeated header arrives as several values', async () => {
    const route = echo('/w');
    const { port } = await start({ routes: [route] });
    await talk(
      port,
      'POST /w HTTP/1.1\r\nHost: x\r\nX-S: a\r\nX-S: b\r\nX-T: c\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
    expect(route.seen[0]?.headers).toMatchObject({ 'x-s': ['a', 'b'], 'x-t': 'c' });
  });

  test.each([
    ['GET', '/w', 405, 'POST'],
    ['PUT', '/w', 405, 'POST'],
    ['DELETE', '/w', 405, 'POST'],
    ['OPTIONS', '/w', 405, 'POST'],
    ['POST', '/g', 405, 'GET'],
    ['POST', '/w/', 404, null],
    ['POST', '/W', 404, null],
    ['POST', '/nothing', 404, null],
    ['GET', '/api/nothing', 404, null],
    ['POST', '/', 405, 'GET, HEAD'],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const { url } = await start({ routes: [echo('/w'), echo('/g', 0, 'GET')] });
    const answer = await fetch(url + path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(Object.keys((await answer.json()) as object)).toEqual(['error', 'details', 'timestamp']);
  });

  test('HEAD of a GET route has its headers and no body', async () => {
    const { url } = await start({
      routes: [{ ...echo('/g', 0, 'GET'), handle: () => Promise.resolve({ status: 200, body: 'abc' }) }],
    });
    const answer = await fetch(`${url}/g`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '3',
      '',
    ]);
  });

  test('a route that throws: 500 with a constant body; the log has the cause, the answer does not', async () => {
    const { url, lines } = await start({
      routes: [{ ...echo('/w'), handle: () => Promise.reject(new Error('disk /dev/x: invented failure')) }],
    });
    const answer = await fetch(`${url}/w`, { method: 'POST', body: 'x' });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      error: 'Internal Server Error',
      details: 'Something went wrong on our side.',
      timestamp: '2025-10-09T08:53:20.000Z',
    });
    expect(lines.join('')).toContain('invented failure');
    expect(lines.join('')).not.toContain('server.test.ts');
  });

  test('two routes cannot share an address', async () => {
    await expect(start({ routes: [echo('/w'), echo('/w')] })).rejects.toThrow(/POST \/w/);
  });

  test('an alias gives the request to the route that recognises it', async () => {
    const [a, b] = [echo('/webhook/a'), echo('/webhook/b')];
    const { url } = await start({
      routes: [a, b],
      aliases: [
        {
          path: '/webhook',
          maxBody: 100,
          pick: ({ headers }) =>
            headers['x-a'] !== undefined ? a : headers['x-b'] !== undefined ? b : undefined,
        },
      ],
    });
    const post = (name: string) =>
      fetch(`${url}/webhook`, { method: 'POST', body: 'x', headers: { [name]: '1' } });
    expect([(await post('x-a')).status, (await post('x-b')).status, (await post('x-c')).status]).toEqual([
      200, 200, 404,
    ]);
    expect([a.seen.length, b.seen.length]).toEqual([1, 1]);
    expect((await fetch(`${url}/webhook`, { headers: { 'x-a': '1' } })).status).toBe(405);
    expect((await fetch(`${url}/webhook`, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('bodies', () => {
  test('a body of exactly the limit passes, one byte more is 413, announced or chunked', async () => {
    const route = echo('/w', 1_000);
    const { url } = await start({ routes: [route] });
    const post = (body: string | ReadableStream, more: object = {}) =>
      fetch(`${url}/w`, { method: 'POST', body, ...more });
    expect((await post('x'.repeat(1_000))).status).toBe(200);
    expect((await post('x'.repeat(1_001))).status).toBe(413);
    expect((await post(new Blob(['x'.repeat(1_001)]).stream(), { duplex: 'half' })).status).toBe(413);
    expect((await post('y')).status).toBe(200);
    expect(route.seen).toHaveLength(2);
  });

  test('413 comes before the body', async () => {
    const { port } = await start({ routes: [echo('/w')] });
    const heard = await talk(
      port,
      'POST /w HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n',
      /\r\n\r\n\{/,
    );
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a sender of some megabytes can read the refusal', async () => {
    const { url } = await start({ routes: [echo('/w', 1024 * 1024)] });
    const answer = await fetch(`${url}/w`, { method: 'POST', body: Buffer.alloc(4 * 1024 * 1024) });
    expect(answer.status).toBe(413);
  });

  test('a sender that goes on for ever is cut', async () => {
    const { port } = await start({ routes: [echo('/w')] });
    const sent = await new Promise<number>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let bytes = 0;
      const more = (): void => {
        while (!socket.destroyed) {
          bytes += 65_536;
          if (!socket.write(Buffer.alloc(65_536))) return;
        }
      };
      socket.on('drain', more);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        resolve(bytes);
      });
      socket.write('POST /w HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n', more);
    });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test.each([
    ['gzip', 415],
    ['br', 415],
    ['deflate, identity', 415],
    ['identity', 200],
  ])('Content-Encoding %s is %i', async (encoding, status) => {
    const { url } = await start({ routes: [echo('/w')] });
    const answer = await fetch(`${url}/w`, {
      method: 'POST',
      body: 'x',
      headers: { 'content-encoding': encoding },
    });
    expect(answer.status).toBe(status);
  });

  test.each(['', 'text/plain', 'application/json; charset=', '()/;;', 'multipart/form-data'])(
    'the content type "%s" does not matter to a raw route',
    async (type) => {
      const { port } = await start({ routes: [echo('/w')] });
      const heard = await talk(
        port,
        `POST /w HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok`,
      );
      expect(heard).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nok$/);
    },
  );

  test('a body cut short reaches no route, and the server goes on', async () => {
    const route = echo('/w');
    const { port, url } = await start({ routes: [route] });
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST /w HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf', () => socket.destroy());
      });
      socket.on('close', () => {
        resolve();
      });
    });
    expect((await fetch(`${url}/w`, { method: 'POST', body: 'x' })).status).toBe(200);
    expect(route.seen).toHaveLength(1);
  });
});

describe('what is not quite HTTP', () => {
  test.each([
    [
      'both lengths',
      'POST /w HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['two lengths', 'POST /w HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', 400],
    ['folded header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n', 400],
    ['bare line feeds', 'POST /w HTTP/1.1\nHost: x\nContent-Length: 1\n\na', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['TRACE of a route', 'TRACE /w HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 405],
    ['PROPFIND', 'PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['headers too long', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['not HTTP at all', '\u0016\u0003\u0001\u0000\r\n\r\n', 400],
  ])('%s', async (_name, bytes, status) => {
    const { port, url } = await start({ routes: [echo('/w')] });
    expect(await talk(port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await fetch(`${url}/w`, { method: 'POST', body: 'x' })).status).toBe(200);
  });

  test('headers that never end are cut at their limit', async () => {
    const { port } = await start({ limits: { headersMs: 50, requestMs: 100 } });
    expect(await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('a body that never ends is cut at its limit', async () => {
    const { port } = await start({ routes: [echo('/w')], limits: { headersMs: 50, requestMs: 100 } });
    expect(await talk(port, 'POST /w HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab')).toMatch(
      /^HTTP\/1\.1 408 /,
    );
  });

  test('a host name that is not ours is refused before anything else', async () => {
    const route = echo('/w');
    const { port } = await start({ routes: [route], allowedHosts: ['localhost', '127.0.0.1', '[::1]'] });
    const post = (host: string) =>
      talk(port, `POST /w HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    for (const host of [`localhost:${port}`, '127.0.0.1', 'LOCALHOST', `[::1]:${port}`]) {
      expect(await post(host)).toMatch(/^HTTP\/1\.1 200 /);
    }
    for (const host of ['evil.example', 'localhost.evil.example', ''])
      expect(await post(host)).toMatch(/^HTTP\/1\.1 421 /);
    expect(route.seen).toHaveLength(4);
  });
});

describe('pages', () => {
  const BOOT = 'window.__boot = { base: "" };';

  function build(): string {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-web-'));
    cleanups.push(() => {
      rmSync(folder, { recursive: true });
    });
    mkdirSync(join(folder, '_app/immutable'), { recursive: true });
    mkdirSync(join(folder, 'aide'));
    const html = `<!doctype html><script src="/_app/immutable/a.js"></script><script>${BOOT}</script><p>page</p>`;
    writeFileSync(join(folder, 'index.html'), html);
    writeFileSync(join(folder, 'simulator.html'), html.replace('page', 'simulator'));
    writeFileSync(join(folder, 'aide/index.html'), html.replace('page', 'aide'));
    writeFileSync(join(folder, '_app/immutable/a.js'), 'export {};');
    writeFileSync(join(folder, '_app/immutable/a.js.br'), brotliCompressSync('export {};'));
    writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    return folder;
  }

  test('a page is served at its address, its boot script is allowed by hash', async () => {
    const { url } = await start({ staticFolder: build() });
    const hash = createHash('sha256').update(BOOT).digest('base64');
    for (const [address, text] of Object.entries({
      '/': 'page',
      '/simulator': 'simulator',
      '/aide': 'aide',
    })) {
      const answer = await fetch(url + address);
      expect([address, answer.status, answer.headers.get('cache-control')]).toEqual([
        address,
        200,
        'no-cache',
      ]);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('content-security-policy')).toContain(`script-src 'self' 'sha256-${hash}';`);
      expect(await answer.text()).toContain(`<p>${text}</p>`);
    }
  });

  test('hashed assets are kept for ever and come compressed', async () => {
    const { url } = await start({ staticFolder: build() });
    const answer = await fetch(`${url}/_app/immutable/a.js`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('content-type')).toMatch(/javascript/);
    expect(await answer.text()).toBe('export {};');
    expect((await fetch(`${url}/favicon.svg`)).headers.get('cache-control')).toBe('no-cache');
  });

  test.each([
    '/simulator',
    '/simulator.html',
    '/simulator/x',
    '/%73imulator',
    '/simulator%2ehtml',
    '//simulator',
    '/./simulator',
  ])('a hidden page does not exist at %s', async (path) => {
    const { port } = await start({ staticFolder: build(), hiddenPages: ['/simulator'] });
    const heard = await talk(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(heard).not.toContain('<p>simulator</p>');
    expect(heard).toMatch(/^HTTP\/1\.1 40\d /);
  });

  test.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/_app/../../x',
    '/a%00b',
    '/%zz',
    '/.env',
  ])('nothing outside the folder: %s', async (path) => {
    const { port } = await start({ staticFolder: build() });
    expect(await talk(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 40\d /,
    );
  });

  test('a missing page is a page for people and JSON for programs', async () => {
    const { url } = await start({ staticFolder: build() });
    const forPeople = await fetch(`${url}/rien`, { headers: { accept: 'text/html' } });
    expect([forPeople.status, forPeople.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
    const forPrograms = await fetch(`${url}/api/v1/rien`, { headers: { accept: 'text/html' } });
    expect([forPrograms.status, forPrograms.headers.get('content-type')]).toEqual([
      404,
      'application/json; charset=utf-8',
    ]);
  });

  test('without built pages, / links to what there is', async () => {
    const { url } = await start({
      staticFolder: join(tmpdir(), 'guichet-no-such-folder'),
      links: [{ href: '/docs', label: 'Docs' }],
    });
    expect(await (await fetch(url)).text()).toContain('<a href="/docs">Docs</a>');
  });

  test('every answer carries the security headers', async () => {
    const { url } = await start({
      staticFolder: build(),
      routes: [echo('/w')],
      mounts: [{ prefix: '/m', handle: (_request, response) => response.end('m') }],
      hsts: true,
    });
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/favicon.svg'],
      ['GET', '/nothing'],
      ['GET', '/%zz'],
      ['POST', '/'],
      ['POST', '/w'],
      ['GET', '/w'],
      ['GET', '/m/x'],
    ] as const) {
      const { headers } = await fetch(url + path, { method });
      const label = `${method} ${path}`;
      expect(`${label} ${headers.get('content-security-policy')}`).toMatch(
        /default-src '(self|none)'.*frame-ancestors 'none'/,
      );
      expect(`${label} ${headers.get('content-security-policy')}`).toMatch(
        /object-src 'none'.*base-uri 'none'|base-uri 'none'.*object-src 'none'/,
      );
      expect(`${label} ${headers.get('x-content-type-options')}`).toBe(`${label} nosniff`);
      expect(`${label} ${headers.get('referrer-policy')}`).toBe(`${label} no-referrer`);
      expect(`${label} ${headers.get('cross-origin-opener-policy')}`).toBe(`${label} same-origin`);
      expect(`${label} ${headers.get('strict-transport-security')}`).toMatch(/max-age=31536000/);
      expect(`${label} ${headers.get('x-powered-by')}`).toBe(`${label} null`);
    }
  });
});

describe('mounts', () => {
  test('take what is below their prefix, and only that', async () => {
    const { url } = await start({
      mounts: [{ prefix: '/sim/api', handle: (request, response) => response.end(`mounted ${request.url}`) }],
    });
    expect(await (await fetch(`${url}/sim/api/state?x=1`)).text()).toBe('mounted /sim/api/state?x=1');
    expect((await fetch(`${url}/sim/api`)).status).toBe(200);
    expect((await fetch(`${url}/sim/apis`)).status).toBe(404);
  });
});

describe('close', () => {
  test('a request in flight finishes, a new connection is refused, event streams end', async () => {
    let release = (): void => undefined;
    let arrived = (): void => undefined;
    const here = new Promise<void>((resolve) => (arrived = resolve));
    const slow: Route = {
      ...echo('/slow'),
      handle: async () => {
        arrived();
        await new Promise<void>((resolve) => (release = resolve));
        return { status: 200, body: 'done' };
      },
    };
    const { server, url } = await start({
      routes: [slow],
      mounts: [
        {
          prefix: '/events',
          handle: (_request, response) => {
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            response.write(': hello\n\n');
          },
        },
      ],
    });
    const stream = await fetch(`${url}/events`);
    const answer = fetch(`${url}/slow`, { method: 'POST', body: 'x' });
    await here;
    const closed = server.close();
    expect(await stream.text()).toBe(': hello\n\n');
    await expect(fetch(`${url}/slow`, { method: 'POST', body: 'y' })).rejects.toThrow();
    release();
    const finished = await answer;
    expect([finished.status, await finished.text(), finished.headers.get('connection')]).toEqual([
      200,
      'done',
      'close',
    ]);
    await closed;
  });

  test('what does not finish in the time of grace is cut', async () => {
    const { server, port } = await start({
      routes: [{ ...echo('/slow'), handle: () => new Promise(() => undefined) }],
      limits: { graceMs: 50 },
    });
    const answer = new Promise<string>((resolve) => {
      const request = httpRequest({ port, host: '127.0.0.1', path: '/slow', method: 'POST' }, () => {
        resolve('answered');
      });
      request.on('error', () => {
        resolve('cut');
      });
      request.on('finish', () => setTimeout(() => void server.close(), 20));
      request.end();
    });
    expect(await answer).toBe('cut');
  });

  test('a busy port rejects with EADDRINUSE', async () => {
    const { port } = await start();
    const second: Promise<GuichetServer> = createServer({
      host: '127.0.0.1',
      port,
      log: createLog({ level: 'error', destination: { write: () => undefined } }),
      clock,
      routes: [],
    });
    await expect(second.then((server) => server.listen())).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
