import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { echo, start, talk } from './fixtures/server.ts';

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
