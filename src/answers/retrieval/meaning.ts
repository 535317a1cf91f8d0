import type { Collection } from './collection.ts';
import type { Query } from './query.ts';

/** How much a synonym of an unmatched word counts towards coverage. */
const SYNONYM_CREDIT = 0.6;

/** What a stem of the collection means for a question: which of its words, and how surely. */
export interface Meaning {
  word: number;
  credit: number;
}

export function meaningsOf(query: Query): Map<number, Meaning> {
  const out = new Map<number, Meaning>();
  for (const { stemId, of } of query.expansions) out.set(stemId, { word: of, credit: SYNONYM_CREDIT });
  query.words.forEach(({ stemId }, word) => {
    if (stemId !== undefined) out.set(stemId, { word, credit: 1 });
  });
  return out;
}

const NONE: readonly number[] = [];

/** Forms that share a stem or a 4-gram with the question; each form is examined once per question. */
export function relevantForms(
  collection: Collection,
  query: Query,
  byStem: ReadonlyMap<number, Meaning>,
): { relevant(form: number): boolean; grams(form: number): readonly number[] } {
  const { gramOffsets, grams, stemOf, rootOf, size } = collection.lexicon;
  const state = new Uint8Array(size);
  const held = new Map<number, readonly number[]>();
  const roots = new Set(query.words.map(({ rootId }) => rootId));
  function examine(form: number): void {
    let list: number[] | undefined;
    for (let at = gramOffsets[form] ?? 0; at < (gramOffsets[form + 1] ?? 0); at += 1) {
      const gram = grams[at] ?? 0;
      if (query.grams.has(gram)) (list ??= []).push(gram);
    }
    if (list) held.set(form, list);
    state[form] = list || byStem.has(stemOf[form] ?? 0) || roots.has(rootOf[form]) ? 2 : 1;
  }
  return {
    relevant(form) {
      if (state[form] === 0) examine(form);
      return state[form] === 2;
    },
    grams(form) {
      if (state[form] === 0) examine(form);
      return held.get(form) ?? NONE;
    },
  };
}
