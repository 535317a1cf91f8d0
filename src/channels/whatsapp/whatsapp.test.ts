import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, reply, serve, type TestServer } from '../../../test/support/platform-server.ts';
import type { Address, PlatformEvent } from '../../message/event.ts';
import type { RawRequest, RawResponse, Route } from '../../message/route.ts';
import type { Channel, ChannelContext, Incoming, ReceiveOutcome } from '../channel.ts';
import { createWhatsApp, type WhatsAppOptions } from './whatsapp.ts';

const options: Omit<WhatsAppOptions, 'apiRoot'> = {
  token: 'EAAinventedSecretPart',
  phoneId: '100000000000001',
  appSecret: 'f00dcafef00dcafe0123456789abcdef',
  verifyToken: 'k3Jx-9QpT_w2Lm8Vb5Nc7Rd1Fg4Hs6Za',
  apiVersion: 'v25.0',
  digest: (value) => createHmac('sha256', 'key').update(value).digest('hex'),
};
const nowhere = 'http://127.0.0.1:1';
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

interface Desk {
  context: ChannelContext;
  received: Incoming[][];
  logs: [level: string, event: string, fields: Record<string, unknown>][];
}

function desk(receive: (items: Incoming[]) => ReceiveOutcome = () => 'stored'): Desk {
  const received: Incoming[][] = [];
  const logs: Desk['logs'] = [];
  const log =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}): void =>
      void logs.push([level, event, fields]);
  return {
    received,
    logs,
    context: {
      receive: async (items) => {
        received.push(items);
        return Promise.resolve().then(() => receive(items));
      },
      digest: (value) => value,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
    },
  };
}

const itself: Answer = reply(200, { id: options.phoneId, verified_name: 'Démo' });

async function channel(answer: Answer = itself): Promise<{ whatsapp: Channel; server: TestServer }> {
  const server = await serve(answer);
  const whatsapp = createWhatsApp({ ...options, apiRoot: server.root });
  open.push(
    () => whatsapp.stop(),
    () => server.close(),
  );
  return { whatsapp, server };
}

