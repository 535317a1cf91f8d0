import type { Clock } from './clock.ts';

/** Says whether to call a service that keeps failing. */
export interface Breaker {
  /** May a call be made now? While open, one call in each `openMs` is let through as a probe. */
  enter(): boolean;
  succeeded(): void;
  failed(): void;
  /** The call ended without a word on the service (the caller gave up). */
  released(): void;
}

export interface BreakerOptions {
  clock: Clock;
  /** Failures in a row that open the circuit. */
  failures?: number;
  /** Milliseconds it stays open. */
  openMs?: number;
}

export function createBreaker({ clock, failures = 5, openMs = 30_000 }: BreakerOptions): Breaker {
  let inARow = 0;
  let openUntil = -Infinity;
  let probing = false;
  const open = () => inARow >= failures;
  return {
    enter() {
      if (!open()) return true;
      if (probing || clock.monotonic() < openUntil) return false;
      probing = true;
      return true;
    },
    succeeded() {
      inARow = 0;
      probing = false;
    },
    failed() {
      inARow += 1;
      probing = false;
      if (open()) openUntil = clock.monotonic() + openMs;
    },
    released() {
      probing = false;
    },
  };
}
