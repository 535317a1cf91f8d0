import { backoff } from '../lib/retry.ts';

/** The health of the way to one platform: after failures in a row, one call at a time probes whether it is back. */
export interface Circuit {
  /** Milliseconds until another call may start; 0: now. */
  waitFor(): number;
  /** Calls go through. */
  isClosed(): boolean;
  started(): void;
  succeeded(): void;
  failed(): void;
  /** The platform asked the whole account to wait. */
  hold(ms: number): void;
}

const OPENS_AFTER = 3;
const PROBE = { base: 2000, cap: 30_000 };

/** @param now monotonic milliseconds */
export function createCircuit(now: () => number): Circuit {
  let failures = 0;
  let until = 0;
  let probing = false;
  return {
    isClosed: () => failures < OPENS_AFTER && until - now() <= PROBE.cap,
    waitFor() {
      const wait = until - now();
      if (wait > 0) return wait;
      return probing ? PROBE.base : 0;
    },
    started() {
      if (failures >= OPENS_AFTER || until > 0) probing = true;
    },
    succeeded() {
      failures = 0;
      probing = false;
      if (until <= now()) until = 0;
    },
    failed() {
      failures++;
      probing = false;
      if (failures >= OPENS_AFTER) until = now() + backoff(failures - OPENS_AFTER + 1, PROBE);
    },
    hold(ms) {
      probing = false;
      until = Math.max(until, now() + ms);
    },
  };
}
