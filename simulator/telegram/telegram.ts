import type { IncomingMessage, ServerResponse } from 'node:http';
import { createControl } from './control.ts';
import type { Platform } from './dispatch.ts';
import { copiesOf, seeded } from '../shared/random.ts';
import { waitFor } from '../shared/wait.ts';
import { createFaults, RateLimiter } from './faults.ts';
import type { Faults } from './faults.ts';
import { createPhone } from './phone.ts';
import type { Phone } from './phone.ts';
import { Poller } from './polling.ts';
import { listen } from './server.ts';
import type { Listening } from './server.ts';
import { createState } from './state.ts';
import type { SimState } from './state.ts';
import { Store } from './store.ts';
import { limits } from './tables.ts';
import { UpdateQueue } from './updates.ts';
import { Webhook } from './webhook.ts';

export type { DropRule, ErrorRule, Faults, FaultSettings, TooManyRule } from './faults.ts';
export type { Entity, SimMessage } from './message.ts';
export { people } from './people.ts';
export type { SimChatRef, SimUser } from './people.ts';
export type { AlbumItem, ContactOptions, FileOptions, Phone, SayOptions } from './phone.ts';
export type { SimState } from './state.ts';
export type { CallRecord, SimCallback, SimChat, Violation } from './store.ts';
export type { SimUpdate } from './updates.ts';

export interface TelegramSimulatorOptions {
  /** Default `1000001:SIMULATED-TOKEN-FOR-DEMO-AND-TESTS`. */
  token?: string;
  botUsername?: string;
  botName?: string;
  /** 0: any free port; kept from one start to the next. */
  port?: number;
  host?: string;
  /** setWebhook takes http:// and any port and address. */
  allowHttpWebhook?: boolean;
  /** ms since 1970; dates, expiries, the 15 s of a callback and the rate limits follow it. */
  now?: () => number;
  /** Retry delays and long-poll waits are multiplied by it. */
  timeScale?: number;
  /** ms a webhook may take to answer. */
  webhookTimeoutMs?: number;
  /** Number of the first update; a bot that remembers must never be given the same one twice. */
  firstUpdateId?: number;
  /** Of the faults that are a matter of chance. */
  seed?: number;
}

export interface TelegramSimulator {
  readonly token: string;
  readonly botId: number;
  /** `http://127.0.0.1:port`, after start. */
  readonly url: string;
  start(): Promise<void>;
  /** The platform goes down: connections are cut, what it knows is kept for the next start. */
  stop(): Promise<void>;
  /** Handles `/simulator/api/telegram/**` on any node:http server; also served on its own port. */
  control(req: IncomingMessage, res: ServerResponse): void;
  readonly phone: Phone;
  readonly state: SimState;
  readonly faults: Faults;
  /** Resolves with what the predicate returns as soon as it is neither undefined nor false. Default 5 s. */
  waitFor<T>(predicate: () => T | undefined | false, timeoutMs?: number): Promise<T>;
}

export function createTelegramSimulator(options: TelegramSimulatorOptions = {}): TelegramSimulator {
  const token = options.token ?? '1000001:SIMULATED-TOKEN-FOR-DEMO-AND-TESTS';
  const botId = Number.parseInt(token, 10);
  const host = options.host ?? '127.0.0.1';
  const timeScale = options.timeScale ?? 1;
  const random = seeded(options.seed ?? 1);
  const faults = createFaults();
  const store = new Store(
    {
      id: botId,
      first_name: options.botName ?? 'Guichet (démo)',
      username: options.botUsername ?? 'guichet_demo_bot',
    },
    options.now ?? Date.now,
  );
  const queue = new UpdateQueue(
    store,
    () => copiesOf(faults.duplicateUpdates, random),
    options.firstUpdateId ?? 800_000_000,
  );
  const poller = new Poller(queue, store, timeScale);
  const webhook = new Webhook(queue, store, {
    timeScale,
    timeoutMs: options.webhookTimeoutMs ?? 60_000,
    random,
  });
  const phone = createPhone(store, queue);
  const control = createControl({ store, phone, faults });
  const platform: Platform = {
    store,
    queue,
    poller,
    webhook,
    faults,
    random,
    token,
    limiter: new RateLimiter(limits),
    allowHttpWebhook: options.allowHttpWebhook ?? false,
  };
  let port = options.port ?? 0;
  let listening: Listening | undefined;

  return {
    token,
    botId,
    get url() {
      if (port === 0) throw new Error('start() the simulator first');
      return `http://${host}:${port}`;
    },
    async start() {
      if (listening) return;
      listening = await listen(platform, control.handle, { host, port });
      port = listening.port;
      webhook.resume();
    },
    async stop() {
      const was = listening;
      listening = undefined;
      webhook.pause();
      control.close();
      await was?.close();
    },
    control: control.handle,
    phone,
    state: createState(store, queue, webhook, () => poller.polling),
    faults,
    waitFor: (predicate, timeoutMs = 5000) =>
      waitFor(
        {
          listen: (listener) => store.listen(listener),
          lastCalls: () => store.calls.map((call) => `${call.method} ${call.status ?? call.dropped ?? '…'}`),
        },
        predicate,
        timeoutMs,
      ),
  };
}
