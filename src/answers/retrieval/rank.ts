import { namesCell } from './cells.ts';
import type { Collection } from './collection.ts';
import { answersType } from './evidence.ts';
import type { Query } from './query.ts';
import { termsOf } from './query.ts';
import { bodyMatcher } from './match-body.ts';
import type { BodyMatch } from './match-body.ts';
import { titleMatcher } from './match-title.ts';
import { addBm25, B_BODY, K1 } from './postings.ts';

/** What the second stage measured on one candidate, each from 0 to 1. */
export interface Features {
  body: number;
  exact: number;
  grams: number;
  evidence: number;
  proximity: number;
  early: number;
  pairs: number;
  coverage: number;
  /** The question names a row and a column of one of its tables. */
  cell: number;
  group: number;
  root: number;
  title: number;
  titleCosine: number;
  titleWords: number;
  titleGrams: number;
  questionType: number;
}

export interface Ranked {
  passage: number;
  score: number;
  features: Features;
  /** Title (index in `collection.titles`) that matched best, when any did. */
  bestTitle?: number;
  /** Share of the question's idf mass that title and body hold, stems and synonyms. */
  coverage: number;
  /** For each word of the question: how surely title or body holds it, 0 to 1. */
  held: Float64Array;
}

/** Set by hand: how much each part says beside the body's 1 (docs/answers.md explains them). */
export const WEIGHTS: Features = {
  body: 1.2,
  exact: 0.6,
  grams: 0.6,
  evidence: 0.3,
  proximity: 0.4,
  early: 0.7,
  pairs: 0.3,
  coverage: 0.6,
  cell: 2,
  group: 0.6,
  root: 0,
  title: 0.6,
  titleCosine: 0.4,
  titleWords: 2,
  titleGrams: 1.4,
  questionType: 1,
};

/** When titles are shared headings: they say less, and the family of a word says more. */
export const SHARED_TITLE_SCALE = 0.25;
export const SHARED_ROOT_WEIGHT = 0.6;

const CANDIDATES = 100;
/** Share of the family score in stage 1: enough to bring in a passage that only has another word of the family. */
const ROOT_CANDIDATES = 0.3;
const B_TITLE = 0.5;
const NOTHING: BodyMatch = {
  grams: 0,
  proximity: 0,
  early: 0,
  pairs: 0,
  exact: 0,
  words: new Float64Array(0),
};

/**
 * Both stages: about a hundred candidates by BM25, then the weighted sum of features. Best first. `penalty`: taken from a
 * passage's score, as for an institution the question did not ask about.
 */
export function rank(
  collection: Collection,
  query: Query,
  penalty: (passage: number) => number = () => 0,
): Ranked[] {
  const count = collection.passages.length;
  const stems = termsOf(query, 'stem');
  const body = scores(count);
  addBm25(collection.byStem, stems, K1, B_BODY, body.values, body.reached);
  const title = titleScores(collection, query);
  const roots = scores(count);
  addBm25(collection.byRoot, termsOf(query, 'root'), K1, B_BODY, roots.values, roots.reached);
  const group = scores(collection.byGroup.documents);
  addBm25(collection.byGroup, stems, K1, B_BODY, group.values, group.reached);

  const candidates = best(
    [body, title, roots].map(({ reached }) => reached),
    (p) => (body.values[p] ?? 0) + (title.values[p] ?? 0) + ROOT_CANDIDATES * (roots.values[p] ?? 0),
    count,
  );
  const inBody = bodyMatcher(collection, query);
  const inTitles = titleMatcher(collection, query);
  const bodies = candidates.map(inBody);
  const top = (from: Float64Array, at: (p: number) => number = (p) => p) =>
    candidates.reduce((max, p) => Math.max(max, from[at(p)] ?? 0), 1e-9);
  const groupAt = (p: number) => collection.groupOf[p] ?? 0;
  const maxima = {
    body: top(body.values),
    title: top(title.values),
    root: top(roots.values),
    exact: bodies.reduce((max, { exact }) => Math.max(max, exact), 1e-9),
    group: top(group.values, groupAt),
  };

  const scale = collection.sharedTitles ? SHARED_TITLE_SCALE : 1;
  const rootWeight = collection.sharedTitles ? SHARED_ROOT_WEIGHT : WEIGHTS.root;
  const ranked = candidates.map((p, index): Ranked => {
    const held = bodies[index] ?? NOTHING;
    const named = inTitles(p, held.words);
    const cells = collection.cells.get(p);
    const features: Features = {
      body: (body.values[p] ?? 0) / maxima.body,
      exact: held.exact / maxima.exact,
      grams: held.grams,
      evidence: answersType(query.type, collection.evidence[p] ?? 0),
      proximity: held.proximity,
      early: held.early,
      pairs: held.pairs,
      coverage: named.coverage,
      cell: cells ? namesCell(cells, query) : 0,
      group: (group.values[groupAt(p)] ?? 0) / maxima.group,
      root: (roots.values[p] ?? 0) / maxima.root,
      title: (title.values[p] ?? 0) / maxima.title,
      titleCosine: named.cosine,
      titleWords: named.words,
      titleGrams: named.grams,
      questionType: named.sameType ? 1 : 0,
    };
    const f = features;
    const w = WEIGHTS;
    const bodyPart =
      w.body * f.body +
      w.exact * f.exact +
      w.grams * f.grams +
      w.evidence * f.evidence +
      w.proximity * f.proximity +
      w.early * f.early +
      w.pairs * f.pairs +
      w.coverage * f.coverage +
      w.cell * f.cell +
      w.group * f.group;
    const titlePart =
      w.title * f.title +
      w.titleCosine * f.titleCosine +
      w.titleWords * f.titleWords +
      w.titleGrams * f.titleGrams +
      w.questionType * f.questionType;
    return {
      passage: p,
      score: bodyPart + rootWeight * f.root + scale * titlePart - penalty(p),
      features,
      ...(named.best !== undefined && { bestTitle: named.best }),
      coverage: named.coverage,
      held: named.credits,
    };
  });
  return ranked.sort((a, b) => b.score - a.score || a.passage - b.passage);
}

