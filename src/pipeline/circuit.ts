import { backoff } from '../lib/retry.ts';

/**
 * The health of the way to one platform: after failures in a row, one call at a time probes whether it is back. While
 * all of them were for one chat, only that chat waits: the fault may be its own.
 */
export interface Circuit {
  /** Milliseconds until another call to this destination may start; 0: now. */
  waitFor(destination: string): number;
  /** Calls go through. */
  isClosed(): boolean;
  started(): void;
  succeeded(): void;
  failed(destination: string): void;
  /** The platform asked the whole account to wait. */
  hold(ms: number): void;
}

const OPENS_AFTER = 3;
const PROBE = { base: 2000, cap: 30_000 };

/** @param now monotonic milliseconds */
export function createCircuit(now: () => number): Circuit {
  let failures = 0;
  let until = 0;
  /** The whole account was told to wait. */
  let held = 0;
  let probing = false;
  const failing = new Set<string>();
  return {
    isClosed: () => failures < OPENS_AFTER && until - now() <= PROBE.cap,
    waitFor(destination) {
      if (held <= now() && failing.size === 1 && !failing.has(destination)) return 0;
      const wait = until - now();
      if (wait > 0) return wait;
      return probing ? PROBE.base : 0;
    },
    started() {
      if (failures >= OPENS_AFTER || until > 0) probing = true;
    },
    succeeded() {
      failures = 0;
      failing.clear();
      probing = false;
      if (until <= now()) until = 0;
    },
    failed(destination) {
      failures++;
      if (failing.size < OPENS_AFTER) failing.add(destination);
      probing = false;
      if (failures >= OPENS_AFTER) until = now() + backoff(failures - OPENS_AFTER + 1, PROBE);
    },
    hold(ms) {
      probing = false;
      until = Math.max(until, now() + ms);
      held = Math.max(held, until);
    },
  };
}
