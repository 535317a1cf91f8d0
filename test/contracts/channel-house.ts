import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import type { Channel, Incoming, ReceiveOutcome, Sent } from '../../src/channels/channel.ts';
import { SendError } from '../../src/channels/errors.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { InboundEvent, MediaKind } from '../../src/message/event.ts';
import type { PlatformCall, Reply } from '../../src/message/outbound.ts';
import type { RawResponse } from '../../src/message/route.ts';

/** What a person does on their phone. Throws what the platform cannot do. */
export interface Person {
  /** Expected in every address. */
  chat: string;
  says(text: string): void;
  /** Chooses an entry of the last message by its id. */
  taps(id: string): void;
  /** Presses a button of the last message's keyboard by its words. */
  presses(label: string): void;
  /** Answers the last message, which asked for it. */
  sharesOwnNumber(): void;
  sharesSomebodysNumber(): void;
  sends(
    kind: Exclude<MediaKind, 'audio' | 'other'>,
    file?: { bytes?: Uint8Array; name?: string; caption?: string },
  ): void;
  sendsTwoPicturesTogether(): void;
  edits(text: string): void;
  blocks(): void;
  /** Their chat goes on under another id, which is returned. */
  moves(): string;
  /** Something of a kind nobody has heard of. */
  sendsTheUnknown(): void;
}

/** What is on the person's phone. */
export interface Screen {
  /** Texts of the bot's messages, oldest first. */
  texts(): string[];
  /** What the last message offers, whole: labels, and descriptions under them. */
  offers(): { id?: string; label: string }[];
  asksPhone(): boolean;
  isTyping(): boolean;
}

export type Refusal =
  'throttled' | 'server error' | 'proxy page' | 'token revoked' | 'markup' | 'lost before' | 'lost after';

export interface Platform {
  channel: Channel;
  person: Person;
  screen: Screen;
  /** Lower-case name of the header that proves who calls. */
  proof: string;
  /** Headers of a genuine webhook with this body. */
  sign(body: Buffer): Record<string, string>;
  /** May be in no log, error or key. */
  secrets: readonly string[];
  /** After `start`: the platform pushes to us from now on. */
  subscribe?(): Promise<void>;
  /** The next message is refused so. */
  refuses(how: Refusal): void;
  deliversTwice(): void;
  /** Files come changed, or from this address. */
  altersFiles(): void;
  movesFiles(url: string): void;
  goesDown(): Promise<void>;
  /** What the emulator found that the real platform would have repaired or ignored. */
  violations(): readonly unknown[];
  close(): Promise<void>;
}

export interface Opening {
  /** Public address of the channel's routes. */
  baseUrl: string;
  /** Epoch milliseconds, which a rule may move. */
  now(): number;
}

export type OpenPlatform = (opening: Opening) => Promise<Platform>;

export interface Webhook {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  status: number;
}

export interface House extends Platform {
  items: Incoming[];
  /** POSTs that came, with what was answered. */
  webhooks: Webhook[];
  errors: SendError[];
  /** What `receive` answers. */
  answer: ReceiveOutcome;
  later(ms: number): void;
  post(body: Buffer, headers: Record<string, string>): Promise<{ status: number; body: string }>;
  /** Resolves with what the function returns as soon as it is neither undefined nor false. */
  until<T>(what: () => T | undefined | false): Promise<T>;
  /** Does it, and waits for what is stored of it. */
  after(act: () => void): Promise<Incoming>;
  read(item: Incoming): InboundEvent;
  /** Renders and sends, fallbacks included. */
  reply(reply: Reply, event?: InboundEvent): Promise<Sent[]>;
  render(reply: Reply, event?: InboundEvent): PlatformCall[];
  send(call: PlatformCall, reference?: string): Promise<Sent>;
  /** The error of what must fail. */
  failure(what: Promise<unknown>): Promise<SendError>;
  /** Nothing leaked, and the platform found nothing strange. */
  check(): void;
}

export const part = (i: number, n: number): string => `(Suite ${String(i)}/${String(n)})`;

