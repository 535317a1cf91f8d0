/** What is yet to happen on the platform; all of it stops with it. */
export class Timers {
  readonly #timeScale: number;
  readonly #pending = new Set<NodeJS.Timeout>();

  constructor(timeScale: number) {
    this.#timeScale = timeScale;
  }

  /** `ms` of the platform's time, which the scale makes shorter. */
  after(ms: number, act: () => void): void {
    this.exactly(ms * this.#timeScale, act);
  }

  exactly(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      act();
    }, ms);
    this.#pending.add(timer);
  }

  clear(): void {
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
  }
}
