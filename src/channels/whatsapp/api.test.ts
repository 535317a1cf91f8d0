import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, reply, serve, type TestServer } from '../../../test/support/platform-server.ts';
import { SendError, type SendPolicy } from '../errors.ts';
import { type Api, createApi } from './api.ts';

const token = 'EAAinventedSecretPart';
const phoneId = '100000000000001';
const params = { messaging_product: 'whatsapp', to: '221770000001', type: 'text', text: { body: 'x' } };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function client(apiRoot: string): Api {
  const api = createApi({ token, phoneId, apiRoot, apiVersion: 'v25.0' });
  open.push(api);
  return api;
}

async function start(answer: Answer): Promise<{ api: Api; server: TestServer }> {
  const server = await serve(answer);
  open.push(server);
  return { api: client(server.root), server };
}

async function failure(call: Promise<unknown>): Promise<SendError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SendError)) throw error;
  return error;
}

const refusal = (status: number, code: number): Answer =>
  reply(status, {
    error: {
      message: `(#${String(code)}) ${token} cannot write to +221770000001`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: 'Details for staff' },
      fbtrace_id: 'AzXyTrace12',
    },
  });

describe('a refusal', () => {
  test('of the pair limit: 4 to the power of the times in a row, per person', async () => {
    let refused = true;
    const { api } = await start((response, seen) => {
      (refused ? refusal(400, 131056) : reply(200, { messages: [{ id: 'wamid.1' }] }))(response, seen);
    });
    const wait = async (to: string): Promise<number | undefined> =>
      (await failure(api.post('messages', { ...params, to }))).policy.retryAfter;
    const waits: unknown[] = [];
    for (let i = 0; i < 6; i++) waits.push(await wait('221770000001'));
    expect(waits).toEqual([1_000, 4_000, 16_000, 64_000, 256_000, 256_000]);
    expect(await wait('221770000002')).toBe(1_000);
    refused = false;
    await api.post('messages', params);
    refused = true;
    expect(await wait('221770000001')).toBe(1_000);
    expect(await wait('221770000002')).toBe(4_000);
  });
});

const uncertain: SendPolicy = { retryable: true, uncertain: true };

describe('something else than an answer', () => {
  test.each([
    ['a proxy’s page', reply(502, '<html>Bad Gateway</html>')],
    ['a page that says all is well', reply(200, '<html>ok</html>')],
    ['a list', reply(200, [])],
    ['an error without a code', reply(400, { error: { message: 'x' } })],
    ['a failure without a reason', reply(500, {})],
    ['a redirect', reply(302, '', { location: 'http://127.0.0.1:1/' })],
  ])('%s: the outcome is unknown', async (_, answer) => {
    const { api } = await start(answer);
    const error = await failure(api.post('messages', params));
    expect([error.code, error.policy]).toEqual(['not_the_api', uncertain]);
  });

  test('a connection cut in the middle', async () => {
    const { api } = await start((response) => response.destroy());
    expect((await failure(api.post('messages', params))).policy).toEqual(uncertain);
  });

  test('no answer in time', async () => {
    const { api } = await start(() => undefined);
    const error = await failure(api.post('messages', params, { timeout: 30 }));
    expect([error.code, error.policy]).toEqual(['timeout', uncertain]);
  });

  test('stopped while it waits, and before it starts', async () => {
    const { api, server } = await start(() => undefined);
    const stop = new AbortController();
    const call = api.post('messages', params, { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    expect((await failure(call)).policy).toEqual(uncertain);
    const late = await failure(api.post('messages', params, { signal: stop.signal }));
    expect([late.code, late.policy]).toEqual(['aborted', { retryable: true }]);
    expect(server.seen.length).toBeLessThanOrEqual(1);
  });

  test('nobody listens: nothing was sent', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure(client(`http://127.0.0.1:${String(port)}`).post('messages', params));
    expect([error.code, error.policy]).toEqual(['unreachable_server', { retryable: true, scope: 'account' }]);
  });
});

describe('a call', () => {
  test('goes to our number with the token in its header only', async () => {
    const { api, server } = await start(reply(200, { messages: [{ id: 'wamid.1' }] }));
    expect(await api.post('messages', params)).toEqual({ messages: [{ id: 'wamid.1' }] });
    expect(server.seen).toMatchObject([
      { method: 'POST', path: `/root/v25.0/${phoneId}/messages`, body: params },
    ]);
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
  });

  test('describes our number', async () => {
    const { api, server } = await start(reply(200, { id: phoneId, verified_name: 'Démo' }));
    expect(await api.describe(['verified_name', 'quality_rating'])).toMatchObject({ verified_name: 'Démo' });
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      path: `/root/v25.0/${phoneId}?fields=verified_name,quality_rating`,
    });
  });

  test('a redirect takes the token nowhere', async () => {
    const other = await start(reply(200, {}));
    const { api } = await start(reply(307, '', { location: other.server.root }));
    await failure(api.post('messages', params));
    expect(other.server.seen).toEqual([]);
  });

  test.each(['../secret', 'Messages', '', 'a/b', 'messages?x'])('the edge %j is none', async (edge) => {
    const { api, server } = await start(reply(200, {}));
    await expect(api.post(edge, params)).rejects.toThrow(TypeError);
    expect(server.seen).toEqual([]);
  });
});

describe('after it is closed', () => {
  test('nothing is sent any more', async () => {
    const { api, server } = await start(reply(200, {}));
    await api.close();
    const error = await failure(api.post('messages', params));
    expect([error.code, error.policy]).toEqual(['aborted', { retryable: true }]);
    expect(server.seen).toEqual([]);
  });
});
