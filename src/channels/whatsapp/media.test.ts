import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, reply, serve, type TestServer } from '../../../test/support/platform-server.ts';
import type { MediaRef } from '../../message/event.ts';
import type { FetchedMedia } from '../channel.ts';
import { SendError } from '../errors.ts';
import { createApi } from './api.ts';
import { createMedia, trusted } from './media.ts';

const token = 'EAAinventedSecretPart';
const phoneId = '100000000000001';
const image: MediaRef = { kind: 'photo', ref: '1000000000000042' };
const content = 'the file';
const digest = (as: 'hex' | 'base64'): string => createHash('sha256').update(content).digest(as);
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

interface Platform {
  server: TestServer;
  fetch(media?: MediaRef, maxBytes?: number): Promise<FetchedMedia>;
}

/** `file`: what answers a download. `about`: what the API says of the file, or answers instead. */
async function platform(file: Answer, about: object | Answer = {}): Promise<Platform> {
  const server = await serve((response, seen) => {
    const described = reply(200, {
      messaging_product: 'whatsapp',
      id: image.ref,
      url: `${server.origin}/download?mid=42&hash=x`,
      mime_type: 'image/jpeg',
      sha256: digest('hex'),
      file_size: content.length,
      ...about,
    });
    const answer = seen.path.startsWith('/download')
      ? file
      : typeof about === 'function'
        ? (about as Answer)
        : described;
    answer(response, seen);
  });
  const api = createApi({ token, phoneId, apiRoot: server.root, apiVersion: 'v25.0' });
  const media = createMedia({ api, token, apiRoot: server.root });
  open.push(media, api, server);
  return {
    server,
    fetch: (file = image, maxBytes = 1000) =>
      media.fetch(file, { maxBytes, signal: AbortSignal.timeout(5000) }),
  };
}

const bytes: Answer = reply(200, content);
const refusal = (status: number, error: object): Answer => reply(status, { error });
const downloads = ({ server }: Platform): number =>
  server.seen.filter((each) => each.path.startsWith('/download')).length;

async function failure(fetch: Promise<unknown>): Promise<SendError> {
  const error = await fetch.then(
    () => new Error('the file came'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SendError)) throw error;
  expect(`${error.message} ${String(error.stack)}`).not.toMatch(/EAAinvented|1000000000000042|mid=42/);
  return error;
}

describe('a file', () => {
  test('is asked for by its id, then fetched with the same token', async () => {
    const { fetch, server } = await platform(bytes);
    const { bytes: got, mime } = await fetch();
    expect([Buffer.from(got).toString(), mime]).toEqual([content, 'image/jpeg']);
    expect(server.seen.map((each) => each.path)).toEqual([
      `/root/v25.0/1000000000000042?phone_number_id=${phoneId}`,
      '/download?mid=42&hash=x',
    ]);
    for (const { headers } of server.seen) expect(headers.authorization).toBe(`Bearer ${token}`);
  });

  test.each([
    ['hex', { sha256: digest('hex').toUpperCase() }],
    ['base64, as in webhooks', { sha256: digest('base64') }],
    ['none', { sha256: undefined, file_size: undefined }],
    ['size as text', { file_size: String(content.length) }],
  ])('digest: %s', async (_, about) => {
    const { fetch } = await platform(bytes, about);
    expect(Buffer.from((await fetch()).bytes).toString()).toBe(content);
  });

  test('whose address expired is asked for again, once', async () => {
    let tries = 0;
    const each = await platform((response, seen) =>
      (++tries === 1 ? reply(404, 'Sorry, this content isn’t available') : bytes)(response, seen),
    );
    expect(Buffer.from((await each.fetch()).bytes).toString()).toBe(content);
    expect(each.server.seen).toHaveLength(4);
  });

  test('that is nowhere is gone, after two tries', async () => {
    const each = await platform(reply(404, ''));
    expect(await failure(each.fetch())).toMatchObject({ code: 'media_gone', policy: { retryable: false } });
    expect(downloads(each)).toBe(2);
  });

  test.each<[string, Answer, string]>([
    [
      'an unknown id',
      refusal(400, { message: 'Unsupported get request.', code: 100, error_subcode: 33 }),
      'media_gone',
    ],
    ['the same under another status', refusal(404, { message: 'x', code: 100 }), 'media_gone'],
    ['a revoked token', refusal(401, { message: 'expired', code: 190 }), '190'],
    ['too many calls', refusal(400, { message: 'x', code: 4 }), '4'],
    ['a proxy’s page', reply(502, '<html>'), 'not_the_api'],
  ])('%s: told so, and nothing is fetched', async (_, about, code) => {
    const each = await platform(bytes, about);
    expect((await failure(each.fetch())).code).toBe(code);
    expect(downloads(each)).toBe(0);
  });

  test.each([undefined, '', '../me', 'a/b', '42?fields=x', 'x'.repeat(129)])(
    'with the id %j is gone, without a call',
    async (ref) => {
      const each = await platform(bytes);
      expect((await failure(each.fetch({ kind: 'photo', ...(ref === undefined ? {} : { ref }) }))).code).toBe(
        'media_gone',
      );
      expect(each.server.seen).toEqual([]);
    },
  );

  test.each([
    ['another content', 'the filf', {}],
    ['a longer one', `${content}!`, {}],
    ['a digest that is none', content, { sha256: 'yes' }],
    ['a digest cut short', content, { sha256: digest('hex').slice(0, 62) }],
  ])('%s is not trusted', async (_, came, about) => {
    const { fetch } = await platform(reply(200, came), about);
    expect(await failure(fetch())).toMatchObject({ code: 'media_untrusted', policy: { retryable: false } });
  });
});

