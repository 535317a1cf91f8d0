import type { ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Store } from './store.ts';
import { limits } from './tables.ts';
import type { SimUpdate, UpdateQueue } from './updates.ts';

const TERMINATED =
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

interface Waiting {
  resolve: (batch: JsonObject[]) => void;
  reject: (error: ApiError) => void;
  limit: number;
  timer: NodeJS.Timeout;
}

/** getUpdates: one poller at a time, the newer wins. */
export class Poller {
  readonly #queue: UpdateQueue;
  readonly #store: Store;
  readonly #timeScale: number;
  #waiting: Waiting | undefined;
  /** Confirmed updates that the duplicates fault gives once more. */
  #again: SimUpdate[] = [];

  constructor(queue: UpdateQueue, store: Store, timeScale: number) {
    this.#queue = queue;
    this.#store = store;
    this.#timeScale = timeScale;
    queue.onAdd(() => this.#wake());
  }

  async poll(
    ask: { offset: number; limit: number; timeout: number },
    res: ServerResponse | undefined,
  ): Promise<JsonObject[]> {
    this.terminate(TERMINATED);
    const confirmed = this.#queue.confirmBefore(ask.offset);
    this.#again.push(...confirmed.filter((u) => u.copies > 1 && u.deliveries.length < u.copies));
    const batch = this.#take(ask.limit);
    if (batch.length > 0 || ask.timeout <= 0) return batch;
    return new Promise((resolve, reject) => {
      const wait = Math.min(ask.timeout, limits.longPollMaxSeconds) * 1000 * this.#timeScale;
      const timer = setTimeout(() => this.#finish(waiting, []), wait);
      const waiting: Waiting = { resolve, reject, limit: ask.limit, timer };
      this.#waiting = waiting;
      res?.once('close', () => this.#finish(waiting, []));
    });
  }

  /** Ends a waiting poll with a 409. */
  terminate(description: string): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    waiting.reject(new ApiError(409, description));
  }

  get polling(): boolean {
    return this.#waiting !== undefined;
  }

  #wake(): void {
    const waiting = this.#waiting;
    if (waiting) this.#finish(waiting, this.#take(waiting.limit));
  }

  #finish(waiting: Waiting, batch: JsonObject[]): void {
    if (this.#waiting !== waiting) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    waiting.resolve(batch);
  }

  #take(limit: number): JsonObject[] {
    const batch = [...this.#again, ...this.#queue.pending()].slice(0, limit);
    this.#again = this.#again.slice(limit);
    const at = this.#store.now();
    for (const update of batch) update.deliveries.push({ at, by: 'poll' });
    return batch.map((update) => update.body);
  }
}
