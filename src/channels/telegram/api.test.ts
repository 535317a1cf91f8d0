import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, reply, serve, type TestServer } from '../../../test/support/platform-server.ts';
import { SendError, type SendPolicy } from '../errors.ts';
import { type Api, createApi } from './api.ts';

const token = '123456:AAinvented-Secret_part';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(answer: Answer): Promise<{ api: Api; server: TestServer }> {
  const server = await serve(answer);
  const api = createApi({ token, apiRoot: server.root });
  open.push(api, server);
  return { api, server };
}

async function failure(call: Promise<unknown>): Promise<SendError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SendError)) throw error;
  return error;
}

const refusal = (error_code: number, description: string, parameters?: object): Answer =>
  reply(error_code, { ok: false, error_code, description, ...(parameters ? { parameters } : {}) });

const unreachable: SendPolicy = { retryable: false, unreachable: true };
const useFallback: SendPolicy = { retryable: false, useFallback: true };
const done: SendPolicy = { retryable: false, done: true };
const uncertain: SendPolicy = { retryable: true, uncertain: true };
const html = '<html><body>502 Bad Gateway</body></html>';

/** PLATFORMS: the errors a sender must tell apart. */
const table: [label: string, answer: Answer, code: string, policy: SendPolicy][] = [
  ['blocked', refusal(403, 'Forbidden: bot was blocked by the user'), 'blocked', unreachable],
  ['deactivated', refusal(403, 'Forbidden: user is deactivated'), 'deactivated', unreachable],
  ['kicked', refusal(403, 'Forbidden: bot was kicked from the supergroup chat'), 'removed', unreachable],
  [
    'not a member',
    refusal(403, 'Forbidden: bot is not a member of the channel chat'),
    'removed',
    unreachable,
  ],
  [
    'never started',
    refusal(403, "Forbidden: bot can't initiate conversation with a user"),
    'not_started',
    unreachable,
  ],
  ['chat not found', refusal(400, 'Bad Request: chat not found'), 'chat_not_found', unreachable],
  [
    'no right to write',
    refusal(400, 'Bad Request: not enough rights to send text messages to the chat'),
    'no_rights',
    unreachable,
  ],
  [
    'migrated',
    refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: -1000000004242,
    }),
    'migrated',
    { retryable: true, scope: 'chat', movedTo: '-1000000004242' },
  ],
  [
    'markup',
    refusal(400, "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 9"),
    'markup_refused',
    useFallback,
  ],
  [
    'not modified',
    refusal(
      400,
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    ),
    'not_modified',
    done,
  ],
  ['edit: gone', refusal(400, 'Bad Request: message to edit not found'), 'edit_refused', useFallback],
  ['edit: not allowed', refusal(400, "Bad Request: message can't be edited"), 'edit_refused', useFallback],
  [
    'reply target gone',
    refusal(400, 'Bad Request: message to be replied not found'),
    'reply_target_gone',
    useFallback,
  ],
  [
    'late callback',
    refusal(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid'),
    'query_expired',
    done,
  ],
  [
    'a mistake of ours',
    refusal(400, 'Bad Request: message is too long'),
    'bad_request',
    { retryable: false },
  ],
  [
    'revoked token',
    refusal(401, 'Unauthorized'),
    'token_refused',
    { retryable: false, retryAfter: 60_000, scope: 'account', alarm: true },
  ],
  [
    'unknown method',
    refusal(404, 'Not Found: method not found'),
    'method_not_found',
    { retryable: false, alarm: true },
  ],
  [
    'two pollers',
    refusal(409, 'Conflict: terminated by other getUpdates request'),
    'conflict',
    { retryable: true, retryAfter: 30_000, scope: 'account' },
  ],
  [
    'throttled',
    refusal(429, 'Too Many Requests: retry after 17', { retry_after: 17 }),
    'too_many_requests',
    { retryable: true, retryAfter: 17_000, scope: 'chat' },
  ],
  [
    'throttled, by the header',
    reply(429, { ok: false, error_code: 429 }, { 'retry-after': '8' }),
    'too_many_requests',
    { retryable: true, retryAfter: 8_000, scope: 'chat' },
  ],
  [
    'throttled, without a time',
    refusal(429, 'Too Many Requests'),
    'too_many_requests',
    { retryable: true, retryAfter: 5_000, scope: 'chat' },
  ],
  ['server error', refusal(500, 'Internal Server Error'), 'server_error', uncertain],
  ['bad gateway', refusal(502, 'Bad Gateway'), 'server_error', uncertain],
  ["a proxy's page", reply(502, html), 'not_json', uncertain],
  ['a page that says 200', reply(200, html), 'not_json', uncertain],
  ['a page that says 403', reply(403, html), 'not_json', uncertain],
  ['a redirection', reply(302, '', { location: 'http://127.0.0.1:1/' }), 'not_json', uncertain],
  ['an empty answer', reply(200, ''), 'not_json', uncertain],
  ['JSON of something else', reply(200, [1]), 'not_json', uncertain],
  ['half an answer', reply(200, '{"ok":true,"resu'), 'not_json', uncertain],
  [
    'a cut body',
    (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"ok"');
      setImmediate(() => response.destroy());
    },
    'network_error',
    uncertain,
  ],
  [
    'a dropped connection',
    (response) => {
      response.destroy();
    },
    'network_error',
    uncertain,
  ],
  ['a refusal of a future kind', refusal(418, "I'm a teapot"), 'refused_418', { retryable: false }],
];

