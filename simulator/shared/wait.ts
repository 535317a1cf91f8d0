/** For predicates that look at something else than the simulator. */
const LOOK_AGAIN_MS = 25;

export interface Watched {
  listen(listener: () => void): () => void;
  /** For the message of who waited in vain. */
  lastCalls(): string[];
}

/** Resolves with what the predicate returns as soon as it is neither undefined nor false. */
export function waitFor<T>(
  watched: Watched,
  predicate: () => T | undefined | false,
  timeoutMs: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      forget();
      clearImmediate(due);
      clearInterval(again);
      clearTimeout(timer);
      settle();
    };
    const look = (): void => {
      try {
        const value = predicate();
        if (value !== undefined && value !== false) finish(() => resolve(value));
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    // One look for all the changes of a turn of the event loop: floods would ask thousands of times.
    let due: NodeJS.Immediate | undefined;
    const soon = (): void => {
      due ??= setImmediate(() => {
        due = undefined;
        look();
      });
    };
    const forget = watched.listen(soon);
    const again = setInterval(look, LOOK_AGAIN_MS);
    const timer = setTimeout(() => {
      const last = watched.lastCalls().slice(-5);
      finish(() =>
        reject(new Error(`nothing came of it in ${timeoutMs} ms; last calls: ${last.join(', ') || 'none'}`)),
      );
    }, timeoutMs);
    look();
  });
}
