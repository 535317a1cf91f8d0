import type { JsonObject } from '../shared/json.ts';
import type { Limits } from './tables.ts';

/** Which calls a fault hits. No `method`: every method but getUpdates. No `times`: until removed. */
export interface FaultMatch {
  method?: string;
  chat?: number | string;
  times?: number;
  /** 0–1; absent: every matching call. */
  probability?: number;
}

export interface DropRule extends FaultMatch {
  /** `record-…`: the call takes effect and the answer is lost; else it never happened. */
  mode: 'record-then-reset' | 'record-then-hang' | 'reset' | 'hang';
}

export interface TooManyRule extends FaultMatch {
  /** s */
  retryAfter: number;
}

export interface ErrorRule extends FaultMatch {
  code: number;
  description: string;
  parameters?: JsonObject;
  /** Answered instead of JSON, as a proxy in between does. */
  html?: string;
}

export interface FaultSettings {
  /** 0–1: chance that an update is delivered twice; 2 and more: every update is delivered so many times. */
  duplicateUpdates: number;
  dropCalls: DropRule[];
  /** The platform's real limits: 30/s, 1/s per chat with short bursts, 20/min per group. */
  rateLimit: boolean;
  tooManyRequests: TooManyRule[];
  errors: ErrorRule[];
  /** Before every answer. */
  latencyMs: number;
}

export interface Faults extends FaultSettings {
  set(faults: Partial<FaultSettings>): void;
  reset(): void;
}

const none = (): FaultSettings => ({
  duplicateUpdates: 0,
  dropCalls: [],
  rateLimit: false,
  tooManyRequests: [],
  errors: [],
  latencyMs: 0,
});

export function createFaults(): Faults {
  const faults: Faults = {
    ...none(),
    set: (some) => Object.assign(faults, some),
    reset: () => Object.assign(faults, none()),
  };
  return faults;
}

/** The first rule that hits this call, counted down. */
export function hit<R extends FaultMatch>(
  rules: R[],
  call: { method: string; chat: string },
  random: () => number,
): R | undefined {
  const rule = rules.find(
    (candidate) =>
      (candidate.times ?? 1) > 0 &&
      (candidate.method === undefined
        ? call.method !== 'getUpdates'
        : candidate.method.toLowerCase() === call.method.toLowerCase()) &&
      (candidate.chat === undefined || String(candidate.chat) === call.chat) &&
      (candidate.probability === undefined || random() < candidate.probability),
  );
  if (rule?.times !== undefined) rule.times--;
  return rule;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A private chat takes a few messages at once before one a second is held to. */
const CHAT_BURST = 4;

/** Token buckets of the published rates. */
export class RateLimiter {
  readonly #limits: Limits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Seconds to wait, or 0 when the message may go. `now` in ms. */
  take(chat: string, group: boolean, now: number): number {
    const { perSecond, perChatPerSecond, perGroupPerMinute } = this.#limits;
    const overall = this.#bucket('bot', perSecond, perSecond, now);
    const own = group
      ? this.#bucket(chat, perGroupPerMinute, perGroupPerMinute / 60, now)
      : this.#bucket(chat, CHAT_BURST, perChatPerSecond, now);
    const rate = group ? perGroupPerMinute / 60 : perChatPerSecond;
    const wait = Math.max((1 - overall.tokens) / perSecond, (1 - own.tokens) / rate);
    if (wait > 0) return Math.ceil(wait);
    overall.tokens--;
    own.tokens--;
    return 0;
  }

  #bucket(key: string, size: number, perSecond: number, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: size, at: now };
    bucket.tokens = Math.min(size, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
