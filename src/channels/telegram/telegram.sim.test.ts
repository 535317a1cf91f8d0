/** The channel against the emulated platform, which checks every call against the published methods: both readings must agree. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createTelegramSimulator,
  people,
  type TelegramSimulator,
} from '../../../simulator/telegram/telegram.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Address, InboundEvent } from '../../message/event.ts';
import type { PlatformCall, Reply } from '../../message/outbound.ts';
import { fill, paragraph, plain, text } from '../../message/rich.ts';
import type { Incoming } from '../channel.ts';
import { SendError } from '../errors.ts';
import { createTelegram, type Telegram } from './telegram.ts';

const secret = 'k3Jx-9QpT_w2Lm8Vb5Nc7Rd1Fg4Hs6Za';
const [awa] = people;

const menu = [
  [{ id: 'taux', label: '💰 Taux' }],
  [
    { id: 'menu', label: '🏠 Accueil' },
    { url: 'https://css.example/', label: 'Site' },
  ],
];

/** What this small desk says: enough to use every kind of call. */
function answer(event: InboundEvent): Reply[] {
  if (event.kind === 'tap')
    return [{ body: plain(`Vous avez choisi ${event.data}`), choices: menu, inPlace: true }];
  if (event.kind === 'contact')
    return [
      { body: plain(event.own ? 'Numéro vérifié' : 'Ce numéro n’est pas le vôtre'), keyboard: 'remove' },
    ];
  if (event.kind === 'media')
    return [{ body: plain(`Reçu : ${event.media[0]?.kind ?? ''}, ${event.caption ?? 'sans texte'}`) }];
  if (event.kind !== 'text' || !event.addressed) return [];
  switch (event.text) {
    case '/start':
      return [
        {
          body: fill(
            [
              paragraph({
                type: 'strong',
                children: [text('Bienvenue '), { type: 'placeholder', name: 'n' }, text(' !')],
              }),
              {
                type: 'list',
                ordered: false,
                start: 1,
                items: [plain('un'), [paragraph({ type: 'emphasis', children: [text('deux')] })]],
              },
              { type: 'quote', children: [paragraph(text('tapez '), { type: 'code', value: '/menu' })] },
              { type: 'preformatted', value: 'a\n  b' },
              paragraph({
                type: 'strong',
                children: [
                  text('voir '),
                  { type: 'link', url: 'https://css.example/a?b=c', children: [text('ici')] },
                  text(' ou '),
                  { type: 'code', value: 'là' },
                ],
              }),
              {
                type: 'table',
                header: [[text('Jour')], [text('Heures')]],
                rows: [[[text('Lundi')], [text('8 h')]]],
              },
            ],
            { n: event.sender?.firstName ?? '' },
          ),
          choices: menu,
        },
      ];
    case '/long':
      return [
        {
          body: plain(
            Array.from({ length: 80 }, (_, i) => `Paragraphe ${String(i)} 😀. ${'mot '.repeat(30)}`).join(
              '\n\n',
            ),
          ),
          choices: menu,
        },
      ];
    case '/compte':
      return [
        {
          body: plain('Votre numéro ?'),
          keyboard: { rows: [[{ label: '📱 Partager mon numéro', asksPhone: true }]], once: true },
        },
      ];
    default:
      return [{ body: plain(`Vous dites : ${event.text}`) }];
  }
}

/** Receives, answers and delivers as the product does, without its store. */
class SmallHouse {
  readonly stored = new Map<string, Incoming>();
  readonly problems: string[] = [];
  readonly #telegram: Telegram;
  readonly #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(telegram: Telegram) {
    this.#telegram = telegram;
  }

  start(): Promise<void> {
    const note = (event: string, fields?: Record<string, unknown>): void =>
      void this.problems.push(`${event} ${JSON.stringify(fields)}`);
    return this.#telegram.start({
      receive: (items) => {
        for (const item of items.filter((each) => !this.stored.has(each.dedupKey))) {
          this.stored.set(item.dedupKey, item);
          if (item.signal) void this.#deliver(item.signal);
          const { address } = item;
          if (address && item.unusable === undefined)
            this.#work = this.#work.then(() => this.#turn(item, address));
        }
        return Promise.resolve('stored');
      },
      digest: (value) => value,
      log: { info: () => undefined, warn: note, error: note },
    });
  }

  async #turn(item: Incoming, address: Address): Promise<void> {
    const event = this.#telegram.read(item.payload);
    const typing = this.#telegram.typing(address);
    const replies = answer(event);
    if (typing && replies.length > 0) await this.#deliver(typing);
    for (const reply of replies)
      for (const call of this.#telegram.render(reply, {
        address,
        event,
        part: (i, n) => `(Suite ${String(i)}/${String(n)})`,
      }))
        await this.#deliver(call);
  }

  async #deliver(call: PlatformCall): Promise<void> {
    try {
      await this.#telegram.send(call, this.#stop.signal);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      if (error.policy.done) return;
      if (error.policy.useFallback && call.fallback) return this.#deliver(call.fallback);
      this.problems.push(error.code);
      if (error.policy.retryable && !this.#stop.signal.aborted) return this.#deliver(call);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#telegram.stop();
    await this.#work;
  }
}

