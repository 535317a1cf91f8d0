import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, reply, serve, type TestServer } from '../../../test/support/platform-server.ts';
import type { MediaRef } from '../../message/event.ts';
import type { FetchedMedia } from '../channel.ts';
import { SendError } from '../errors.ts';
import { createApi } from './api.ts';
import { createFiles, safePath } from './files.ts';
import { LIMITS } from './limits.ts';

const token = '123456:AAinvented-Secret_part';
const photo: MediaRef = { kind: 'photo', ref: 'photo-1', mime: 'image/jpeg' };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** `file`: what answers a download. `described`: what getFile says. */
async function platform(file: Answer, described: object | Answer = { file_path: 'photos/file_1.jpg' }) {
  const server = await serve((response, seen) => {
    const about = typeof described === 'function' ? (described as Answer) : result(described);
    (seen.name === 'getFile' ? about : file)(response, seen);
  });
  const api = createApi({ token, apiRoot: server.root });
  const files = createFiles({ api, token, apiRoot: server.root });
  open.push(files, api, server);
  const fetch = (media: MediaRef = photo, maxBytes = 1000): Promise<FetchedMedia> =>
    files.fetch(media, { maxBytes, signal: AbortSignal.timeout(5000) });
  return { server, fetch, files };
}

const result = (described: object): Answer => reply(200, { ok: true, result: described });
const refusal = (error_code: number, description: string): Answer =>
  reply(error_code, { ok: false, error_code, description });
const bytes: Answer = reply(200, 'the file');
const downloads = (server: TestServer): string[] =>
  server.seen.filter((each) => each.path.includes('/file/')).map((each) => each.path);

async function failure(fetch: Promise<unknown>): Promise<SendError> {
  const error = await fetch.then(
    () => new Error('the file came'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SendError)) throw error;
  expect(`${error.message} ${String(error.stack)}`).not.toContain('AAinvented');
  return error;
}

describe('a file', () => {
  test('comes from its path under the same root', async () => {
    const { fetch, server } = await platform(bytes);
    const { bytes: got, mime } = await fetch();
    expect([Buffer.from(got).toString(), mime]).toEqual(['the file', 'image/jpeg']);
    expect(server.seen.map((each) => each.path)).toEqual([
      `/root/bot${token}/getFile`,
      `/root/file/bot${token}/photos/file_1.jpg`,
    ]);
    expect(server.seen[0]?.body).toEqual({ file_id: 'photo-1' });
  });

  test('with a stale path is asked for again, once', async () => {
    let asked = 0;
    const { fetch, server } = await platform(
      (response, seen) => (seen.path.endsWith('_2.jpg') ? bytes : reply(404, ''))(response, seen),
      (response, seen) => result({ file_path: `photos/file_${String(++asked)}.jpg` })(response, seen),
    );
    expect(Buffer.from((await fetch()).bytes).toString()).toBe('the file');
    expect(downloads(server)).toHaveLength(2);
  });

  test('that is nowhere is gone, after two tries', async () => {
    const { fetch, server } = await platform(reply(404, ''));
    expect(await failure(fetch())).toMatchObject({ code: 'media_gone', policy: { retryable: false } });
    expect(downloads(server)).toHaveLength(2);
  });

  test.each<[string, Answer, string]>([
    [
      'an unknown id',
      refusal(400, 'Bad Request: wrong file_id or the file is temporarily unavailable'),
      'media_gone',
    ],
    ['an id of another kind', refusal(400, 'Bad Request: invalid file_id'), 'media_gone'],
    ['more than a bot may fetch', refusal(400, 'Bad Request: file is too big'), 'media_too_large'],
    ['no path', result({ file_id: 'photo-1' }), 'media_gone'],
    ['no answer of the API', reply(200, '<html>'), 'not_json'],
    ['a revoked token', refusal(401, 'Unauthorized'), 'token_refused'],
  ])('%s: told so, and nothing is fetched', async (_, described, code) => {
    const { fetch, server } = await platform(bytes, described);
    expect((await failure(fetch())).code).toBe(code);
    expect(downloads(server)).toEqual([]);
  });

  test('without an id is gone, without a call', async () => {
    const { fetch, server } = await platform(bytes);
    expect((await failure(fetch({ kind: 'location' }))).code).toBe('media_gone');
    expect(server.seen).toEqual([]);
  });

  test.each([
    ['a failure', reply(502, '<html>'), 'download_refused', true],
    ['too many', reply(429, ''), 'download_refused', true],
    ['another refusal', reply(403, ''), 'download_refused', false],
    ['a connection cut', ((response) => void response.destroy()) as Answer, 'network_error', true],
  ])('%s', async (_, file, code, retryable) => {
    const { fetch } = await platform(file);
    expect(await failure(fetch())).toMatchObject({ code, policy: { retryable } });
  });
});