export async function openHouse(make: OpenPlatform): Promise<House> {
  let ahead = 0;
  const opened: { channel?: Channel } = {};
  const webhooks: Webhook[] = [];
  const { server, baseUrl } = await mount(() => opened.channel, webhooks);
  const platform = await make({ baseUrl, now: () => systemClock.now() + ahead });
  opened.channel = platform.channel;
  const items: Incoming[] = [];
  const errors: SendError[] = [];
  const logs: string[] = [];
  const note = (event: string, fields: Record<string, unknown> = {}): void =>
    void logs.push(`${event} ${JSON.stringify(fields)}`);

  const house: House = {
    ...platform,
    items,
    webhooks,
    errors,
    answer: 'stored',
    later: (ms) => void (ahead += ms),
    until: (what) => until(what),
    read: (item) => platform.channel.read(item.payload),
    async post(body, headers) {
      const path = platform.channel.routes.find((route) => route.method === 'POST')?.path ?? '/';
      const response = await fetch(baseUrl + path, { method: 'POST', body: new Uint8Array(body), headers });
      return { status: response.status, body: await response.text() };
    },
    async after(act) {
      const before = items.length;
      act();
      return until(() => items.slice(before).find((item) => item.status === undefined));
    },
    render: (reply, event) =>
      platform.channel.render(reply, {
        address: {
          channel: platform.channel.name,
          account: platform.channel.account,
          chat: platform.person.chat,
          kind: 'private',
        },
        part,
        openList: 'Choisir',
        ...(event ? { event } : {}),
      }),
    async reply(reply, event) {
      const sent: Sent[] = [];
      for (const call of house.render(reply, event)) sent.push(await house.send(call));
      return sent;
    },
    async send(call, reference) {
      try {
        return await platform.channel.send(call, AbortSignal.timeout(5000), reference);
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        errors.push(error);
        if (error.policy.useFallback && call.fallback) return house.send(call.fallback, reference);
        throw error;
      }
    },
    async failure(what) {
      const error = await what.then(
        () => new Error('it did not fail'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof SendError)) throw error;
      errors.push(error);
      return error;
    },
    check() {
      expect(platform.violations()).toEqual([]);
      const told = errors.map((error) => `${error.code} ${error.message} ${error.stack ?? ''}`);
      const keys = items.map((item) => `${item.kind} ${item.dedupKey} ${item.unusable ?? ''}`);
      const reasons = items.map((item) => JSON.stringify(item.status?.error ?? ''));
      for (const secret of platform.secrets)
        for (const line of [...logs, ...told, ...keys, ...reasons]) expect(line).not.toContain(secret);
    },
    async close() {
      await platform.channel.stop();
      await platform.close();
      await new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    },
  };

  await platform.channel.start({
    receive: (received) => {
      if (house.answer === 'stored') items.push(...received);
      return Promise.resolve(house.answer);
    },
    digest: (value) => createHash('sha256').update(value).digest('hex'),
    log: { info: note, warn: note, error: note },
  });
  await platform.subscribe?.();
  return house;
}

/** A bare HTTP server in front of the channel's routes. */
async function mount(
  channel: () => Channel | undefined,
  webhooks: Webhook[],
): Promise<{ server: Server; baseUrl: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', headers } = request;
      const url = new URL(request.url ?? '/', 'http://house');
      const path = url.pathname;
      const body = Buffer.concat(chunks);
      const route = channel()?.routes.find((each) => each.path === path && each.method === method);
      const raw = { method, path, query: url.searchParams, headers, body, remote: '127.0.0.1' };
      const answered: Promise<RawResponse> = route?.handle(raw) ?? Promise.resolve({ status: 404 });
      void answered.then((answer) => {
        if (method === 'POST') webhooks.push({ path, headers, body, status: answer.status });
        response.writeHead(answer.status, answer.headers);
        response.end(answer.body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

function until<T>(what: () => T | undefined | false): Promise<T> {
  return vi.waitFor(
    () => {
      const found = what();
      if (found === undefined || found === false) throw new Error('it did not come');
      return found;
    },
    { timeout: 3000, interval: 3 },
  );
}
