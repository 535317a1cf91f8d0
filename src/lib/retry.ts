export interface Backoff {
  /** Delay of the first retry, ms. */
  base: number;
  /** No delay is longer, ms. */
  cap: number;
  /** Uniform in [0, 1); tests pass their own. */
  random?: () => number;
}

/**
 * Milliseconds to wait before attempt `attempt` + 1 (1 is the first attempt that failed): exponential, with the upper
 * half random ("equal jitter"), so that many waiters neither come back together nor at once.
 */
export function backoff(attempt: number, { base, cap, random = Math.random }: Backoff): number {
  const exponent = Math.min(Math.max(attempt - 1, 0), 52);
  const full = Math.min(cap, base * 2 ** exponent);
  return Math.round(full / 2 + (full / 2) * random());
}
