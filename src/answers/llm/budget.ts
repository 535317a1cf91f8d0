import type { Clock } from '../../lib/clock.ts';

/** How often a model may be asked. Counted in memory: a restart begins the day anew. Days are UTC, as in Dakar. */
export interface Budget {
  /** Takes one question of this person's and the desk's day; false: none is left, or two of theirs are under way. */
  take(asker: string | undefined): boolean;
  /** The question that was taken is over. `slow`: the next of this person are not made to wait for a while. */
  ended(asker: string | undefined, slow: boolean): void;
  /** Questions taken today. */
  readonly used: number;
}

export interface BudgetOptions {
  clock: Clock;
  perPerson: number;
  perDay: number;
}

const DAY_MS = 24 * 3600_000;
const AT_ONCE = 2;
/** Several questions of one message must not each wait for a slow server. */
const AFTER_SLOW_MS = 10_000;

interface Spent {
  taken: number;
  underWay: number;
  notBefore: number;
}

export function createBudget({ clock, perPerson, perDay }: BudgetOptions): Budget {
  let day = -1;
  let used = 0;
  let people = new Map<string, Spent>();
  /** Callers without a name share one place, and may take half of the day. */
  const keyOf = (asker: string | undefined): string => asker ?? '';
  const of = (key: string): Spent => {
    let spent = people.get(key);
    if (!spent) people.set(key, (spent = { taken: 0, underWay: 0, notBefore: -Infinity }));
    return spent;
  };
  return {
    get used() {
      return used;
    },
    take(asker) {
      const today = Math.floor(clock.now() / DAY_MS);
      if (today !== day) {
        day = today;
        used = 0;
        people = new Map();
      }
      const spent = of(keyOf(asker));
      const named = asker !== undefined;
      if (used >= perDay || spent.taken >= (named ? perPerson : perDay / 2)) return false;
      if (named && (spent.underWay >= AT_ONCE || clock.monotonic() < spent.notBefore)) return false;
      used += 1;
      spent.taken += 1;
      spent.underWay += 1;
      return true;
    },
    ended(asker, slow) {
      const spent = of(keyOf(asker));
      spent.underWay = Math.max(0, spent.underWay - 1);
      if (slow) spent.notBefore = clock.monotonic() + AFTER_SLOW_MS;
    },
  };
}