const signal = new AbortController().signal;
const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}.json`, import.meta.url));
const sign = (body: Buffer): string =>
  `sha256=${createHmac('sha256', options.appSecret).update(body).digest('hex')}`;

function routeOf(whatsapp: Channel, method: 'GET' | 'POST'): Route {
  const route = whatsapp.routes.find((each) => each.method === method);
  if (!route) throw new Error(`no ${method}`);
  return route;
}

const request = (more: Partial<RawRequest>): RawRequest => ({
  method: 'POST',
  path: '/webhook/whatsapp',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  remote: '127.0.0.1',
  ...more,
});

const post = (
  whatsapp: Channel,
  body: Buffer,
  header: string | string[] | undefined = sign(body),
): Promise<RawResponse> =>
  routeOf(whatsapp, 'POST').handle(request({ body, headers: { 'x-hub-signature-256': header } }));

const get = (whatsapp: Channel, query: Record<string, string> | string): Promise<RawResponse> =>
  routeOf(whatsapp, 'GET').handle(request({ method: 'GET', query: new URLSearchParams(query) }));

describe('createWhatsApp', () => {
  test('knows its account with no network, and its routes', () => {
    const whatsapp = createWhatsApp({ ...options, apiRoot: nowhere });
    expect([whatsapp.name, whatsapp.account]).toEqual(['whatsapp', '100000000000001']);
    expect(whatsapp.routes.map(({ method, path, maxBody }) => [method, path, maxBody])).toEqual([
      ['GET', '/webhook/whatsapp', 0],
      ['POST', '/webhook/whatsapp', 3_145_728],
    ]);
    expect(whatsapp.capabilities).toMatchObject({
      window: { ms: 86_400_000 },
      limits: { rows: 10 },
      edits: false,
    });
  });

  test.each<[keyof typeof options, string, RegExp]>([
    ['token', '', /WHATSAPP_TOKEN/],
    ['token', 'votre_token_whatsapp', /WHATSAPP_TOKEN/],
    ['token', 'a b', /WHATSAPP_TOKEN/],
    ['phoneId', '+221 33', /WHATSAPP_PHONE_ID/],
    ['phoneId', '../me', /WHATSAPP_PHONE_ID/],
    ['apiVersion', '25', /v25\.0/],
    ['appSecret', '', /WHATSAPP_APP_SECRET is missing; write the one/],
    ['appSecret', 'short', /WHATSAPP_APP_SECRET is shorter/],
    ['verifyToken', '', /WEBHOOK_VERIFY_TOKEN is missing; make one/],
    ['verifyToken', 'votre_verify_token', /published/],
    ['verifyToken', 'a'.repeat(40), /repeats itself/],
  ])('refuses %s %j with a sentence', (key, value, sentence) => {
    const build = (): Channel => createWhatsApp({ ...options, apiRoot: nowhere, [key]: value });
    expect(build).toThrow(sentence);
    // The value itself is never repeated: it may be a real secret with a slip in it.
    if (value.length > 5)
      expect(build).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(value) as string }),
      );
  });

  test('recognises what is signed, and a verification', () => {
    const whatsapp = createWhatsApp({ ...options, apiRoot: nowhere });
    const seen = (more: Partial<RawRequest>): boolean => whatsapp.recognises(request(more));
    const query = new URLSearchParams({ 'hub.mode': 'subscribe' });
    expect(seen({ headers: { 'x-hub-signature-256': 'anything' } })).toBe(true);
    expect(seen({ method: 'GET', query })).toBe(true);
    expect(seen({ method: 'HEAD', query })).toBe(true);
    expect(seen({ method: 'GET' })).toBe(false);
    expect(seen({ query })).toBe(false);
    expect(seen({ headers: { 'x-telegram-bot-api-secret-token': 'x' } })).toBe(false);
  });

  test('shows typing under the message it answers', () => {
    const whatsapp = createWhatsApp({ ...options, apiRoot: nowhere });
    const address: Address = { channel: 'whatsapp', account: '1', chat: '221770000001', kind: 'private' };
    const event: PlatformEvent = { kind: 'text', text: 'x', addressed: true, messageRef: 'wamid.1' };
    expect(whatsapp.typing(address, event)).toEqual({
      method: 'messages',
      params: {
        messaging_product: 'whatsapp',
        status: 'read',
        message_id: 'wamid.1',
        typing_indicator: { type: 'text' },
      },
    });
    expect(whatsapp.typing(address)).toBeUndefined();
  });
});

describe('the verification', () => {
  const good = {
    'hub.mode': 'subscribe',
    'hub.verify_token': options.verifyToken,
    'hub.challenge': '1158201444',
  };
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

  test('repeats the challenge, as text', async () => {
    const { whatsapp } = await channel();
    expect(await get(whatsapp, good)).toEqual({ status: 200, headers, body: '1158201444' });
  });

  test.each([
    ['another word', { ...good, 'hub.verify_token': `${options.verifyToken}x` }],
    ['an empty word', { ...good, 'hub.verify_token': '' }],
    ['another mode', { ...good, 'hub.mode': 'unsubscribe' }],
    ['nothing', {}],
    ['an empty challenge', { ...good, 'hub.challenge': '' }],
    ['a challenge that is a page', { ...good, 'hub.challenge': '<script>alert(1)</script>' }],
    ['a challenge too long', { ...good, 'hub.challenge': 'x'.repeat(129) }],
    ['the word twice', `${new URLSearchParams(good).toString()}&hub.verify_token=x`],
    ['the challenge twice', `${new URLSearchParams(good).toString()}&hub.challenge=1`],
  ])('with %s: refused', async (_, query) => {
    const { whatsapp } = await channel();
    expect(await get(whatsapp, query as Record<string, string>)).toEqual({
      status: 403,
      headers,
      body: 'Erreur de vérification',
    });
  });
});

describe('the webhook', () => {
  test('stores every item, then acknowledges with nothing', async () => {
    const { whatsapp } = await channel();
    const { context, received, logs } = desk();
    await whatsapp.start(context);
    expect(await post(whatsapp, fixture('batch'))).toEqual({ status: 200, body: '' });
    expect(received.map((items) => items.length)).toEqual([8]);
    expect(logs.slice(1)).toEqual([
      ['warn', 'whatsapp.not_our_number', { changes: 1 }],
      ['info', 'whatsapp.other_fields', { changes: 1 }],
    ]);
    expect(JSON.stringify(logs)).not.toMatch(/22177|wamid|première/);
  });

  test.each([
    ['unsigned', undefined],
    ['signed by somebody else', `sha256=${'0'.repeat(64)}`],
    ['signed twice', [sign(fixture('text')), sign(fixture('text'))]],
  ])('%s: 401, always the same', async (_, header) => {
    const { whatsapp } = await channel();
    const { context, received } = desk();
    await whatsapp.start(context);
    const answer = await routeOf(whatsapp, 'POST').handle(
      request({ body: fixture('text'), headers: { 'x-hub-signature-256': header } }),
    );
    expect(answer).toMatchObject({ status: 401, body: '{"error":"Invalid signature"}' });
    expect(received).toEqual([]);
  });

  test('a body written again by somebody on the way: 401', async () => {
    const { whatsapp } = await channel();
    await whatsapp.start(desk().context);
    const came = fixture('text');
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(came.toString())));
    expect((await post(whatsapp, rewritten, sign(came))).status).toBe(401);
    expect((await post(whatsapp, rewritten)).status).toBe(200);
  });

  test.each([
    ['no JSON', Buffer.from('object=whatsapp_business_account')],
    ['no object', Buffer.from('[]')],
    ['nothing', Buffer.alloc(0)],
    ['no text', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('signed, but %s: 400', async (_, body) => {
    const { whatsapp } = await channel();
    await whatsapp.start(desk().context);
    expect(await post(whatsapp, body)).toMatchObject({ status: 400, body: '{"error":"Invalid JSON"}' });
  });

  test.each([
    ['other-object', 1],
    ['other-field', 0],
    ['other-number', 0],
  ])('%s is acknowledged', async (name, items) => {
    const { whatsapp } = await channel();
    const { context, received } = desk();
    await whatsapp.start(context);
    expect(await post(whatsapp, fixture(name))).toEqual({ status: 200, body: '' });
    expect(received.map((each) => each.length)).toEqual([items]);
  });

  test.each<[string, (items: Incoming[]) => ReceiveOutcome]>([
    ['overload', () => 'busy'],
    [
      'a store that fails',
      () => {
        throw new Error('disk full');
      },
    ],
  ])('%s: 503, so that WhatsApp sends it again', async (_, receive) => {
    const { whatsapp } = await channel();
    await whatsapp.start(desk(receive).context);
    expect(await post(whatsapp, fixture('text'))).toEqual({
      status: 503,
      headers: { 'retry-after': '5' },
      body: '',
    });
  });

  test('before the start: 503', async () => {
    const { whatsapp } = await channel();
    expect((await post(whatsapp, fixture('text'))).status).toBe(503);
  });

  test('the same batch again has the same keys', async () => {
    const { whatsapp } = await channel();
    const { context, received } = desk();
    await whatsapp.start(context);
    await post(whatsapp, fixture('batch'));
    await post(whatsapp, fixture('batch'));
    const [first, second] = received.map((items) => items.map((item) => item.dedupKey));
    expect(second).toEqual(first);
    expect(new Set(first).size).toBe(first?.length);
  });
});

describe('send', () => {
  const call = {
    method: 'messages',
    params: { messaging_product: 'whatsapp', to: '221770000001', type: 'text', text: { body: 'x' } },
  };
  const accepted = reply(200, { messaging_product: 'whatsapp', messages: [{ id: 'wamid.9' }] });

  test('gives the message’s id, and lets our reference come back', async () => {
    const { whatsapp, server } = await channel(accepted);
    expect(await whatsapp.send(call, signal, 'outbox-1')).toEqual({ messageRef: 'wamid.9' });
    expect(server.seen[0]?.body).toEqual({ ...call.params, biz_opaque_callback_data: 'outbox-1' });
    await whatsapp.send(call, signal);
    expect(server.seen[1]?.body).toEqual(call.params);
  });

  test('a read receipt carries no reference and makes no message', async () => {
    const { whatsapp, server } = await channel(reply(200, { success: true }));
    const read = {
      method: 'messages',
      params: { messaging_product: 'whatsapp', status: 'read', message_id: 'w' },
    };
    expect(await whatsapp.send(read, signal, 'outbox-1')).toEqual({});
    expect(server.seen[0]?.body).toEqual(read.params);
  });
});

describe('start', () => {
  test('asks for our number', async () => {
    const { whatsapp, server } = await channel();
    const { context, logs } = desk();
    await whatsapp.start(context);
    expect(server.seen.map(({ path }) => path)).toEqual(['/root/v25.0/100000000000001?fields=verified_name']);
    expect(logs).toEqual([['info', 'whatsapp.started', { number: '100000000000001' }]]);
  });

  test('with a revoked token: rejects', async () => {
    const { whatsapp } = await channel(reply(401, { error: { message: 'expired', code: 190 } }));
    await expect(whatsapp.start(desk().context)).rejects.toMatchObject({ code: '190' });
    expect((await post(whatsapp, fixture('text'))).status).toBe(503);
  });

  test.each([
    ['an outage', reply(503, 'down')],
    ['a question it does not know', reply(400, { error: { message: 'Unsupported get request', code: 100 } })],
  ])('with %s: goes on, since WhatsApp calls us', async (_, answer) => {
    const { whatsapp } = await channel(answer);
    const { context, logs } = desk();
    await whatsapp.start(context);
    expect(logs.map(([level, event]) => [level, event])).toEqual([['warn', 'whatsapp.not_reached_at_start']]);
    expect((await post(whatsapp, fixture('text'))).status).toBe(200);
  });
});
