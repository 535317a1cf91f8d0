import type { Slices } from './slices.ts';

/** An inverted index of one field in one view, in typed arrays: about 5 bytes per posting. */
export interface Postings {
  documents: number;
  /** Postings of term t are `docs[offsets[t] … offsets[t + 1])`. */
  offsets: Uint32Array;
  docs: Uint32Array;
  frequencies: Uint8Array;
  /** Terms in each document. */
  lengths: Uint32Array;
  averageLength: number;
}

/** Terms between two pauses. */
const PAUSE = 20_000;

/**
 * `read(d, visit)` gives `visit` each term id of document d, all below `terms`; every document is read twice, so that
 * no copy of the texts need be held.
 */
export function* buildPostings(
  documents: number,
  terms: number,
  read: (doc: number, visit: (id: number) => void) => void,
): Slices<Postings> {
  const offsets = new Uint32Array(terms + 1);
  const lengths = new Uint32Array(documents);
  const lastSeen = new Uint32Array(terms);
  let total = 0;
  let since = 0;
  let doc = 0;
  let length = 0;
  const count = (id: number): void => {
    length += 1;
    if (lastSeen[id] === doc + 1) return;
    lastSeen[id] = doc + 1;
    offsets[id + 1] = (offsets[id + 1] ?? 0) + 1;
  };
  for (; doc < documents; doc += 1) {
    length = 0;
    read(doc, count);
    lengths[doc] = length;
    total += length;
    since += length;
    if (since > PAUSE) {
      since = 0;
      yield;
    }
  }
  for (let term = 0; term < terms; term += 1)
    offsets[term + 1] = (offsets[term + 1] ?? 0) + (offsets[term] ?? 0);
  const size = offsets[terms] ?? 0;
  const docs = new Uint32Array(size);
  const frequencies = new Uint8Array(size);
  const next = offsets.slice();
  lastSeen.fill(0);
  const put = (id: number): void => {
    let slot = (next[id] ?? 1) - 1;
    if (lastSeen[id] !== doc + 1) {
      lastSeen[id] = doc + 1;
      slot += 1;
      next[id] = slot + 1;
      docs[slot] = doc;
    }
    frequencies[slot] = Math.min(255, (frequencies[slot] ?? 0) + 1);
  };
  for (doc = 0; doc < documents; doc += 1) {
    read(doc, put);
    since += lengths[doc] ?? 0;
    if (since > PAUSE) {
      since = 0;
      yield;
    }
  }
  return {
    documents,
    offsets,
    docs,
    frequencies,
    lengths,
    averageLength: documents === 0 ? 1 : Math.max(1, total / documents),
  };
}

/** Robertson–Sparck Jones idf, never negative (the form Lucene uses). */
export function idf(documents: number, frequency: number): number {
  return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
}

export interface WeightedTerm {
  id: number;
  weight: number;
}

/** The usual BM25 constants; a title's length says less (b = 0.5, beside its use). */
export const K1 = 1.2;
export const B_BODY = 0.75;

/** Okapi BM25 with k1 and b, added into `scores`; documents reached for the first time are appended to `reached`. */
export function addBm25(
  postings: Postings,
  terms: readonly WeightedTerm[],
  k1: number,
  b: number,
  scores: Float64Array,
  reached: number[],
): void {
  for (const { id, weight } of terms) {
    const from = postings.offsets[id] ?? 0;
    const to = postings.offsets[id + 1] ?? 0;
    const gain = weight * idf(postings.documents, to - from) * (k1 + 1);
    for (let at = from; at < to; at += 1) {
      const doc = postings.docs[at] ?? 0;
      const tf = postings.frequencies[at] ?? 0;
      const length = (postings.lengths[doc] ?? 0) / postings.averageLength;
      const before = scores[doc] ?? 0;
      if (before === 0) reached.push(doc);
      scores[doc] = before + (gain * tf) / (tf + k1 * (1 - b + b * length));
    }
  }
}
