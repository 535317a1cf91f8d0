import { describe, expect, test } from 'vitest';
import { echo, start, talk } from './fixtures/server.ts';

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
