import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, reply, serve, type TestServer } from '../../../test/support/platform-server.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RawRequest, RawResponse, Route } from '../../message/route.ts';
import type { ChannelContext, Incoming, ReceiveOutcome } from '../channel.ts';
import { createTelegram, type Telegram, type TelegramOptions } from './telegram.ts';

const token = '123456:AAinvented-Secret_part';
const secret = 'k3Jx-9QpT_w2Lm8Vb5Nc7Rd1Fg4Hs6Za';
const webhook = { baseUrl: 'https://guichet.example/', secret };
const clock: Clock = { now: () => 1_790_000_000_123, monotonic: () => 0 };

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

interface Desk {
  context: ChannelContext;
  received: Incoming[][];
  logs: [level: string, event: string, fields: Record<string, unknown>][];
  /** Resolves once the log has that event. */
  logged(event: string): Promise<void>;
}

function desk(receive: (items: Incoming[]) => ReceiveOutcome = () => 'stored'): Desk {
  const received: Incoming[][] = [];
  const logs: Desk['logs'] = [];
  const waiting: (() => void)[] = [];
  const log =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}): void => {
      logs.push([level, event, fields]);
      waiting.splice(0).forEach((wake) => wake());
    };
  return {
    received,
    logs,
    async logged(event) {
      while (!logs.some(([, each]) => each === event)) await new Promise<void>((wake) => waiting.push(wake));
    },
    context: {
      receive: (items) => {
        received.push(items);
        return Promise.resolve().then(() => receive(items));
      },
      digest: (value) => value,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
    },
  };
}

const me: Answer = reply(200, {
  ok: true,
  result: { id: 123456, is_bot: true, first_name: 'Guichet', username: 'GuichetDemoBot' },
});
const yes: Answer = reply(200, { ok: true, result: true });
const updates = (...each: string[]): Answer => reply(200, `{"ok":true,"result":[${each.join(',')}]}`);
const update = (id: number): string =>
  `{"update_id":${String(id)},"message":{"message_id":1,"date":1790000000,"chat":{"id":7,"type":"private"},"text":"x","n":1.0}}`;

/** Answers each method by its own script; the last answer of a script stays. No script: `true`. */
function scripted(scripts: Record<string, Answer[]>): Answer {
  return (response, seen) => {
    const script = scripts[seen.name] ?? (seen.name === 'getMe' ? [me] : [yes]);
    const answer = script.length > 1 ? script.shift() : script[0];
    answer?.(response, seen);
  };
}

