import { createPost } from './webhook-post.ts';
import type { Post, PostResult } from './webhook-post.ts';
import { isObject, parseJson } from '../shared/json.ts';
import type { Store } from './store.ts';
import type { SimUpdate, UpdateQueue } from './updates.ts';

export interface WebhookSettings {
  url: string;
  secretToken: string;
  maxConnections: number;
  ipAddress: string;
}

interface Lane {
  key: string;
  updates: SimUpdate[];
  busy: boolean;
  timer?: NodeJS.Timeout;
}

const RETRY_CAP_SECONDS = 60;
const MAX_RETRY_AFTER = 3600;
const GONE_MS = 23 * 3600 * 1000;
/** Between attempts to connect to a port that does not answer; the server counts no failure for them. */
const RECONNECT_SECONDS = 1;

/** Pushes updates to the bot's webhook, one at a time per queue, and tries again on anything but 2xx. */
export class Webhook {
  readonly #queue: UpdateQueue;
  readonly #store: Store;
  readonly #options: { timeScale: number; timeoutMs: number; random: () => number };
  readonly #lanes = new Map<string, Lane>();
  readonly #ready = new Set<Lane>();
  settings: WebhookSettings | undefined;
  lastError: { date: number; message: string } | undefined;
  #post: Post | undefined;
  #active = 0;
  #goneSince = 0;

  constructor(
    queue: UpdateQueue,
    store: Store,
    options: { timeScale: number; timeoutMs: number; random: () => number },
  ) {
    this.#queue = queue;
    this.#store = store;
    this.#options = options;
    queue.onAdd((update) => {
      this.#enqueue(update);
      this.#pump();
    });
  }

  set(settings: WebhookSettings): void {
    this.remove();
    this.settings = settings;
    this.#post = createPost(settings, this.#options.timeoutMs);
    for (const update of this.#queue.pending()) this.#enqueue(update);
    this.#pump();
  }

  /** Pending updates stay; a request under way is cut. */
  remove(): void {
    this.#post?.close();
    this.#post = undefined;
    this.settings = undefined;
    this.lastError = undefined;
    this.#goneSince = 0;
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
    this.#lanes.clear();
    this.#ready.clear();
  }

  /** stop() / start() of the platform itself. */
  pause(): void {
    const { settings, lastError } = this;
    this.remove();
    this.settings = settings;
    this.lastError = lastError;
  }

  resume(): void {
    const { settings, lastError } = this;
    if (!settings) return;
    this.set(settings);
    this.lastError = lastError;
  }

  #enqueue(update: SimUpdate): void {
    if (!this.#post) return;
    let lane = this.#lanes.get(update.queue);
    if (!lane) this.#lanes.set(update.queue, (lane = { key: update.queue, updates: [], busy: false }));
    lane.updates.push(update);
    this.#ready.add(lane);
  }

  #pump(): void {
    const post = this.#post;
    for (const lane of this.#ready) {
      if (!post || this.#active >= (this.settings?.maxConnections ?? 0)) return;
      this.#ready.delete(lane);
      // What is busy or waiting comes back to #ready by itself.
      if (lane.busy || lane.timer) continue;
      const head = this.#head(lane);
      if (head) void this.#send(post, lane, head);
      else this.#lanes.delete(lane.key);
    }
  }

  #head(lane: Lane): SimUpdate | undefined {
    for (;;) {
      const [head] = lane.updates;
      if (head?.state === 'pending' && head.expiresAt <= this.#store.now())
        this.#queue.settle(head, 'expired');
      if (!head || head.state === 'pending') return head;
      lane.updates.shift();
    }
  }

  async #send(post: Post, lane: Lane, update: SimUpdate): Promise<void> {
    lane.busy = true;
    this.#active++;
    const deliver = async (): Promise<PostResult> => {
      const delivery: SimUpdate['deliveries'][number] = { at: this.#store.now(), by: 'webhook' };
      update.deliveries.push(delivery);
      const result = await post.send(update.body);
      if ('status' in result) delivery.status = result.status;
      else delivery.error = result.error;
      this.#store.changed();
      return result;
    };
    const copies = update.fails === 0 ? update.copies : 1;
    const [result] = await Promise.all([deliver(), ...Array.from({ length: copies - 1 }, deliver)]);
    this.#active--;
    lane.busy = false;
    const accepted = 'status' in result && result.status >= 200 && result.status <= 299;
    if (accepted) this.#accepted(update, result.body);
    // Where the webhook changed meanwhile, what was not accepted is already the new one's.
    else if (post === this.#post) this.#failed(lane, update, result);
    if (post === this.#post) this.#ready.add(lane);
    this.#pump();
  }

  #accepted(update: SimUpdate, body: string): void {
    this.#goneSince = 0;
    const method = methodIn(body);
    if (method !== undefined) {
      this.#store.violate(
        'webhook',
        'method-in-answer',
        `the 200 carries the method ${method}: its outcome is unknown`,
      );
    }
    this.#queue.settle(update, 'confirmed');
  }

  #failed(lane: Lane, update: SimUpdate, result: PostResult): void {
    const message =
      'status' in result
        ? `Wrong response from the webhook: ${result.status} ${result.reason}`
        : result.error;
    this.lastError = { date: this.#store.date, message };
    let seconds: number;
    if ('error' in result && !result.connected) {
      seconds = RECONNECT_SECONDS;
    } else {
      const asked = 'status' in result ? Math.min(result.retryAfter, MAX_RETRY_AFTER) : 0;
      seconds = asked;
      if (asked === 0 && update.fails > 0) {
        const cap = RETRY_CAP_SECONDS * (1 + this.#options.random());
        update.delay = Math.min(cap, update.delay * 2);
        seconds = update.delay;
      }
      update.fails++;
    }
    if ('status' in result && result.status === 410) {
      this.#goneSince ||= this.#store.now();
      if (this.#store.now() - this.#goneSince > GONE_MS) return this.remove();
    } else {
      this.#goneSince = 0;
    }
    const wait = seconds * 1000 * this.#options.timeScale;
    if (this.#store.now() + wait > update.expiresAt) {
      this.#queue.settle(update, 'expired');
      return;
    }
    lane.timer = setTimeout(() => {
      delete lane.timer;
      this.#ready.add(lane);
      this.#pump();
    }, wait);
    this.#store.changed();
  }
}

/** Telegram would execute it. JSON or form. */
function methodIn(body: string): string | undefined {
  const parsed = parseJson(body);
  const method = parsed.ok
    ? isObject(parsed.value)
      ? parsed.value['method']
      : undefined
    : new URLSearchParams(body).get('method');
  return typeof method === 'string' && method !== '' ? method : undefined;
}
