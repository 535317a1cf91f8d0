import { asText, isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Store } from './store.ts';
import { limits } from './tables.ts';

/** One delivery: by webhook (`status`, or `error` when there was no answer) or in a getUpdates batch. */
export interface Delivery {
  /** ms */
  at: number;
  by: 'webhook' | 'poll';
  status?: number;
  error?: string;
}

export interface SimUpdate {
  readonly update_id: number;
  readonly kind: string;
  readonly body: JsonObject;
  /** Updates of one queue are delivered strictly one after the other. */
  readonly queue: string;
  /** ms */
  readonly createdAt: number;
  readonly expiresAt: number;
  state: 'pending' | 'confirmed' | 'expired' | 'dropped';
  readonly deliveries: Delivery[];
  /** How often each delivery is made (fault `duplicateUpdates`). */
  readonly copies: number;
  /** Given an id by hand, below the sequence: a later offset does not confirm it unseen. */
  readonly outOfOrder: boolean;
  fails: number;
  /** s */
  delay: number;
}

const NOT_BY_DEFAULT = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);
const KEPT_SECONDS: Record<string, number> = {
  callback_query: limits.callbackKeptSeconds,
  shipping_query: limits.callbackKeptSeconds,
  pre_checkout_query: limits.callbackKeptSeconds,
  inline_query: 30,
  chosen_inline_result: 600,
};
const KEPT = 100_000;

/** Updates not yet confirmed by the bot, in order, and the history of all. */
export class UpdateQueue {
  readonly history: SimUpdate[] = [];
  readonly #store: Store;
  readonly #copies: () => number;
  readonly #listeners: ((update: SimUpdate) => void)[] = [];
  readonly #live = new Set<SimUpdate>();
  /** Empty: the default kinds. Sticky between calls. */
  allowed: string[] = [];
  #next: number;

  constructor(store: Store, copies: () => number, firstId: number) {
    this.#store = store;
    this.#next = firstId;
    this.#copies = copies;
  }

  onAdd(listener: (update: SimUpdate) => void): void {
    this.#listeners.push(listener);
  }

  /** Returns the update's id, or 0 when the bot has not asked for that kind. */
  add(kind: string, payload: JsonObject): number {
    return this.#wants(kind) ? this.#push(kind, this.#next, payload, false) : 0;
  }

  /** Any update, as it is; `update_id` is added when absent. */
  addRaw(update: JsonObject): number {
    const given = update['update_id'];
    const id = typeof given === 'number' ? given : this.#next;
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? 'empty';
    const { update_id: _id, ...rest } = update;
    return this.#push(kind, id, rest, id < this.#next, rest);
  }

  #push(kind: string, id: number, payload: JsonObject, outOfOrder: boolean, raw?: JsonObject): number {
    if (id >= this.#next) this.#next = id + 1;
    const createdAt = this.#store.now();
    const update: SimUpdate = {
      update_id: id,
      kind,
      body: { update_id: id, ...(raw ?? { [kind]: payload }) },
      queue: queueOf(kind, raw ? raw[kind] : payload),
      createdAt,
      expiresAt: createdAt + (KEPT_SECONDS[kind] ?? limits.updateKeptSeconds) * 1000,
      state: 'pending',
      deliveries: [],
      copies: this.#copies(),
      outOfOrder,
      fails: 0,
      delay: 1,
    };
    this.history.push(update);
    if (this.history.length > KEPT) this.history.splice(0, KEPT / 10);
    this.#live.add(update);
    for (const listener of this.#listeners) listener(update);
    this.#store.changed();
    return id;
  }

  #wants(kind: string): boolean {
    return this.allowed.length === 0 ? !NOT_BY_DEFAULT.has(kind) : this.allowed.includes(kind);
  }

  pending(): SimUpdate[] {
    const now = this.#store.now();
    for (const update of this.#live) if (update.expiresAt <= now) this.settle(update, 'expired');
    return [...this.#live];
  }

  settle(update: SimUpdate, state: 'confirmed' | 'expired' | 'dropped'): void {
    if (!this.#live.delete(update)) return;
    update.state = state;
    this.#store.changed();
  }

  dropAll(): void {
    for (const update of this.#live) this.settle(update, 'dropped');
  }

  /** getUpdates semantics: everything before `offset` is confirmed; a negative one keeps only the last ones. */
  confirmBefore(offset: number): SimUpdate[] {
    const pending = this.pending();
    // An offset from before a restart of the sequence is in the future: the server starts from the head.
    if (offset > this.#next) return [];
    const confirmed =
      offset < 0
        ? pending.slice(0, Math.max(0, pending.length + offset))
        : pending.filter((u) => u.update_id < offset && (!u.outOfOrder || u.deliveries.length > 0));
    for (const update of confirmed) this.settle(update, 'confirmed');
    return confirmed;
  }
}

/** Chat for messages, person for button presses, so that a tap and a message of one chat may arrive together. */
function queueOf(kind: string, payload: unknown): string {
  if (!isObject(payload)) return `${kind}`;
  const { chat, from, user } = payload;
  const person = isObject(from) ? from['id'] : isObject(user) ? user['id'] : undefined;
  if (
    [
      'callback_query',
      'inline_query',
      'chosen_inline_result',
      'shipping_query',
      'pre_checkout_query',
    ].includes(kind)
  ) {
    return `${kind}:${String(person)}`;
  }
  if (isObject(chat)) return `${/member|reaction/.test(kind) ? kind : 'chat'}:${String(chat['id'])}`;
  return `${kind}:${asText(payload['id'] ?? person)}`;
}