describe('every error has its policy', () => {
  test.each(table)('%s', async (_, answer, code, policy) => {
    const { api } = await start(answer);
    const error = await failure(api.call('sendMessage', { chat_id: 7, text: 'x' }));
    expect({ code: error.code, policy: error.policy }).toEqual({ code, policy });
  });

  test('no answer in time', async () => {
    const { api } = await start(() => undefined);
    const error = await failure(api.call('sendMessage', { chat_id: 7, text: 'x' }, { timeout: 50 }));
    expect(error).toMatchObject({ code: 'timeout', policy: uncertain });
  });

  test('stopped by the caller', async () => {
    const stop = new AbortController();
    const { api } = await start(() => stop.abort());
    expect(await failure(api.call('sendMessage', { chat_id: 7 }, { signal: stop.signal }))).toMatchObject({
      code: 'aborted',
      policy: uncertain,
    });
    expect(await failure(api.call('sendMessage', { chat_id: 7 }, { signal: stop.signal }))).toMatchObject({
      code: 'aborted',
      policy: { retryable: true },
    });
  });

  test('nothing listens: tried again without doubt', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const address = free.address();
    await new Promise((resolve) => free.close(resolve));
    const port = typeof address === 'object' && address ? address.port : 0;
    const api = createApi({ token, apiRoot: `http://127.0.0.1:${String(port)}` });
    open.push(api);
    const error = await failure(api.call('sendMessage', { chat_id: 7 }));
    expect(error).toMatchObject({
      code: 'unreachable_server',
      policy: { retryable: true, scope: 'account' },
    });
    expect(error.policy.uncertain).toBeUndefined();
  });

  test('a name that does not resolve', async () => {
    const api = createApi({ token, apiRoot: 'http://bot-api.invalid' });
    open.push(api);
    expect(await failure(api.call('getMe', {}))).toMatchObject({ code: 'unreachable_server' });
  });
});

test('a throttled call without a chat holds the account back', async () => {
  const { api } = await start(refusal(429, 'Too Many Requests: retry after 3', { retry_after: 3 }));
  expect(await failure(api.call('setWebhook', {}))).toMatchObject({ policy: { scope: 'account' } });
});

test('five chats refused in a row are the account; one chat, however often, is not; a success starts the count again', async () => {
  let accept = false;
  const { api } = await start((response, seen) =>
    accept
      ? reply(200, { ok: true, result: true })(response, seen)
      : refusal(429, 'Too Many Requests: retry after 3')(response, seen),
  );
  const scope = async (chat: number): Promise<unknown> =>
    (await failure(api.call('sendMessage', { chat_id: chat }))).policy.scope;
  for (let i = 0; i < 8; i++) expect(await scope(1)).toBe('chat');
  for (const chat of [2, 3, 4]) expect(await scope(chat)).toBe('chat');
  expect(await scope(5)).toBe('account');
  accept = true;
  await api.call('sendMessage', { chat_id: 9 });
  accept = false;
  expect(await scope(6)).toBe('chat');
});

describe('a call', () => {
  test('goes as JSON to the method under the root, without what is absent', async () => {
    const { api, server } = await start(reply(200, { ok: true, result: { message_id: 5 } }));
    const { result } = await api.call('sendMessage', {
      chat_id: 7,
      text: 'é😀',
      entities: undefined,
      reply_markup: null,
      nested: { kept: [{ a: 1, b: undefined }, null], gone: null },
    });
    expect(result).toEqual({ message_id: 5 });
    expect(server.seen).toMatchObject([
      {
        path: `/root/bot${token}/sendMessage`,
        body: { chat_id: 7, text: 'é😀', nested: { kept: [{ a: 1 }] } },
      },
    ]);
    expect(server.seen[0]?.raw).not.toContain('null');
  });

  test('of a name that is no method never leaves', async () => {
    const { api, server } = await start(reply(200, { ok: true }));
    await expect(api.call('../getMe?x=', {})).rejects.toThrow(TypeError);
    expect(server.seen).toEqual([]);
  });

  test('never shows the token in its error', async () => {
    const { api } = await start(
      refusal(400, `Bad Request: /bot${token}/x ${encodeURIComponent(token)} AAinvented-Secret_part`),
    );
    const error = await failure(api.call('sendMessage', { chat_id: 7 }));
    const shown = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n');
    expect(shown).toContain('[token]');
    expect(shown).not.toContain('Secret_part');
  });
});
