/** Chance of a second one below 2; from 2 on, that many. */
export function copiesOf(setting: number, random: () => number): number {
  if (setting >= 2) return Math.floor(setting);
  return random() < setting ? 2 : 1;
}

/** mulberry32: the same seed, the same faults. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
