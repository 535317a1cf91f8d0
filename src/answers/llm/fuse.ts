/** How far a passage may climb by its meaning, in shares of the first result's score. */
const WEIGHT = 0.5;
/** Likeness this many deviations above the candidates' mean is worth the whole weight. */
const FULL = 3;
/** Agreement with the words beyond chance from which meaning is fully trusted. */
const TRUSTED = 0.2;

/**
 * An order of candidates from their scores by words (relative to the best, 0 to 1) and their likeness by meaning
 * (cosines): score + weight × trust × standardised likeness. `trust` is how much both orders agree beyond what chance
 * gives (Spearman's rank correlation, deviation 1/√n): vectors that know nothing of these documents are not believed.
 * Gives indexes, the best first.
 */
export function fuse(scores: readonly number[], likeness: readonly number[]): number[] {
  const trust = trustOf(scores, likeness);
  const mean = average(likeness);
  const deviation = Math.sqrt(average(likeness.map((value) => (value - mean) ** 2))) || 1;
  const fused = scores.map((score, at) => {
    const standard = ((likeness[at] ?? mean) - mean) / deviation / FULL;
    return score + WEIGHT * trust * Math.max(-1, Math.min(1, standard));
  });
  return scores.map((_, at) => at).sort((a, b) => (fused[b] ?? 0) - (fused[a] ?? 0) || a - b);
}

/** 0: no more than chance. 1: plainly of one mind. */
export function trustOf(scores: readonly number[], likeness: readonly number[]): number {
  const n = scores.length;
  if (n < 10) return 0;
  const beyond = correlation(ranks(scores), ranks(likeness)) - 1.5 / Math.sqrt(n);
  return Math.max(0, Math.min(1, beyond / TRUSTED));
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const out: number[] = [];
  order.forEach((at, rank) => {
    out[at] = rank;
  });
  return out;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [average(a), average(b)];
  let both = 0;
  let squareA = 0;
  let squareB = 0;
  a.forEach((value, at) => {
    const [x, y] = [value - meanA, (b[at] ?? meanB) - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  });
  return both / (Math.sqrt(squareA * squareB) || 1);
}
