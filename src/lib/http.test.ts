import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpClient } from './http.ts';
import type { HttpClient, HttpClientOptions, Resolver } from './http.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(listener: RequestListener): Promise<{ port: number; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({ allowHosts: [], userAgent: 'guichet-test', ...options });
  cleanups.push(() => made.close());
  return made;
}

const limits = { timeoutMs: 5_000, maxBytes: 1_000 };

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

describe('exchange', () => {
  test('sends method, headers and body, gives status, headers and body back', async () => {
    const { port } = await serve((request, response) => {
      void bodyOf(request).then((body) => {
        response.writeHead(201, {
          'x-seen': `${request.method} ${request.url} ${request.headers['user-agent']}`,
        });
        response.end(`${request.headers['content-type']}|${body}`);
      });
    });
    const answer = await client({ allowHosts: [`127.0.0.1:${port}`] }).request({
      url: `http://127.0.0.1:${port}/a/b?c=d`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"é":1}',
      ...limits,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers['x-seen']).toBe('POST /a/b?c=d guichet-test');
    expect(answer.body.toString()).toBe('application/json|{"é":1}');
  });

  test('a stream is seen piece by piece, until that is enough', async () => {
    let closed = false;
    const { port } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('a piece, '), 1);
      response.on('close', () => {
        clearInterval(timer);
        closed = true;
      });
    });
    let seen = '';
    const answer = await client({ allowHosts: [`127.0.0.1:${port}`] }).request({
      url: `http://127.0.0.1:${port}/`,
      ...limits,
      onData: (piece, status) => {
        expect(status).toBe(200);
        seen += piece.toString();
        return seen.length < 20;
      },
    });
    expect(answer.body.toString()).toBe(seen);
    expect(seen.length).toBeGreaterThanOrEqual(20);
    await expect.poll(() => closed).toBe(true);
  });

  test('connections are kept and used again', async () => {
    const { port, server } = await serve((_request, response) => response.end('ok'));
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    for (let i = 0; i < 20; i += 1) await http.request({ url: `http://127.0.0.1:${port}/`, ...limits });
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('a redirect is an answer', async () => {
    let hits = 0;
    const { port } = await serve((_request, response) => {
      hits += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await client({ allowHosts: [`127.0.0.1:${port}`] }).request({
      url: `http://127.0.0.1:${port}/`,
      ...limits,
    });
    expect([answer.status, hits]).toEqual([302, 1]);
  });

  test('no answer in time: TIMEOUT, possibly sent, no path in the message', async () => {
    const { port } = await serve(() => undefined);
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    const failure = http.request({
      url: `http://127.0.0.1:${port}/secret-path`,
      timeoutMs: 50,
      maxBytes: 10,
    });
    await expect(failure).rejects.toMatchObject({ code: 'TIMEOUT', sent: true });
    await expect(failure).rejects.not.toThrow(/secret-path/);
  });

  test('a body that never ends in time: TIMEOUT', async () => {
    const { port } = await serve((_request, response) => {
      response.write('x');
    });
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    await expect(
      http.request({ url: `http://127.0.0.1:${port}/`, timeoutMs: 50, maxBytes: 10 }),
    ).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test.each([
    ['announced', (length: number) => ({ 'content-length': String(length) })],
    ['chunked', () => ({})],
  ])('a body over the limit, %s: TOO_LARGE', async (_name, headers) => {
    const { port } = await serve((_request, response) => {
      response.writeHead(200, headers(2_000));
      response.end('x'.repeat(2_000));
    });
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    const url = `http://127.0.0.1:${port}/`;
    await expect(http.request({ url, ...limits })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect((await http.request({ url, timeoutMs: 5_000, maxBytes: 2_000 })).body.length).toBe(2_000);
  });

  test('nobody listens: ECONNREFUSED, certainly not sent', async () => {
    const { port, server } = await serve(() => undefined);
    await new Promise((done) => server.close(done));
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    await expect(http.request({ url: `http://127.0.0.1:${port}/`, ...limits })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      sent: false,
    });
  });

  test('a connection cut before the answer: NETWORK, possibly sent', async () => {
    const { port } = await serve((request) => request.socket.destroy());
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    await expect(
      http.request({ url: `http://127.0.0.1:${port}/`, method: 'POST', body: 'x', ...limits }),
    ).rejects.toMatchObject({ code: 'NETWORK', sent: true });
  });

  test('the caller gives up, before or during', async () => {
    const { port } = await serve(() => undefined);
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    const url = `http://127.0.0.1:${port}/`;
    const controller = new AbortController();
    const during = http.request({ url, ...limits, signal: controller.signal });
    setImmediate(() => {
      controller.abort();
    });
    await expect(during).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(http.request({ url, ...limits, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
      sent: false,
    });
  });

  test('a header that HTTP cannot carry is an error of this request only', async () => {
    const { port } = await serve((_request, response) => response.end('ok'));
    const http = client({ allowHosts: [`127.0.0.1:${port}`] });
    const url = `http://127.0.0.1:${port}/`;
    await expect(http.request({ url, headers: { 'x-bad': 'a\r\nb' }, ...limits })).rejects.toMatchObject({
      code: 'NETWORK',
    });
    expect((await http.request({ url, ...limits })).status).toBe(200);
  });
});

describe('guard', () => {
  const names = (table: Record<string, string[]>): Resolver => {
    return (hostname, callback) => {
      const found = table[hostname] ?? [];
      callback(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
  };

  test.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://127.0.0.1:8443/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://10.0.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://１２７.０.０.１/',
    'http://public.example/',
    'https://public.example:8443/',
    'https://user:pass@public.example/',
    'ftp://public.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
  ])('%s is refused before any connection', async (url) => {
    const http = client({ lookup: names({ 'public.example': ['127.0.0.1'] }) });
    await expect(http.request({ url, ...limits })).rejects.toMatchObject({ code: 'BLOCKED', sent: false });
  });

  test.each([
    ['localhost', ['127.0.0.1', '::1']],
    ['localhost.', ['127.0.0.1']],
    ['rebound.example', ['127.0.0.1']],
    ['mapped.example', ['::ffff:7f00:1']],
    ['metadata.example', ['169.254.169.254']],
    ['nowhere.example', []],
  ])('a name that leads inside (%s) is refused at connect time', async (name, addresses) => {
    const http = client({ lookup: names({ [name]: addresses }) });
    await expect(http.request({ url: `https://${name}/`, ...limits })).rejects.toMatchObject({
      code: 'BLOCKED',
      sent: false,
    });
  });

  test('an allowed host is allowed on its port only', async () => {
    const { port } = await serve((_request, response) => response.end('ok'));
    const lookup = names({ 'api.internal': ['127.0.0.1'] });
    const http = client({ allowHosts: [`api.internal:${port}`], lookup });
    expect((await http.request({ url: `http://API.internal:${port}/`, ...limits })).status).toBe(200);
    await expect(http.request({ url: `http://api.internal:${port + 1}/`, ...limits })).rejects.toMatchObject({
      code: 'BLOCKED',
    });
    await expect(http.request({ url: `http://127.0.0.1:${port}/`, ...limits })).rejects.toMatchObject({
      code: 'BLOCKED',
    });
  });

  test('link-local stays closed even when listed', async () => {
    const lookup = names({ 'metadata.internal': ['169.254.169.254'] });
    const http = client({
      allowHosts: ['metadata.internal:80', '169.254.169.254:80', '[fe80::1]:80'],
      lookup,
    });
    for (const host of ['metadata.internal', '169.254.169.254', '[fe80::1]']) {
      await expect(http.request({ url: `http://${host}/`, ...limits })).rejects.toMatchObject({
        code: 'BLOCKED',
      });
    }
  });

  test('a name that changes between two calls is judged at each connection', async () => {
    const { port, server } = await serve((_request, response) => response.end('ok'));
    let address = '127.0.0.1';
    const lookup: Resolver = (_hostname, callback) => {
      callback(null, [{ address, family: 4 }]);
    };
    const http = client({ allowHosts: [`api.internal:${port}`], lookup });
    const url = `http://api.internal:${port}/`;
    expect((await http.request({ url, ...limits })).status).toBe(200);
    address = '169.254.169.254';
    server.closeAllConnections();
    await expect(http.request({ url, ...limits })).rejects.toMatchObject({ code: 'BLOCKED' });
  });

  test('a name with a public and a private address uses the public one only', async () => {
    const seen: string[] = [];
    const http = client({ lookup: names({ 'mixed.example': ['10.0.0.1', '2001:db8::1', '192.0.2.1'] }) });
    const failure = await http
      .request({ url: 'https://mixed.example/', ...limits })
      .catch((error: unknown) => error);
    seen.push(String(failure));
    expect(seen[0]).toMatch(/no address that may be called/);
  });
});
