/** A rate with bursts (generic cell rate algorithm): `burst` at once, then one every `interval` milliseconds. */
export interface Pacer {
  /** Milliseconds until a place is free; 0: now. */
  delay(now: number): number;
  /** Takes the place. */
  take(now: number): void;
}

export function createPacer(interval: number, burst: number): Pacer {
  const tolerance = interval * (burst - 1);
  let due = Number.NEGATIVE_INFINITY;
  return {
    delay: (now) => Math.max(0, due - tolerance - now),
    take(now) {
      due = Math.max(due, now) + interval;
    },
  };
}
