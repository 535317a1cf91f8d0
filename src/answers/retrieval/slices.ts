import type { Clock } from '../../lib/clock.ts';

/** Work that says, by `yield`, where it may pause. */
export type Slices<T> = Generator<undefined, T, undefined>;

/** How long the event loop may be held at a time. Milliseconds. */
const SLICE_MS = 10;

export interface Pace {
  /** Does the work, letting everything else happen between two slices. */
  run<T>(work: Slices<T>): Promise<T>;
}

/** Works that follow each other share their slices: a thousand short ones do not hold the loop either. */
export function createPace(clock: Pick<Clock, 'monotonic'>): Pace {
  let started = clock.monotonic();
  return {
    async run(work) {
      for (;;) {
        if (clock.monotonic() - started >= SLICE_MS) {
          await new Promise(setImmediate);
          started = clock.monotonic();
        }
        const step = work.next();
        if (step.done === true) return step.value;
      }
    },
  };
}

/** Does the work at once: for what is small. */
export function finished<T>(work: Slices<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
