import type { Collection } from './collection.ts';
import { meaningsOf, relevantForms } from './meaning.ts';
import { B_BODY, idf, K1 } from './postings.ts';
import type { Query } from './query.ts';
import { massOf } from './query.ts';

/** Content words in which a cluster of the question's words is looked for. */
const WINDOW = 12;
/** Content words after which a beginning counts half. */
const HALF = 20;
/** Two words of the question that follow each other stand together within this many words. */
const TOGETHER = 2;

export interface BodyMatch {
  /** Share of the question's weighted 4-grams that the body holds. */
  grams: number;
  /** Largest share of the question's idf mass inside one window. */
  proximity: number;
  /** How soon the first word of the question comes: 1 at once, 0.5 after 20 words. */
  early: number;
  /** Share of the question's neighbouring words that are neighbours here too, by their rarer idf. */
  pairs: number;
  /** BM25 of the words exactly as written. */
  exact: number;
  /** For each word of the question: 1 held, less by a synonym, 0 missing. */
  words: Float64Array;
}

/** Reads one candidate's body: its word sequence against the question. */
export function bodyMatcher(collection: Collection, query: Query): (passage: number) => BodyMatch {
  const { lexicon, byStem: postings, formFrequency, passages } = collection;
  const byStem = meaningsOf(query);
  const mass = Math.max(1e-9, massOf(query));
  const forms = relevantForms(collection, query, byStem);
  const exactOf = new Map(
    query.words.flatMap(({ formId, weight }, at) =>
      formId === undefined ? [] : [[formId, { at, weight }] as const],
    ),
  );
  return (passage) => {
    const words = new Float64Array(query.words.length);
    const counts = new Uint16Array(query.words.length);
    const seenGrams = new Set<number>();
    const hits: { at: number; word: number }[] = [];
    let gramMass = 0;
    const body = collection.bodyOf(passage);
    for (let at = 0; at < body.length; at += 1) {
      const form = body[at] ?? 0;
      if (!forms.relevant(form)) continue;
      const found = byStem.get(lexicon.stemOf[form] ?? 0);
      if (found) {
        words[found.word] = Math.max(words[found.word] ?? 0, found.credit);
        hits.push({ at, word: found.word });
      }
      const exact = exactOf.get(form);
      if (exact) counts[exact.at] = (counts[exact.at] ?? 0) + 1;
      for (const gram of forms.grams(form)) {
        if (seenGrams.has(gram)) continue;
        seenGrams.add(gram);
        gramMass += query.grams.get(gram) ?? 0;
      }
    }
    const length = body.length / postings.averageLength;
    let exact = 0;
    for (const [form, { at, weight }] of exactOf) {
      const tf = counts[at] ?? 0;
      if (tf > 0)
        exact +=
          (weight * idf(passages.length, formFrequency[form] ?? 0) * tf * (K1 + 1)) /
          (tf + K1 * (1 - B_BODY + B_BODY * length));
    }
    return {
      grams: query.gramTotal === 0 ? 0 : gramMass / query.gramTotal,
      proximity: cluster(query, hits) / mass,
      early: hits[0] === undefined ? 0 : 1 / (1 + hits[0].at / HALF),
      pairs: together(query, hits),
      exact,
      words,
    };
  };
}

function cluster(query: Query, hits: readonly { at: number; word: number }[]): number {
  let top = 0;
  for (let first = 0; first < hits.length; first += 1) {
    const start = hits[first];
    if (start === undefined || start.word === hits[first - 1]?.word) continue;
    const inside = new Set<number>();
    let sum = 0;
    for (let next = first; next < hits.length; next += 1) {
      const hit = hits[next];
      if (hit === undefined || hit.at - start.at >= WINDOW) break;
      if (inside.has(hit.word)) continue;
      inside.add(hit.word);
      const word = query.words[hit.word];
      if (word) sum += word.weight * word.idf;
    }
    if (sum > top) top = sum;
  }
  return top;
}

function together(query: Query, hits: readonly { at: number; word: number }[]): number {
  const last = new Int32Array(query.words.length).fill(-WINDOW);
  const near = new Set<number>();
  for (const { at, word } of hits) {
    last[word] = at;
    for (const first of [word - 1, word])
      if (at - (last[first] ?? -WINDOW) <= TOGETHER && at - (last[first + 1] ?? -WINDOW) <= TOGETHER)
        near.add(first);
  }
  let held = 0;
  let total = 0;
  for (let first = 0; first + 1 < query.words.length; first += 1) {
    const value = Math.min(query.words[first]?.idf ?? 0, query.words[first + 1]?.idf ?? 0);
    total += value;
    if (near.has(first)) held += value;
  }
  return total === 0 ? 0 : held / total;
}
