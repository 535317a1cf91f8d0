import type { Clock } from './clock.ts';

/** Values by key, in memory and bounded: the one unused for longest makes room. */
export interface Recent<V> {
  /** Using it keeps it. */
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

export interface RecentOptions<V> {
  most: number;
  /** What was not used for so long is forgotten. */
  ttl?: { ms: number; clock: Clock };
  /** What all of them may weigh together; the one set last stays, whatever it weighs. */
  weight?: { of(value: V): number; most: number };
}

export function recent<V>({ most, ttl, weight }: RecentOptions<V>): Recent<V> {
  /** The one used last is the last. */
  const kept = new Map<string, { value: V; usedAt: number; weighs: number }>();
  let total = 0;
  const now = (): number => ttl?.clock.monotonic() ?? 0;
  const isOver = (usedAt: number): boolean => ttl !== undefined && now() - usedAt >= ttl.ms;
  const drop = (key: string): void => {
    total -= kept.get(key)?.weighs ?? 0;
    kept.delete(key);
  };

  function set(key: string, value: V): void {
    drop(key);
    const weighs = weight?.of(value) ?? 0;
    kept.set(key, { value, usedAt: now(), weighs });
    total += weighs;
    for (const [old, { usedAt }] of kept) {
      const fits = kept.size <= most && (weight === undefined || total <= weight.most);
      if (old === key || (fits && !isOver(usedAt))) break;
      drop(old);
    }
  }

  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      drop(key);
      if (isOver(found.usedAt)) return undefined;
      kept.set(key, { ...found, usedAt: now() });
      total += found.weighs;
      return found.value;
    },
    set,
    delete: drop,
  };
}
