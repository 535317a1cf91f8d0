import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../lib/clock.ts';
import { createHttpClient } from '../../lib/http.ts';
import { createHttpDirectory } from './http-directory.ts';
import type { HttpDirectoryOptions } from './http-directory.ts';

const PHONE = '+221770000001';
const row = { nom: 'DIOP', prenoms: 'Fatou', telephone: '77 000 00 01', prenom_enfant: 'Awa', niveau: 'N4' };
const signal = new AbortController().signal;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let at = 0;
const clock: Clock = { now: () => at, monotonic: () => at };

async function listen(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A directory that answers with these, one after the other, the last for ever. */
async function directory(
  replies: readonly (readonly [number, unknown] | 'silence' | 'cut')[],
  options: Partial<HttpDirectoryOptions> = {},
) {
  const seen: { body: string; authorization: string | undefined; url: string | undefined }[] = [];
  const { port } = await listen((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const reply = replies[Math.min(seen.length, replies.length - 1)];
      seen.push({ body, authorization: request.headers.authorization, url: request.url });
      if (reply === 'cut' || reply === undefined) request.socket.destroy();
      else if (reply !== 'silence') {
        const [status, content] = reply;
        response.writeHead(status).end(typeof content === 'string' ? content : JSON.stringify(content));
      }
    });
  });
  const http = createHttpClient({ allowHosts: [`127.0.0.1:${port}`], userAgent: 'guichet-test' });
  cleanups.push(() => http.close());
  const pauses: number[] = [];
  const made = createHttpDirectory({
    url: `http://127.0.0.1:${port}/people`,
    request: (request) => http.request(request),
    clock,
    timeoutMs: 200,
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
  return { ...made, seen, pauses };
}

describe('what the other system says', () => {
  test('people with the number, by the columns of the import', async () => {
    const { match, seen } = await directory([[200, { rows: [row, { ...row, prenom_enfant: 'Omar' }] }]], {
      key: 'k'.repeat(32),
    });
    expect(await match(PHONE, signal)).toMatchObject({
      status: 'found',
      people: [
        { lastName: 'DIOP', phones: [PHONE], children: [{ firstNames: 'Awa' }, { firstNames: 'Omar' }] },
      ],
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      phone: PHONE,
      digits: '221770000001',
      national: '770000001',
    });
    expect([seen[0]?.url, seen[0]?.authorization]).toEqual(['/people', `Bearer ${'k'.repeat(32)}`]);
  });

  test('two people with one number are two', async () => {
    const { match } = await directory([[200, { rows: [row, { ...row, nom: 'FALL', prenoms: 'Modou' }] }]]);
    expect(await match(PHONE, signal)).toMatchObject({
      people: [{ lastName: 'DIOP' }, { lastName: 'FALL' }],
    });
  });

  test('a system that says no number was asked for it alone', async () => {
    const { match } = await directory([[200, { rows: [{ nom: 'DIOP', prenom_enfant: 'Awa' }] }]]);
    expect(await match(PHONE, signal)).toMatchObject({ status: 'found', people: [{ phones: [PHONE] }] });
  });

  test.each<[string, readonly [number, unknown], object, number]>([
    ['nobody', [200, { rows: [] }], { status: 'none' }, 1],
    ['not found', [404, ''], { status: 'none' }, 1],
    ['somebody else’s number', [200, { rows: [{ ...row, telephone: '770000009' }] }], { status: 'none' }, 1],
    [
      'a number of France',
      [200, { rows: [{ ...row, telephone: '+33 6 12 34 56 78' }] }],
      { status: 'none' },
      1,
    ],
    ['a number nobody can read', [200, { rows: [{ ...row, telephone: '77' }] }], { status: 'none' }, 1],
    ['somebody who died', [200, { rows: [{ ...row, lien: 'père décédé' }] }], { status: 'none' }, 1],
    [
      'somebody without a name',
      [200, { rows: [{ ...row, nom: '', prenoms: null }] }],
      { reason: 'failed' },
      1,
    ],
    ['no JSON', [200, '<html>'], { reason: 'failed' }, 2],
    ['another shape', [200, { people: [row] }], { reason: 'failed' }, 2],
    ['rows that are none', [200, { rows: [1, null] }], { reason: 'failed' }, 2],
    ['columns that are none', [200, { rows: [{ a: 1 }] }], { reason: 'failed' }, 2],
    ['everybody', [200, { rows: Array.from({ length: 300 }, () => row) }], { reason: 'failed' }, 2],
    ['more than we read', [200, 'x'.repeat(300_000)], { reason: 'failed' }, 2],
    ['its own fault', [500, ''], { status: 'unavailable', reason: 'failed' }, 2],
    ['our key is wrong', [401, ''], { status: 'unavailable', reason: 'failed' }, 1],
  ])('%s', async (_label, reply, expected, calls) => {
    const { match, seen } = await directory([reply]);
    expect(await match(PHONE, signal)).toMatchObject(expected);
    expect(seen).toHaveLength(calls);
  });
});

test('strangers to a directory that searches loosely are not found, and the parent after them is', async () => {
  const others = Array.from(
    { length: 6 },
    () => [200, { rows: [{ ...row, telephone: '770000009' }] }] as const,
  );
  const { match } = await directory([...others, [200, { rows: [row] }]]);
  for (let i = 0; i < 6; i += 1) expect(await match('+221770000002', signal)).toEqual({ status: 'none' });
  expect(await match(PHONE, signal)).toMatchObject({ status: 'found' });
});

test('a code that two people have there joins nobody', async () => {
  const rows = [
    { ...row, code: 'P-1' },
    { ...row, code: 'P-1', nom: 'FALL', telephone: '780000002', prenom_enfant: 'Omar' },
  ];
  const { match } = await directory([[200, { rows }]]);
  const found = await match(PHONE, signal);
  expect(found).toMatchObject({
    people: [{ lastName: 'DIOP', phones: [PHONE], children: [{ firstNames: 'Awa' }] }],
  });
  expect(await match('+221780000002', signal)).toMatchObject({
    people: [{ lastName: 'FALL', children: [{ firstNames: 'Omar' }] }],
  });
});

describe('trouble', () => {
  test('one failure is made good by a second call', async () => {
    for (const trouble of ['cut', 'silence', [503, '']] as const) {
      const { match, pauses } = await directory([trouble, [200, { rows: [row] }]]);
      expect(await match(PHONE, signal)).toMatchObject({ status: 'found' });
      expect(pauses).toHaveLength(1);
    }
  });

  test('no answer in time', async () => {
    const { match } = await directory(['silence']);
    expect(await match(PHONE, signal)).toEqual({ status: 'unavailable', reason: 'timeout' });
  });

  test('nobody listens', async () => {
    const { server, port } = await listen(() => undefined);
    await new Promise((done) => server.close(done));
    const http = createHttpClient({ allowHosts: [`127.0.0.1:${port}`], userAgent: 'guichet-test' });
    cleanups.push(() => http.close());
    const { match } = await directory([], {
      url: `http://127.0.0.1:${port}/`,
      request: (request) => http.request(request),
    });
    expect(await match(PHONE, signal)).toEqual({ status: 'unavailable', reason: 'refused' });
  });

  test('the caller gives up', async () => {
    const { match, seen } = await directory(['silence'], { timeoutMs: 5_000 });
    const controller = new AbortController();
    const matched = match(PHONE, controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 20);
    expect(await matched).toEqual({ status: 'unavailable', reason: 'aborted' });
    expect(await match(PHONE, controller.signal)).toEqual({ status: 'unavailable', reason: 'aborted' });
    expect(seen.length).toBeLessThanOrEqual(1);
  });

  test('a system that keeps failing is left alone, then tried again', async () => {
    const failures = Array.from({ length: 5 }, () => [500, ''] as const);
    const { match, seen } = await directory([...failures, [200, { rows: [row] }]]);
    for (let i = 0; i < 3; i += 1) await match(PHONE, signal);
    expect(seen).toHaveLength(5);
    expect(await match(PHONE, signal)).toEqual({ status: 'unavailable', reason: 'refused' });
    expect(seen).toHaveLength(5);
    at += 30_000;
    expect(await match(PHONE, signal)).toMatchObject({ status: 'found' });
  });
});
