import type { Clock } from '../../lib/clock.ts';
import type { Passage } from '../ingest/passage.ts';
import type { Collection } from './collection.ts';
import type { Calibration, Signals, Zone } from './confidence.ts';
import type { WordList } from './french-words.ts';
import type { LanguageData } from './language.ts';
import { createCollection } from './living.ts';
import type { Features } from './rank.ts';
import type { Understood } from './understand.ts';

export interface SearchResult {
  /** Passage id. */
  id: string;
  /** Document path without extension. */
  source: string;
  title: string;
  /** Plain text of the passage. */
  text: string;
  /** 0 to 1, the first result's share: comparable inside one search only. */
  score: number;
  passage: Passage;
  /** The title or alternate phrasing that matched best. */
  matched: string;
  features: Features;
  coverage: number;
}

export interface Search {
  results: SearchResult[];
  /** 0 to 1; 90 % of the off-topic bank stays below 0.6, 70 % below 0.4. */
  confidence: number;
  zone: Zone;
  /**
   * When this is not surely answered: the question as a person would write it, words corrected, abbreviations spelled
   * out, accents as in the documents. Absent: it was as typed.
   */
  meant?: string;
  /** Words nobody knows. */
  unknown: string[];
  /** What confidence is made of; absent: nothing was found. */
  signals?: Signals;
  understood: Understood;
}

export interface SearchOptions {
  /** Text of the previous topic, added at a lower weight: a follow-up. */
  context?: string;
}

export interface Retriever {
  search(question: string, k: number, options?: SearchOptions): Search;
  /** A question made of general words only, that has no topic of its own. */
  isGeneric(question: string): boolean;
  /** idf of a folded word, by its stem. */
  weight(form: string): number;
  readonly collection: Collection;
  readonly calibration: Calibration;
}

export interface RetrieverOptions {
  /** The desk's own synonym groups. */
  synonyms?: readonly (readonly string[])[];
  /** French words that are never corrected. */
  french?: WordList;
  data?: LanguageData;
  /** Paces the work, so that indexing never holds the event loop for long. */
  clock?: Pick<Clock, 'monotonic'>;
}

/** Indexes passages and measures the off-topic bank on them; then every search is in memory, without I/O. */
export async function createRetriever(
  passages: readonly Passage[],
  options: RetrieverOptions = {},
): Promise<Retriever> {
  const collection = createCollection(options);
  const documents = Map.groupBy(passages, ({ document }) => document);
  for (const [document, own] of documents) await collection.replace(document, own);
  return collection.commit();
}
