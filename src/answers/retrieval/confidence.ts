import type { Collection } from './collection.ts';
import { idf } from './postings.ts';
import type { Query } from './query.ts';
import { massOf } from './query.ts';
import type { Ranked } from './rank.ts';

/** answer: say it · suggest: offer the nearest titles · abstain: nothing near. */
export type Zone = 'answer' | 'suggest' | 'abstain';

/** Where confidence begins for one collection, from the off-topic bank asked to it. */
export interface Calibration {
  /** Raw confidence that 90 % of the bank stays below: the first result is said from there. */
  answer: number;
  /** The same of 70 %: titles are offered from there. */
  suggest: number;
}

/** Shares of the bank that stay below each line. Measured: with 0.9, about 98 % of far questions are not answered. */
const ANSWER_SHARE = 0.9;
const SUGGEST_SHARE = 0.7;
/** Lines no closer than this, or confidence would jump. */
const LEAST_APART = 0.3;
/** Confidence at the two lines. */
export const ANSWER_FROM = 0.6;
export const SUGGEST_FROM = 0.4;
/** As near to an answer as what is only offered can be. */
export const UNSURE = ANSWER_FROM - 0.01;
/** Saying who holds what we do not is safe earlier than saying a figure. */
export const REDIRECT_FROM = 0.5;

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
  /** Does the question name a cell of a table of the passage? */
  cell: number;
  /** How soon the body comes to the question's words. */
  early: number;
  /** Is the first result also the one whose body holds the question best? */
  agreement: number;
  /** How far the second result is. */
  gap: number;
  /** How much the second result's title looks like the question too: then it is a question for this collection. */
  rival: number;
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
  cell: 1.5,
  early: 1,
  agreement: 2,
  gap: 3,
  rival: 1.5,
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
    cell: features.cell,
    early: features.early,
    agreement: features.body,
    gap: second ? Math.max(0, 1 - second.score / Math.max(1e-9, first.score)) : 0.3,
    rival: second?.features.titleGrams ?? 0,
    missing: missing.reduce((sum, word) => sum + word.weight * word.idf, 0) / mass,
  };
}

/** How much the question is about this collection; -1 when nothing at all was found. */
export function rawConfidence(signals: Signals | undefined): number {
  if (!signals) return -1;
  const names = Object.keys(SIGNAL_WEIGHTS) as (keyof Signals)[];
  return names.reduce((sum, name) => sum + SIGNAL_WEIGHTS[name] * signals[name], 0);
}

/** A collection so small that the bank shares no word with it would answer anything: the lines are never lower. */
const LEAST: Calibration = { answer: 5, suggest: 4.2 };

/** The lines of a collection, from the raw confidence of each question of the bank. */
export function calibrate(raw: readonly number[]): Calibration {
  const sorted = [...raw].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const answer = Math.max(LEAST.answer, at(ANSWER_SHARE));
  return { answer, suggest: Math.min(Math.max(LEAST.suggest, at(SUGGEST_SHARE)), answer - LEAST_APART) };
}

/** The logistic curve that is `ANSWER_FROM` at one line and `SUGGEST_FROM` at the other. */
export function confidenceOf(raw: number, { answer, suggest }: Calibration): number {
  const slope = (2 * Math.log(ANSWER_FROM / SUGGEST_FROM)) / (answer - suggest);
  return 1 / (1 + Math.exp(-slope * (raw - (answer + suggest) / 2)));
}

export function zoneOf(confidence: number): Zone {
  return confidence >= ANSWER_FROM ? 'answer' : confidence >= SUGGEST_FROM ? 'suggest' : 'abstain';
}
