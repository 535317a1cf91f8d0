/** How long a tap may wait for a callback to appear before it counts as answered, in milliseconds. */
const UNSEEN = 1_500;

interface Tap {
  key: string;
  since: number;
  callback?: string;
}

/**
 * Which inline buttons show progress. The simulator lists the callbacks that wait for an answer but not their
 * buttons: a callback that appears belongs to the oldest tap without one, and ends with it.
 */
export class PendingTaps {
  #taps: Tap[] = [];
  #known = new Set<string>();

  begin(key: string, now: number): void {
    this.#taps.push({ key, since: now });
  }

  cancel(key: string): void {
    const index = this.#taps.findIndex((tap) => tap.key === key);
    if (index >= 0) this.#taps.splice(index, 1);
  }

  /** Takes the callbacks now waiting; gives the keys of the buttons still in progress. */
  update(callbacks: readonly string[], now: number): string[] {
    for (const callback of callbacks) {
      if (this.#known.has(callback)) continue;
      const tap = this.#taps.find((one) => one.callback === undefined);
      if (tap) tap.callback = callback;
    }
    this.#known = new Set(callbacks);
    this.#taps = this.#taps.filter((tap) =>
      tap.callback === undefined ? now - tap.since < UNSEEN : this.#known.has(tap.callback),
    );
    return this.#taps.map((tap) => tap.key);
  }
}