/** A passage found by its phrasing alone: nothing was measured on it. */
export const asWritten = (passage: number): Ranked => ({
  passage,
  score: 1,
  features: {
    ...{
      body: 0,
      exact: 0,
      grams: 0,
      evidence: 0,
      proximity: 0,
      early: 0,
      pairs: 0,
      coverage: 1,
      cell: 0,
      group: 0,
      root: 0,
    },
    ...{ title: 0, titleCosine: 0, titleWords: 1, titleGrams: 0, questionType: 0 },
  },
  coverage: 1,
  held: new Float64Array(),
});

function scores(size: number): { values: Float64Array; reached: number[] } {
  return { values: new Float64Array(size), reached: [] };
}

/** BM25 over titles; the best title of a passage speaks for it. */
function titleScores(collection: Collection, query: Query): { values: Float64Array; reached: number[] } {
  const byTitle = scores(collection.titles.stems.documents);
  addBm25(collection.titles.stems, termsOf(query, 'stem'), K1, B_TITLE, byTitle.values, byTitle.reached);
  const out = scores(collection.passages.length);
  for (const title of byTitle.reached) {
    const p = collection.titles.passage[title] ?? 0;
    const value = byTitle.values[title] ?? 0;
    if (out.values[p] === 0) out.reached.push(p);
    if (value > (out.values[p] ?? 0)) out.values[p] = value;
  }
  return out;
}

/** The best candidates of several lists, best first. A floor guessed from a sample keeps the sort short on large collections. */
function best(
  lists: readonly (readonly number[])[],
  scoreOf: (p: number) => number,
  count: number,
): number[] {
  const seen = new Uint8Array(count);
  const scored = new Float64Array(count);
  const list: number[] = [];
  for (const part of lists) {
    for (const p of part) {
      if (seen[p] === 1) continue;
      seen[p] = 1;
      scored[p] = scoreOf(p);
      list.push(p);
    }
  }
  const descending = (a: number, b: number) => (scored[b] ?? 0) - (scored[a] ?? 0) || a - b;
  let kept = list;
  if (list.length > 8 * CANDIDATES) {
    const step = Math.floor(list.length / 400);
    const sample = list.filter((_, index) => index % step === 0).sort(descending);
    const floor = scored[sample[Math.ceil((3 * CANDIDATES * sample.length) / list.length)] ?? 0] ?? 0;
    const above = list.filter((p) => (scored[p] ?? 0) >= floor);
    if (above.length >= CANDIDATES) kept = above;
  }
  return kept.sort(descending).slice(0, CANDIDATES);
}