describe('the size', () => {
  test('is known from the message, and from the API: no download', async () => {
    const each = await platform(bytes, { file_size: '1001' });
    expect((await failure(each.fetch({ ...image, bytes: 1001 }))).code).toBe('media_too_large');
    expect(each.server.seen).toEqual([]);
    expect((await failure(each.fetch())).code).toBe('media_too_large');
    expect(downloads(each)).toBe(0);
  });

  test('that lies is found out while it comes', async () => {
    const each = await platform(reply(200, 'x'.repeat(1001), { 'transfer-encoding': 'chunked' }));
    expect((await failure(each.fetch())).code).toBe('media_too_large');
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
      response.writeHead(200, { 'content-length': String(content.length) });
      response.write('the ');
      response.socket?.end();
    });
    expect(await failure(fetch())).toMatchObject({ code: 'network_error', policy: { retryable: true } });
  });
});

describe('the token goes nowhere else', () => {
  test('by the address of another host', async () => {
    const elsewhere = await serve(bytes);
    open.push(elsewhere);
    const { fetch } = await platform(bytes, { url: `${elsewhere.origin}/download` });
    expect((await failure(fetch())).code).toBe('media_untrusted');
    expect(elsewhere.seen).toEqual([]);
  });

  test.each([301, 302, 303, 307, 308])('by a redirect %i', async (status) => {
    const elsewhere = await serve(bytes);
    open.push(elsewhere);
    const { fetch } = await platform(reply(status, '', { location: `${elsewhere.origin}/download` }));
    expect((await failure(fetch())).code).toBe('media_untrusted');
    expect(elsewhere.seen).toEqual([]);
  });

  const own = 'https://graph.facebook.com';
  test.each([
    'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1',
    'https://lookaside.fbsbx.com:443/x',
    'https://LOOKASIDE.fbsbx.com/x',
    'https://scontent.xx.fbcdn.net/v/x',
    'https://mmg.whatsapp.net/x',
    'https://graph.facebook.com/v25.0/x',
  ])('%s is Meta’s', (address) => {
    expect(trusted(address, own)?.href).toBe(new URL(address).href);
  });

  test.each([
    undefined,
    '',
    'lookaside.fbsbx.com/x',
    '//lookaside.fbsbx.com/x',
    'http://lookaside.fbsbx.com/x',
    'https://lookaside.fbsbx.com:8443/x',
    'https://lookaside.fbsbx.com.elsewhere.example/x',
    'https://elsewhere.example/lookaside.fbsbx.com',
    'https://elsewhere.example?lookaside.fbsbx.com',
    'https://elsewhere.example#.fbcdn.net',
    'https://elsewhere.example\\.fbcdn.net/x',
    'https://notfbcdn.net/x',
    'https://fbcdn.net.elsewhere.example/x',
    'https://lookaside.fbsbx.com@elsewhere.example/x',
    'https://token@lookaside.fbsbx.com/x',
    'https://evil.fbsbx.com/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'http://169.254.169.254/latest',
    'http://graph.facebook.com/x',
    'https://graph.facebook.com:444/x',
    'file:///etc/passwd',
    'ftp://lookaside.fbsbx.com/x',
    'javascript:alert(1)',
    'data:text/plain,x',
  ])('%s is not', (address) => {
    expect(trusted(address, own)).toBeUndefined();
  });
});
