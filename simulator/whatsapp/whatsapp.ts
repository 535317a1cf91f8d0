import type { IncomingMessage, ServerResponse } from 'node:http';
import { seeded } from '../shared/random.ts';
import { waitFor } from '../shared/wait.ts';
import { createControl } from './control.ts';
import type { Platform } from './dispatch.ts';
import { Events } from './events.ts';
import { createFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { limits } from './limits.ts';
import { mediaUrl } from './media-calls.ts';
import { createPhone } from './phone.ts';
import type { Phone } from './phone.ts';
import { Sender } from './send.ts';
import { listen } from './server.ts';
import type { Listening } from './server.ts';
import { createState } from './state.ts';
import type { SimState } from './state.ts';
import { Store } from './store.ts';
import { defaultTemplates } from './templates.ts';
import type { Template } from './templates.ts';
import { Timers } from './timers.ts';
import { Webhook } from './webhook.ts';

export type { DropRule, ErrorRule, FailRule, Faults, FaultSettings } from './faults.ts';
export type { Choice, ListRow, ShownList, ShownMedia, SimMessage, Status } from './message.ts';
export { people } from './people.ts';
export type { WaUser } from './people.ts';
export type { FileOptions, Phone, SayOptions } from './phone.ts';
export type { SimState } from './state.ts';
export type { CallRecord, SimChat, SimMedia, StatusRecord, Violation } from './store.ts';
export type { Template } from './templates.ts';
export type { Delivery } from './webhook.ts';

export interface WhatsAppSimulatorOptions {
  token?: string;
  /** Default `100000000000001`. */
  phoneId?: string;
  /** Default `221330000000`. */
  displayNumber?: string;
  businessName?: string;
  appSecret?: string;
  verifyToken?: string;
  /** 0: any free port; kept from one start to the next. */
  port?: number;
  host?: string;
  /** The newest Graph version. Default `v25.0`. */
  version?: string;
  /** ms since 1970; windows, expiries and the rate limits follow it. */
  now?: () => number;
  /** Retry delays and the time until a message is delivered are multiplied by it. */
  timeScale?: number;
  /** Of the faults that are a matter of chance. */
  seed?: number;
  /** Customer service window; default 24 h. */
  windowMs?: number;
  /** ms a webhook may take to answer. */
  webhookTimeoutMs?: number;
  /** Beside the two it has. */
  templates?: readonly Template[];
}

export interface WhatsAppSimulator {
  readonly token: string;
  readonly phoneId: string;
  readonly displayNumber: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly version: string;
  /** `http://127.0.0.1:port`, after start: takes the place of https://graph.facebook.com. */
  readonly url: string;
  start(): Promise<void>;
  /** The platform goes down: connections are cut, what it knows is kept for the next start. */
  stop(): Promise<void>;
  /** Verifies the webhook (GET with the challenge), and from then on pushes to it. Rejects when it does not verify. */
  subscribe(webhookUrl: string): Promise<void>;
  /** Handles `/simulator/api/whatsapp/**` on any node:http server; also served on its own port. */
  control(req: IncomingMessage, res: ServerResponse): void;
  readonly phone: Phone;
  readonly state: SimState;
  readonly faults: Faults;
  /** The approved templates, and those that are not. */
  readonly templates: Template[];
  /** Resolves with what the predicate returns as soon as it is neither undefined nor false. Default 5 s. */
  waitFor<T>(predicate: () => T | undefined | false, timeoutMs?: number): Promise<T>;
}

export function createWhatsAppSimulator(options: WhatsAppSimulatorOptions = {}): WhatsAppSimulator {
  const token = options.token ?? 'EAASIMULATEDTOKENFORDEMOANDTESTS';
  const phoneId = options.phoneId ?? '100000000000001';
  const displayNumber = options.displayNumber ?? '221330000000';
  const businessName = options.businessName ?? 'Guichet (démo)';
  const appSecret = options.appSecret ?? 'simulated-app-secret-for-demo-and-tests';
  const verifyToken = options.verifyToken ?? 'simulated-verify-token-for-demo-and-tests';
  const version = options.version ?? 'v25.0';
  const host = options.host ?? '127.0.0.1';
  const timeScale = options.timeScale ?? 1;
  const random = seeded(options.seed ?? 1);
  const faults = createFaults();
  const timers = new Timers(timeScale);
  let port = options.port ?? 0;
  let listening: Listening | undefined;
  const base = (): string => {
    if (port === 0) throw new Error('start() the simulator first');
    return `http://${host}:${port}`;
  };

  const store = new Store({
    now: options.now ?? Date.now,
    windowMs: options.windowMs ?? limits.windowSeconds * 1000,
    templates: [...defaultTemplates, ...(options.templates ?? [])],
  });
  const webhook = new Webhook(store, faults, {
    appSecret,
    verifyToken,
    timeScale,
    timeoutMs: options.webhookTimeoutMs ?? 10_000,
    random,
  });
  const events = new Events(store, faults, webhook, { phoneId, displayNumber, version });
  const sender = new Sender({ store, faults, events, timers, random, ownNumber: displayNumber });
  const phone = createPhone({
    store,
    events,
    faults,
    mediaUrl: (media) => mediaUrl(media, store.now(), faults, { base: base(), appSecret }),
  });
  const control = createControl({
    store,
    phone,
    faults,
    business: { name: businessName, number: displayNumber },
  });
  const platform: Platform = {
    store,
    faults,
    sender,
    random,
    token,
    appSecret,
    phoneId,
    displayNumber,
    businessName,
    version,
    base,
  };

  return {
    token,
    phoneId,
    displayNumber,
    appSecret,
    verifyToken,
    version,
    get url() {
      return base();
    },
    async start() {
      if (listening) return;
      listening = await listen(platform, control.handle, { host, port });
      port = listening.port;
      webhook.resume();
      sender.resume();
    },
    async stop() {
      const was = listening;
      listening = undefined;
      webhook.pause();
      timers.clear();
      control.close();
      await was?.close();
    },
    subscribe: (webhookUrl) => webhook.subscribe(webhookUrl),
    control: control.handle,
    phone,
    state: createState(store, webhook),
    faults,
    templates: store.templates,
    waitFor: (predicate, timeoutMs = 5000) =>
      waitFor(
        {
          listen: (listener) => store.listen(listener),
          lastCalls: () => store.calls.map((call) => `${call.name} ${call.status ?? call.dropped ?? '…'}`),
        },
        predicate,
        timeoutMs,
      ),
  };
}
