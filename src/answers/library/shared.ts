import type { Passage } from '../ingest/passage.ts';
import { words } from '../retrieval/fold.ts';

/** A phrasing that several entries claim. */
export interface Shared {
  /** As the first writes it. */
  phrasing: string;
  /** The entries, each once, in the order of their documents. */
  entries: Passage[];
}

/** Phrasings, titles or alternates, that two entries share: whoever asks so gets one of them, by chance. Case, accents and marks aside. */
export function sharedPhrasings(passages: readonly Passage[]): Shared[] {
  const found = new Map<string, Shared>();
  for (const passage of passages) {
    if (passage.kind === 'document') continue;
    for (const phrasing of [passage.title, ...passage.alternates]) {
      const key = words(phrasing).join(' ');
      if (key === '') continue;
      const shared = found.get(key);
      if (shared === undefined) found.set(key, { phrasing, entries: [passage] });
      else if (!shared.entries.some((other) => isSame(other, passage))) shared.entries.push(passage);
    }
  }
  return [...found.values()].filter(({ entries }) => entries.length > 1);
}

/** The same passage, or another piece of the same chapter, which was too long to be one entry. */
const isSame = (a: Passage, b: Passage): boolean =>
  a.id === b.id || (a.document === b.document && a.title === b.title && a.title.includes(' › '));
