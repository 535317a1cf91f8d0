import { randomBytes } from 'node:crypto';
import { copiesOf } from '../shared/random.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Faults } from './faults.ts';
import { limits } from './limits.ts';
import { metaJson, signature } from './meta-json.ts';
import type { Store } from './store.ts';
import { Timers } from './timers.ts';
import { webhookBody } from './webhook-body.ts';
import type { WebhookEvent } from './webhook-body.ts';

/** One POST, with every attempt at it. */
export interface Delivery {
  id: number;
  body: JsonObject;
  /** Exactly the bytes posted. */
  raw: Buffer;
  signature: string;
  /** `missed`: there was no webhook to send it to. */
  state: 'pending' | 'delivered' | 'expired' | 'missed';
  attempts: { at: number; status?: number; error?: string }[];
  /** ms after which it is given up. */
  expiresAt: number;
}

interface Options {
  appSecret: string;
  verifyToken: string;
  timeScale: number;
  timeoutMs: number;
  random: () => number;
}

const GATHER_MS = 30;
const BATCH_WAIT_MS = 100;
const FIRST_RETRY_MS = 5000;
const RETRY_CAP_MS = 3_600_000;
const KEPT = 20_000;

/** Signed POSTs to the product's webhook, tried again until a 200, for seven days. */
export class Webhook {
  readonly #store: Store;
  readonly #faults: Faults;
  readonly #options: Options;
  readonly #timers: Timers;
  /** Deliveries of one person begin in order; a failed one does not hold back the next. */
  readonly #lanes = new Map<string, Promise<void>>();
  readonly history: Delivery[] = [];
  #url: string | undefined;
  #buffer: WebhookEvent[] = [];
  #gathering = new Timers(1);
  readonly #posting = new Set<AbortController>();
  #paused = false;
  #ids = 0;

  constructor(store: Store, faults: Faults, options: Options) {
    this.#store = store;
    this.#faults = faults;
    this.#options = options;
    this.#timers = new Timers(options.timeScale);
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** The dashboard's "Verify and save": the URL must give the challenge back, alone. */
  async subscribe(url: string): Promise<void> {
    const challenge = String(randomBytes(4).readUInt32BE());
    const asked = new URL(url);
    asked.searchParams.set('hub.mode', 'subscribe');
    asked.searchParams.set('hub.verify_token', this.#options.verifyToken);
    asked.searchParams.set('hub.challenge', challenge);
    const response = await fetch(asked, {
      redirect: 'manual',
      signal: AbortSignal.timeout(this.#options.timeoutMs),
    });
    const body = await response.text();
    if (response.status !== 200 || body !== challenge) {
      throw new Error(
        `The callback URL or verify token couldn't be validated: ${response.status}, ${JSON.stringify(body.slice(0, 200))} instead of the challenge`,
      );
    }
    this.#url = url;
    this.#store.changed();
  }

  push(event: WebhookEvent): void {
    const { batch, reorder } = this.#faults;
    this.#buffer.push(event);
    if (batch > 1 && this.#buffer.length >= batch) return this.#flush();
    if (batch <= 1 && !reorder) return this.#flush();
    // From the first one on: under steady traffic, waiting for silence would be waiting for ever.
    if (this.#buffer.length > 1) return;
    this.#gathering.exactly(batch > 1 ? BATCH_WAIT_MS : GATHER_MS, () => this.#flush());
  }

  #flush(): void {
    this.#gathering.clear();
    const events = this.#faults.reorder ? this.#buffer.reverse() : this.#buffer;
    this.#buffer = [];
    const size = Math.max(1, Math.floor(this.#faults.batch));
    for (let i = 0; i < events.length; i += size) this.#post(events.slice(i, i + size));
  }

  #post(events: WebhookEvent[]): void {
    const body = webhookBody(events);
    const raw = Buffer.from(metaJson(body));
    const delivery: Delivery = {
      id: ++this.#ids,
      body,
      raw,
      signature: signature(this.#options.appSecret, raw),
      state: this.#url === undefined ? 'missed' : 'pending',
      attempts: [],
      expiresAt: this.#store.now() + limits.webhookDays * 86_400_000,
    };
    this.history.push(delivery);
    if (this.history.length > KEPT) this.history.splice(0, KEPT / 10);
    if (delivery.state === 'missed') return;
    const lane = events[0]?.lane ?? '';
    const copies = copiesOf(this.#faults.duplicateWebhooks, this.#options.random);
    const turn = (this.#lanes.get(lane) ?? Promise.resolve()).then(async () => {
      await Promise.all(Array.from({ length: copies }, (_, copy) => this.#attempt(delivery, copy === 0)));
      if (this.#lanes.get(lane) === turn) this.#lanes.delete(lane);
    });
    this.#lanes.set(lane, turn);
  }

  /** Never rejects. */
  async #attempt(delivery: Delivery, retries: boolean): Promise<void> {
    if (this.#url === undefined || this.#paused) return;
    const attempt: Delivery['attempts'][number] = { at: this.#store.now() };
    delivery.attempts.push(attempt);
    const abort = new AbortController();
    const late = setTimeout(() => abort.abort(new Error('no answer in time')), this.#options.timeoutMs);
    this.#posting.add(abort);
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        redirect: 'manual',
        signal: abort.signal,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': delivery.signature,
        },
        body: new Uint8Array(delivery.raw),
      });
      attempt.status = response.status;
      await response.arrayBuffer();
    } catch (error) {
      attempt.error = readable(error);
    }
    clearTimeout(late);
    this.#posting.delete(abort);
    if (attempt.status === 200) delivery.state = 'delivered';
    else if (retries && !this.#paused) this.#retry(delivery);
    this.#store.changed();
  }

  #retry(delivery: Delivery): void {
    if (delivery.state !== 'pending') return;
    const wait = Math.min(RETRY_CAP_MS, FIRST_RETRY_MS * 2 ** (delivery.attempts.length - 1));
    if (this.#store.now() + wait * this.#options.timeScale > delivery.expiresAt) {
      delivery.state = 'expired';
      return;
    }
    this.#timers.after(wait, () => {
      // A duplicate may have been taken meanwhile.
      if (delivery.state === 'pending') void this.#attempt(delivery, true);
    });
  }

  pending(): Delivery[] {
    return this.history.filter(({ state }) => state === 'pending');
  }

  /** stop() / start() of the platform itself: what is pending is tried at once. */
  pause(): void {
    this.#paused = true;
    for (const abort of this.#posting) abort.abort(new Error('the platform stopped'));
    this.#timers.clear();
    this.#gathering.clear();
  }

  resume(): void {
    this.#paused = false;
    for (const delivery of this.pending()) void this.#attempt(delivery, true);
    if (this.#buffer.length > 0) this.#flush();
  }
}

function readable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