async function channel(
  scripts: Record<string, Answer[]>,
  options: Partial<TelegramOptions> = {},
): Promise<{ telegram: Telegram; server: TestServer; pauses: number[] }> {
  const server = await serve(scripted(scripts));
  const pauses: number[] = [];
  const telegram = createTelegram({
    token,
    apiRoot: server.root,
    commands: [{ command: 'menu', description: 'Voir les catégories' }],
    clock,
    random: () => 0.5,
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
  open.push(
    () => telegram.stop(),
    () => server.close(),
  );
  return { telegram, server, pauses };
}

const bodies = (server: TestServer, method: string): unknown[] =>
  server.seen.filter((each) => each.name === method).map((each) => each.body);
const never: Answer = () => undefined;

describe('createTelegram', () => {
  test('knows its account with no network, and its routes only with a webhook', async () => {
    const { telegram } = await channel({});
    expect([telegram.name, telegram.account, telegram.routes]).toEqual(['telegram', '123456', []]);
    const pushed = await channel({}, { webhook });
    expect(pushed.telegram.routes.map((route) => [route.method, route.path, route.maxBody])).toEqual([
      ['POST', '/api/v1/telegram/webhook', 1_048_576],
      ['POST', '/webhook/telegram', 1_048_576],
    ]);
  });

  test.each([
    '',
    'votre_token_ici',
    '123456',
    ':abc',
    '123456:',
    '0123:abc',
    '123456:a b',
    '99999999999999999:abc',
  ])('refuses the token "%s" with a sentence', (bad) => {
    expect(() => createTelegram({ token: bad, apiRoot: 'http://127.0.0.1', commands: [], clock })).toThrow(
      /BotFather/,
    );
  });

  test('refuses a weak webhook secret', () => {
    const weak = { baseUrl: 'https://guichet.example', secret: 'gust-ia-webhook-secret' };
    expect(() =>
      createTelegram({ token, apiRoot: 'http://127.0.0.1', commands: [], clock, webhook: weak }),
    ).toThrow(/published/);
  });

  test('typing, where there is somebody to see it', async () => {
    const { telegram } = await channel({});
    const address = { channel: 'telegram', account: '123456', chat: '-42', kind: 'group' } as const;
    expect(telegram.typing(address)).toEqual({
      method: 'sendChatAction',
      params: { chat_id: -42, action: 'typing' },
    });
    expect(telegram.typing({ ...address, kind: 'channel' })).toBeUndefined();
  });

  test('send gives the message id, when the call made a message', async () => {
    const { telegram } = await channel({
      sendMessage: [reply(200, { ok: true, result: { message_id: 55 } })],
    });
    const signal = new AbortController().signal;
    expect(await telegram.send({ method: 'sendMessage', params: { chat_id: 7, text: 'x' } }, signal)).toEqual(
      { messageRef: '55' },
    );
    expect(
      await telegram.send({ method: 'sendChatAction', params: { chat_id: 7, action: 'typing' } }, signal),
    ).toEqual({});
  });

  test('webhookInfo reads what Telegram knows', async () => {
    const info = {
      url: 'https://guichet.example/x',
      has_custom_certificate: false,
      pending_update_count: 3,
      last_error_date: 1790000000,
      last_error_message: `Wrong response: ${token}`,
      max_connections: 40,
      allowed_updates: ['message'],
    };
    const { telegram } = await channel({ getWebhookInfo: [reply(200, { ok: true, result: info })] });
    expect(await telegram.webhookInfo()).toEqual({
      url: 'https://guichet.example/x',
      pending: 3,
      lastError: 'Wrong response: [token]',
      lastErrorAt: 1_790_000_000_000,
      maxConnections: 40,
      allowedUpdates: ['message'],
    });
  });

  test('setWebhook without a public address says what to write', async () => {
    const { telegram } = await channel({});
    await expect(telegram.setWebhook()).rejects.toThrow(/WEBHOOK_URL/);
  });
});

describe('webhook', () => {
  const request = (
    body: string | Buffer,
    headers: RawRequest['headers'] = { 'x-telegram-bot-api-secret-token': secret },
  ): RawRequest => ({
    method: 'POST',
    path: '/x',
    query: new URLSearchParams(),
    headers,
    body: Buffer.from(body),
    remote: '127.0.0.1',
  });
  async function post(
    path: string,
    given: RawRequest,
    house: Desk = desk(),
  ): Promise<{ response: RawResponse; house: Desk; telegram: Telegram }> {
    const { telegram } = await channel({}, { webhook });
    await telegram.start(house.context);
    const route = telegram.routes.find((each) => each.path === path) as Route;
    return { response: await route.handle(given), house, telegram };
  }
  const path = '/api/v1/telegram/webhook';
  const badSecrets: [string, RawRequest['headers']][] = [
    ['missing', {}],
    ['wrong', { 'x-telegram-bot-api-secret-token': 'wrong' }],
    ['sent twice', { 'x-telegram-bot-api-secret-token': [secret, secret] }],
    ['257 characters', { 'x-telegram-bot-api-secret-token': 'a'.repeat(257) }],
  ];

  test.each(badSecrets)(
    'secret %s: the contract says 400, the short path 401, nothing is stored',
    async (_, headers) => {
      for (const [each, status] of [
        [path, 400],
        ['/webhook/telegram', 401],
      ] as const) {
        const { response, house } = await post(each, request(update(1), headers));
        expect(response.status).toBe(status);
        expect(JSON.parse(String(response.body))).toEqual({
          error: 'Validation failed',
          details: 'Invalid secret token',
          timestamp: '2026-09-21T14:13:20Z',
        });
        expect(house.received).toEqual([]);
      }
    },
  );

  test.each([
    ['not JSON', '{', 'Invalid JSON'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'Invalid JSON'],
    ['no update_id', '{}', 'Missing update_id'],
  ])('%s: 400', async (_, body, details) => {
    const { response, house } = await post(path, request(body));
    expect([response.status, JSON.parse(String(response.body))]).toMatchObject([400, { details }]);
    expect(house.received).toEqual([]);
  });

  test('an update is stored as it came, then acknowledged with nothing', async () => {
    const { response, house } = await post(path, request(update(5)));
    expect(response).toEqual({ status: 200, body: '' });
    expect(house.received).toMatchObject([
      [{ dedupKey: '5', kind: 'text', payload: update(5), address: { chat: '7' } }],
    ]);
  });

  test('an authentic update that cannot be used is kept and acknowledged', async () => {
    const { response, house } = await post(path, request('{"update_id":6,"message":[]}'));
    expect(response).toEqual({ status: 200, body: '' });
    expect(house.received).toMatchObject([[{ dedupKey: '6', unusable: 'message is not an object' }]]);
  });

  test.each([
    ['busy', () => 'busy' as const],
    [
      'a store that fails',
      () => {
        throw new Error('disk');
      },
    ],
  ])('%s: 503, come back in 5 s', async (_, receive) => {
    const { response } = await post(path, request(update(5)), desk(receive));
    expect(response).toEqual({ status: 503, headers: { 'retry-after': '5' }, body: '' });
  });

  test('before the start: 503', async () => {
    const { telegram } = await channel({}, { webhook });
    expect((await (telegram.routes[0] as Route).handle(request(update(5)))).status).toBe(503);
  });

  test('a request is ours by its header, authentic or not', async () => {
    const { telegram } = await channel({}, { webhook });
    expect(telegram.recognises(request('', { 'x-telegram-bot-api-secret-token': 'anything' }))).toBe(true);
    expect(telegram.recognises(request('', { 'x-hub-signature-256': 'sha256=00' }))).toBe(false);
  });

  test('start registers the commands and the webhook with its secret', async () => {
    const { telegram, server } = await channel({}, { webhook });
    await telegram.start(desk().context);
    expect(server.seen.map((each) => each.name)).toEqual(['getMe', 'setMyCommands', 'setWebhook']);
    expect(bodies(server, 'setMyCommands')).toEqual([
      { commands: [{ command: 'menu', description: 'Voir les catégories' }] },
    ]);
    expect(bodies(server, 'setWebhook')).toEqual([
      {
        url: 'https://guichet.example/api/v1/telegram/webhook',
        secret_token: secret,
        allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
        max_connections: 40,
      },
    ]);
  });
});

describe('start', () => {
  test('a revoked token is refused at once, without showing it', async () => {
    const { telegram } = await channel({
      getMe: [reply(401, { ok: false, error_code: 401, description: 'Unauthorized' })],
    });
    const house = desk();
    await expect(telegram.start(house.context)).rejects.toMatchObject({
      code: 'token_refused',
      policy: { alarm: true },
    });
    expect(JSON.stringify(house.logs)).not.toContain('Secret_part');
  });

  test('a network that is down does not hold the process: it goes on in the background', async () => {
    const down = reply(502, '<html>');
    const { telegram, pauses, server } = await channel({
      getMe: [down, down, down, me],
      getUpdates: [never],
    });
    const house = desk();
    await telegram.start(house.context);
    expect(house.logs.map(([level, event]) => [level, event])).toEqual([['warn', 'telegram.start_failed']]);
    await house.logged('telegram.started');
    expect(pauses).toEqual([1000, 2000, 4000]);
    expect(server.seen.filter((each) => each.name === 'getMe')).toHaveLength(4);
  });

  test('refused commands do not stop the channel', async () => {
    const { telegram } = await channel(
      {
        setMyCommands: [
          reply(400, { ok: false, error_code: 400, description: 'Bad Request: BOT_COMMAND_INVALID' }),
        ],
      },
      { webhook },
    );
    const house = desk();
    await telegram.start(house.context);
    expect(house.logs.map(([, event]) => event)).toEqual(['telegram.commands_refused', 'telegram.started']);
  });

  test('the username that getMe gives decides which group commands are ours', async () => {
    const { telegram } = await channel({}, { webhook });
    const payload =
      '{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":-7,"type":"group"},"text":"/menu@GuichetDemoBot"}}';
    expect(telegram.read(payload)).toMatchObject({ addressed: false });
    await telegram.start(desk().context);
    expect(telegram.read(payload)).toMatchObject({ text: '/menu', addressed: true });
  });
});

describe('polling', () => {
  /** The script's last getUpdates hangs, as a long poll does; resolves when it is reached. */
  async function run(
    answers: Answer[],
    house: Desk = desk(),
  ): Promise<{ server: TestServer; house: Desk; pauses: number[]; telegram: Telegram }> {
    let reached = (): void => undefined;
    const end = new Promise<void>((resolve) => (reached = resolve));
    const made = await channel({ getUpdates: [...answers, () => reached()] });
    await made.telegram.start(house.context);
    await end;
    return { ...made, house };
  }
  const offsets = (server: TestServer): unknown[] =>
    bodies(server, 'getUpdates').map((body) => (body as { offset?: number }).offset);

  test('the webhook is removed first, and pending updates are kept', async () => {
    const { server } = await run([]);
    expect(server.seen.map((each) => each.name)).toEqual([
      'getMe',
      'setMyCommands',
      'deleteWebhook',
      'getUpdates',
    ]);
    expect(bodies(server, 'deleteWebhook')).toEqual([{}]);
    expect(bodies(server, 'getUpdates')).toEqual([
      {
        limit: 100,
        timeout: 30,
        allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
      },
    ]);
  });

  test('updates are stored in their own words, then confirmed by the next offset', async () => {
    const { server, house } = await run([updates(update(5), update(7)), updates(), updates(update(8))]);
    expect(house.received.map((batch) => batch.map((item) => item.payload))).toEqual([
      [update(5), update(7)],
      [update(8)],
    ]);
    expect(offsets(server)).toEqual([undefined, 8, 8, 9]);
  });

  test('empty answers that come at once are asked for at a walk', async () => {
    const { pauses } = await run([updates(), updates()]);
    expect(pauses).toEqual([200, 200]);
  });

  test('nothing is confirmed while the store is busy or failing', async () => {
    const outcomes: (() => ReceiveOutcome)[] = [
      () => 'busy',
      () => {
        throw new Error('disk');
      },
      () => 'stored',
    ];
    const house = desk(() => outcomes.shift()?.() ?? 'stored');
    const again = updates(update(5));
    const { server, pauses } = await run([again, again, again], house);
    expect(offsets(server)).toEqual([undefined, undefined, undefined, 6]);
    expect(pauses).toEqual([2000, 2000]);
  });

  test('an update without an id is kept as a dead letter and does not stop the others', async () => {
    const { server, house } = await run([updates('{"message":{}}', update(5))]);
    expect(house.received).toMatchObject([[{ unusable: 'Missing update_id' }, { dedupKey: '5' }]]);
    expect(offsets(server)).toEqual([undefined, 6]);
  });

  test('another poller: said once, 30 s apart', async () => {
    const conflict = reply(409, {
      ok: false,
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    const { house, pauses } = await run([conflict, conflict, conflict]);
    expect(pauses).toEqual([30_000, 30_000, 30_000]);
    expect(house.logs.filter(([, event]) => event === 'telegram.poll.conflict')).toHaveLength(1);
  });

  test('trouble waits longer and longer, 429 as long as it is told, and then all is well again', async () => {
    const lost: Answer = (response) => {
      response.destroy();
    };
    const slow = reply(429, {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 90 },
    });
    const { house, pauses, server } = await run([lost, lost, slow, updates(update(5))]);
    expect(pauses).toEqual([1000, 2000, 90_000]);
    expect(house.logs.map(([, event]) => event)).toEqual([
      'telegram.started',
      'telegram.poll.interrupted',
      'telegram.poll.recovered',
    ]);
    expect(offsets(server)).toEqual([undefined, undefined, undefined, undefined, 6]);
  });

  test('a token revoked meanwhile is an alarm, and is asked again rarely', async () => {
    const { house, pauses } = await run([
      reply(401, { ok: false, error_code: 401, description: 'Unauthorized' }),
    ]);
    expect(pauses).toEqual([300_000]);
    expect(house.logs.at(-1)?.slice(0, 2)).toEqual(['error', 'telegram.token_refused']);
  });

  test('stop ends a poll that hangs', async () => {
    const { telegram, server } = await run([]);
    await telegram.stop();
    expect(server.seen.filter((each) => each.name === 'getUpdates')).toHaveLength(1);
  });
});
