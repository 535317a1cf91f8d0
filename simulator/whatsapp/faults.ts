import type { JsonObject } from '../shared/json.ts';

/** Which calls a fault hits. No `call`: sent messages. No `times`: until removed. */
interface FaultMatch {
  /** As in CallRecord.name: `POST read`, `GET media`, `GET download`… */
  call?: string;
  /** `to` or `recipient` of the request. */
  to?: string;
  times?: number;
  /** 0–1; absent: every matching call. */
  probability?: number;
}

export interface DropRule extends FaultMatch {
  /** `record-…`: the call takes effect and the answer is lost; else it never happened. */
  mode: 'record-then-reset' | 'record-then-hang' | 'reset' | 'hang';
}

export interface ErrorRule extends FaultMatch {
  code: number;
  /** Default: the code's own. */
  httpStatus?: number;
  details?: string;
  /** Answered instead of JSON, as a proxy in between does. */
  html?: string;
}

export interface FailRule {
  to?: string;
  /** 131026, 131049… */
  code: number;
  times?: number;
  /** The status sent comes first, as when the person's device is what refuses. */
  afterSent?: boolean;
}

export interface FaultSettings {
  /** 0–1: chance that a webhook is delivered twice; 2 and more: each is delivered so many times. */
  duplicateWebhooks: number;
  /** What happens within 30 ms is delivered last first. */
  reorder: boolean;
  /** Events per POST, spread over entries, changes and messages. */
  batch: number;
  dropCalls: DropRule[];
  errors: ErrorRule[];
  /** The real limits: 80/s in all, and to one person 1 per 6 s after a burst of 45. */
  throttle: boolean;
  /** Answered 200, then a failed status. */
  failStatus: FailRule[];
  /** Nobody's number is in the webhooks: business-scoped ids only. */
  withoutPhone: boolean;
  /** Incoming media carry their address in the webhook, as since the end of 2025. */
  mediaUrlInWebhook: boolean;
  /** Given instead of the media's own address, whatever its host; empty: none. */
  mediaUrl: string;
  /** Media addresses answer 404, although the media are known. */
  mediaGone: boolean;
  /** Media are not what their sha256 says, though of the same size. */
  mediaCorrupt: boolean;
  /** Declared as file_size instead of the true size, in bytes; 0: the true one. */
  mediaSize: number;
  /** Before every answer. */
  latencyMs: number;
}

export interface Faults extends FaultSettings {
  set(faults: Partial<FaultSettings>): void;
  reset(): void;
}

const none = (): FaultSettings => ({
  duplicateWebhooks: 0,
  reorder: false,
  batch: 1,
  dropCalls: [],
  errors: [],
  throttle: false,
  failStatus: [],
  withoutPhone: false,
  mediaUrlInWebhook: false,
  mediaUrl: '',
  mediaGone: false,
  mediaCorrupt: false,
  mediaSize: 0,
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

export function settingsOf({ set: _set, reset: _reset, ...settings }: Faults): JsonObject {
  return settings;
}

/** The first rule that hits this call, counted down. */
export function hit<R extends FaultMatch>(
  rules: R[],
  call: { name: string; to: string },
  random: () => number,
): R | undefined {
  const rule = rules.find(
    (candidate) =>
      (candidate.times ?? 1) > 0 &&
      (candidate.call ?? 'POST messages') === call.name &&
      (candidate.to === undefined || candidate.to === call.to) &&
      (candidate.probability === undefined || random() < candidate.probability),
  );
  if (rule?.times !== undefined) rule.times--;
  return rule;
}

/** Tokens that come back with time. */
export class Bucket {
  readonly #size: number;
  readonly #perSecond: number;
  #tokens: number;
  #at: number | undefined;

  constructor(size: number, perSecond: number) {
    this.#size = size;
    this.#perSecond = perSecond;
    this.#tokens = size;
  }

  /** `now` in ms, which may be of an emulated clock. */
  has(now: number): boolean {
    const passed = Math.max(0, now - (this.#at ?? now)) / 1000;
    this.#tokens = Math.min(this.#size, this.#tokens + passed * this.#perSecond);
    this.#at = now;
    return this.#tokens >= 1 - 1e-9;
  }

  take(): void {
    this.#tokens--;
  }
}
