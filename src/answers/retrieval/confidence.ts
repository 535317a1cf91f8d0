import type { Collection } from './collection.ts';
import { idf } from './postings.ts';
import type { Query } from './query.ts';
import { massOf } from './query.ts';
import type { Ranked } from './rank.ts';

/** answer: say it · suggest: offer the nearest titles · abstain: nothing near. */
export type Zone = 'answer' | 'suggest' | 'abstain';

/** Where confidence begins for one collection. */
export interface Calibration {
  /** Raw confidence that 95 % of the off-topic bank stays below. */
  threshold: number;
}

/** Spread of the raw confidence around the threshold: confidence is 1 / (1 + e^-((raw - threshold) / SPREAD)). */
const SPREAD = 0.5;
/** Confidence from which the first result is said. 0.5 is the threshold of the bank itself. */
export const ANSWER_FROM = 0.6;
export const SUGGEST_FROM = 0.4;

/** Absolute measures of the best candidate: a relative score is always 1 for the first result, however far it is. */
export interface Signals {
  /** Share of the question's idf mass that the passage holds. */
  coverage: number;
  /** How much was held at all, against one and a half rare words: one common word proves nothing. */
  held: number;
  title: number;
  titleGrams: number;
  grams: number;
  proximity: number;
  /** How far the second result is. */
  gap: number;
  /** Share of the question's idf mass that the collection has neither as a word nor as a synonym. */
  missing: number;
}

/** Hand-set; their sum is only compared with the same sum on the off-topic bank. */
const SIGNAL_WEIGHTS: Signals = {
  coverage: 1.8,
  held: 1.2,
  title: 1.5,
  titleGrams: 1.5,
  grams: 0.4,
  proximity: 0.5,
  gap: 0.3,
  missing: -1.6,
};

export function signalsOf(
  collection: Collection,
  query: Query,
  ranked: readonly Ranked[],
): Signals | undefined {
  const [first, second] = ranked;
  const mass = massOf(query);
  if (!first || mass === 0) return undefined;
  const largest = idf(collection.passages.length, 1);
  const missing = query.words.filter(
    (word, at) => word.stemId === undefined && !query.expansions.some(({ of }) => of === at),
  );
  const { features } = first;
  return {
    coverage: first.coverage,
    held: Math.min(1, (mass * first.coverage) / (1.5 * largest)),
    title: Math.max(features.titleCosine, 0.8 * features.titleWords),
    titleGrams: features.titleGrams,
    grams: features.grams,
    proximity: features.proximity,
    gap: second ? Math.max(0, 1 - second.score / Math.max(1e-9, first.score)) : 0.3,
    missing: missing.reduce((sum, word) => sum + word.weight * word.idf, 0) / mass,
  };
}

/** How much the question is about this collection; -1 when nothing at all was found. */
export function rawConfidence(signals: Signals | undefined): number {
  if (!signals) return -1;
  const names = Object.keys(SIGNAL_WEIGHTS) as (keyof Signals)[];
  return names.reduce((sum, name) => sum + SIGNAL_WEIGHTS[name] * signals[name], 0);
}

export function calibrate(raw: readonly number[]): Calibration {
  if (raw.length === 0) return { threshold: 1.2 };
  const sorted = [...raw].sort((a, b) => a - b);
  return { threshold: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 1.2 };
}

export function confidenceOf(raw: number, { threshold }: Calibration): number {
  return 1 / (1 + Math.exp(-(raw - threshold) / SPREAD));
}

export function zoneOf(confidence: number): Zone {
  return confidence >= ANSWER_FROM ? 'answer' : confidence >= SUGGEST_FROM ? 'suggest' : 'abstain';
}