let sim: TelegramSimulator;
let house: SmallHouse;
let telegram: Telegram;
const closing: (() => Promise<void>)[] = [];

async function open(mode: 'polling' | 'webhook'): Promise<void> {
  sim = createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.01 });
  await sim.start();
  const pushed = mode === 'webhook' ? await mount() : undefined;
  telegram = createTelegram({
    token: sim.token,
    apiRoot: sim.url,
    commands: [
      { command: 'start', description: 'Démarrer' },
      { command: 'menu', description: 'Voir les catégories' },
    ],
    clock: systemClock,
    pause: () => new Promise((resolve) => setTimeout(resolve, 5)),
    ...(pushed ? { webhook: { baseUrl: pushed, secret } } : {}),
  });
  house = new SmallHouse(telegram);
  await house.start();
}

/** A bare HTTP server in front of the channel's routes. */
async function mount(): Promise<string> {
  const server = createServer((request, response) => void route(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const found = telegram.routes.find((each) => each.path === request.url && each.method === request.method);
  const answered = await found?.handle({
    method: request.method ?? '',
    path: request.url ?? '',
    query: new URLSearchParams(),
    headers: request.headers,
    body: Buffer.concat(chunks),
    remote: '127.0.0.1',
  });
  response.writeHead(answered?.status ?? 404, answered?.headers);
  response.end(answered?.body);
}

const bot = (): string[] => sim.state.botMessages(awa.id).map((message) => message.text);
const shown = (count: number): Promise<unknown> => sim.waitFor(() => bot().length >= count);
const last = (): string => bot().at(-1) ?? '';

describe.each(['polling', 'webhook'] as const)('%s', (mode) => {
  beforeEach(() => open(mode));
  afterEach(async () => {
    await house.stop();
    await Promise.all(closing.splice(0).map((close) => close()));
    await sim.stop();
  });

  test('a conversation with every kind of call, and no violation', async () => {
    sim.phone.text(awa, '/start');
    await shown(1);
    expect(last()).toContain(`Bienvenue ${awa.first_name} !`);
    const greeting = sim.state.lastBotMessage(awa.id);
    expect(greeting?.entities.map((each) => each.type)).toEqual([
      'bold',
      'italic',
      'blockquote',
      'code',
      'pre',
      'bold',
      'text_link',
      'code',
      'bold',
    ]);

    sim.phone.tap(awa, greeting?.message_id ?? 0, 'taux');
    await sim.waitFor(() => last() === 'Vous avez choisi taux');
    expect(bot()).toHaveLength(1);

    sim.phone.text(awa, '/long');
    await shown(4);
    expect(
      bot()
        .slice(2)
        .map((part) => part.slice(0, 13)),
    ).toEqual(['(Suite 2/3)\n\n', '(Suite 3/3)\n\n']);

    sim.phone.text(awa, '/compte');
    await shown(5);
    sim.phone.contact(awa, { phone: '+221770000001' });
    await shown(6);
    expect(last()).toBe('Numéro vérifié');
    expect(sim.state.keyboard(awa.id)).toBeNull();
    sim.phone.contact(awa, { phone: '+221770000001', forwarded: true });
    await shown(7);
    expect(last()).toBe('Ce numéro n’est pas le vôtre');

    sim.phone.photo(awa, { caption: 'Est-ce le bon formulaire ?' });
    await shown(8);
    expect(last()).toBe('Reçu : photo, Est-ce le bon formulaire ?');

    expect([...sim.state.callbacks.values()].map((callback) => callback.answeredAt)).toEqual([
      expect.any(Number),
    ]);
    expect(sim.state.callsOf('answerCallbackQuery')).toHaveLength(1);
    expect(sim.state.commands.get('default::|')?.map((each) => each['command'])).toEqual(['start', 'menu']);
    expect(house.problems).toEqual([]);
    expect(sim.state.violations).toEqual([]);
    await sim.waitFor(() => sim.state.pendingUpdates().length === 0);
  });

  test.each(['_', '*x*', '[x](tg://user?id=1)', '<b>', '&lt;', '\u202eabc', '👩🏾‍🏫', 'a\nb'])(
    'the name %j is greeted',
    async (first_name) => {
      sim.phone.raw({
        message: {
          message_id: 900,
          date: 1_790_000_000,
          chat: { id: 77, type: 'private', first_name },
          from: { id: 77, is_bot: false, first_name },
          text: '/start',
        },
      });
      await sim.waitFor(() => sim.state.botMessages(77).length === 1);
      const seen = first_name.replace('\u202e', '').replace('\n', ' ');
      expect(sim.state.lastBotMessage(77)?.text).toContain(`Bienvenue ${seen} !`);
      expect(sim.state.violations).toEqual([]);
    },
  );

  test('updates delivered twice are stored once, and each is confirmed', async () => {
    sim.faults.set({ duplicateUpdates: 2 });
    for (const word of ['un', 'deux', 'trois']) sim.phone.text(awa, word);
    await shown(3);
    await sim.waitFor(() => sim.state.pendingUpdates().length === 0);
    expect(bot()).toEqual(['Vous dites : un', 'Vous dites : deux', 'Vous dites : trois']);
  });

  test('refused markup goes plain, a deleted message is sent anew, the same edit twice is well', async () => {
    sim.faults.set({
      errors: [
        {
          method: 'sendMessage',
          code: 400,
          description: "Bad Request: can't parse entities: unexpected",
          times: 1,
        },
      ],
    });
    sim.phone.text(awa, '/start');
    await shown(1);
    const message = sim.state.lastBotMessage(awa.id);
    expect(message?.entities).toEqual([]);

    sim.phone.tap(awa, message?.message_id ?? 0, 'taux');
    await sim.waitFor(() => last() === 'Vous avez choisi taux');
    sim.phone.tap(awa, message?.message_id ?? 0, 'taux');
    await sim.waitFor(() => sim.state.callsOf('editMessageText').length === 2);
    sim.faults.set({
      errors: [
        {
          method: 'editMessageText',
          code: 400,
          description: 'Bad Request: message to edit not found',
          times: 1,
        },
      ],
    });
    sim.phone.tap(awa, message?.message_id ?? 0, 'menu');
    await shown(2);
    expect(last()).toBe('Vous avez choisi menu');
    expect(house.problems).toEqual([]);
  });

  test('a platform that goes away comes back, and nothing is lost', async () => {
    sim.phone.text(awa, 'avant');
    await shown(1);
    await sim.stop();
    await sim.start();
    sim.phone.text(awa, 'après');
    // An answer lost in the fall is sent again: at least once, never less.
    await sim.waitFor(() => last() === 'Vous dites : après');
    expect(bot()).toContain('Vous dites : avant');
  });

  test('blocked: the sender is told so', async () => {
    sim.phone.text(awa, 'bonjour');
    await shown(1);
    sim.phone.block(awa);
    await sim.waitFor(() => [...house.stored.values()].some((item) => item.kind === 'membership'));
    const call = { method: 'sendMessage', params: { chat_id: awa.id, text: 'x' } };
    await expect(telegram.send(call, new AbortController().signal)).rejects.toMatchObject({
      policy: { unreachable: true },
    });
  });

  test('every other kind of update is stored and confirmed', async () => {
    const chat = { id: -1_000_000_000_077, type: 'channel', title: 'Annonces' };
    sim.phone.raw({
      channel_post: { message_id: 3, date: 1_790_000_000, chat, sender_chat: chat, text: 'Annonce' },
    });
    sim.phone.raw({ telepathy: { thought: '?' } });
    sim.phone.raw({
      message: { message_id: 1, date: 1_790_000_000, chat: { id: 78, type: 'private' }, hologram: {} },
    });
    sim.phone.raw({ message: { date: 'hier' } });
    sim.phone.text(awa, 'et après ?');
    await shown(1);
    await sim.waitFor(() => sim.state.pendingUpdates().length === 0);
    expect(sim.state.violations).toEqual([]);
  });
});