describe('the size', () => {
  test('is known from the message: no call', async () => {
    const { fetch, server } = await platform(bytes);
    expect((await failure(fetch({ ...photo, bytes: 1001 }))).code).toBe('media_too_large');
    expect((await failure(fetch({ ...photo, bytes: LIMITS.downloadBytes + 1 }, 1e9))).code).toBe(
      'media_too_large',
    );
    expect(server.seen).toEqual([]);
  });

  test('is known from getFile: no download', async () => {
    const { fetch, server } = await platform(bytes, { file_path: 'a/b', file_size: 1001 });
    expect((await failure(fetch())).code).toBe('media_too_large');
    expect(downloads(server)).toEqual([]);
  });

  test.each<[string, Answer]>([
    ['announced', reply(200, 'x'.repeat(1001), { 'content-length': '1001' })],
    ['not announced', reply(200, 'x'.repeat(1001), { 'transfer-encoding': 'chunked' })],
  ])('is over the limit, %s', async (_, file) => {
    const { fetch } = await platform(file, { file_path: 'a/b', file_size: 10 });
    expect((await failure(fetch())).code).toBe('media_too_large');
  });

  test('of an endless body is cut at the limit', async () => {
    let ended = false;
    const { fetch } = await platform((response) => {
      response.on('close', () => (ended = true));
      const write = (): void => {
        if (!ended && response.write('x'.repeat(500))) setImmediate(write);
      };
      response.on('drain', write);
      write();
    });
    expect((await failure(fetch())).code).toBe('media_too_large');
    await expect.poll(() => ended).toBe(true);
  });

  test('that was announced and never came is no file', async () => {
    const { fetch } = await platform((response) => {
      response.writeHead(200, { 'content-length': '900' });
      response.write('the ');
      response.socket?.end();
    });
    expect(await failure(fetch())).toMatchObject({ code: 'network_error', policy: { retryable: true } });
  });

  test('just at the limit passes', async () => {
    const { fetch } = await platform(reply(200, 'x'.repeat(1000)), { file_path: 'a/b', file_size: 1000 });
    expect((await fetch()).bytes).toHaveLength(1000);
  });
});

describe('the token goes nowhere else', () => {
  test('by a redirect', async () => {
    const elsewhere = await serve(bytes);
    open.push(elsewhere);
    const { fetch } = await platform(reply(302, '', { location: `${elsewhere.root}x` }));
    expect((await failure(fetch())).code).toBe('media_untrusted');
    expect(elsewhere.seen).toEqual([]);
  });

  test.each([
    'https://elsewhere.example/x',
    '//elsewhere.example/x',
    ':1@elsewhere.example/x',
    '../../bot/getMe',
    'photos/../../../x',
    'photos/%2e%2e/x',
    'photos\\..\\x',
    '/etc/passwd',
    './x',
    '',
    'photos//x',
    'photos/x?y=1',
    'photos/x#y',
    'photos/\n',
    'photos/\ud800',
  ])('by the path %j', async (file_path) => {
    const { fetch, server } = await platform(bytes, { file_path });
    expect((await failure(fetch())).code).toBe('media_untrusted');
    expect(downloads(server)).toEqual([]);
  });

  test.each([
    ['documents/file_3.pdf', 'documents/file_3.pdf'],
    ['@elsewhere.example/x', '%40elsewhere.example/x'],
    ['documents/Facture n° (2).pdf', undefined],
    ['documents/Reçu été (2).pdf', 'documents/Re%C3%A7u%20%C3%A9t%C3%A9%20(2).pdf'],
  ])('the path %j', (path, expected) => {
    expect(safePath(path)).toBe(expected);
  });
});

test('stopped: before the call, and while it waits', async () => {
  const stop = new AbortController();
  const { files, server } = await platform(() => setTimeout(() => stop.abort(), 10));
  const fetch = (): Promise<FetchedMedia> => files.fetch(photo, { maxBytes: 10, signal: stop.signal });
  expect(await failure(fetch())).toMatchObject({ code: 'aborted', policy: { retryable: true } });
  const calls = server.seen.length;
  expect((await failure(fetch())).code).toBe('aborted');
  expect(server.seen).toHaveLength(calls);
});
