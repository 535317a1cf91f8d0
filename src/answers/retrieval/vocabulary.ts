import type { Analysed } from './analysis.ts';
import type { GrowingLexicon } from './lexicon.ts';
import type { Slices } from './slices.ts';

/** Words of bodies and titles, without those that only alternates have, with their occurrences. */
export interface Vocabulary {
  has(form: string): boolean;
  entries(): Iterable<{ form: string; frequency: number }>;
}

export function* countWords(parts: readonly Analysed[], lexicon: GrowingLexicon): Slices<Vocabulary> {
  const { size, idOf } = lexicon.snapshot();
  const counts = new Uint32Array(size);
  const add = (ids: Uint32Array): void => {
    for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  };
  for (const { body, headings } of parts) {
    add(body);
    headings.forEach(add);
    yield;
  }
  return {
    has: (form) => (counts[idOf.get(form) ?? size] ?? 0) > 0,
    *entries() {
      for (let id = 0; id < size; id += 1) {
        const frequency = counts[id] ?? 0;
        if (frequency > 0) yield { form: lexicon.formOf(id), frequency };
      }
    },
  };
}
