import type { Clock } from '../../lib/clock.ts';
import type { Passage } from '../ingest/passage.ts';
import type { Collection } from './collection.ts';
import type { Calibration, Signals, Zone } from './confidence.ts';
import type { WordList } from './french-words.ts';
import type { Institutions } from './institutions.ts';
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
  /** Content words of the question and its context that the passage holds, synonyms included. */
  held: string[];
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
  /** What confidence is made of; absent: nothing was found. */
  signals?: Signals;
  understood: Understood;
}

export interface SearchOptions {
  /** Text of the previous topic, added at a lower weight: a follow-up. */
  context?: string;
  /** Passages that hold hardly any of these words of the question, or are another institution's, are not results. */
  own?: readonly string[];
  /** Other passages are not results. */
  only?: ((passage: Passage) => boolean) | undefined;
}

/** The content words of a question, folded, by what they are for it. */
export interface Parts {
  /** Every word in order, stop words included, in French. */
  all: string[];
  /** What it is about. */
  topics: string[];
  /** Institutions it names. */
  institutions: string[];
  /** What may be asked of any topic: "taux", "toucher". */
  asked: string[];
  /** The same, but never a question alone: "documents", "prix". */
  generic: string[];
  /** Of how many or of whom: "deux", "enfants". */
  counted: string[];
}

export interface Retriever {
  search(question: string, k: number, options?: SearchOptions): Search;
  /** A question made of general words only, that has no topic of its own. */
  isGeneric(question: string): boolean;
  parts(question: string): Parts;
  /** Does a passage hold this folded word, or a synonym of it? */
  isKnown(word: string): boolean;
  /** idf of a folded word, by its stem. */
  weight(form: string): number;
  readonly collection: Collection;
  readonly calibration: Calibration;
  readonly institutions: Pick<Institutions, 'names' | 'named' | 'own'>;
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
