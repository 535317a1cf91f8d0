/** Rank figures of a list of questions. */
export interface Figures {
  questions: number;
  recall1: number;
  recall3: number;
  mrr10: number;
}

/** `found[i]` are the documents given for question i, best first, repeats allowed; `gold[i]` those that answer it. */
export function figures(found: readonly string[][], gold: readonly string[][]): Figures {
  let recall1 = 0;
  let recall3 = 0;
  let mrr10 = 0;
  found.forEach((documents, index) => {
    const rank = [...new Set(documents)].findIndex((document) => gold[index]?.includes(document)) + 1;
    if (rank === 1) recall1 += 1;
    if (rank >= 1 && rank <= 3) recall3 += 1;
    if (rank >= 1 && rank <= 10) mrr10 += 1 / rank;
  });
  const n = Math.max(1, found.length);
  return { questions: found.length, recall1: recall1 / n, recall3: recall3 / n, mrr10: mrr10 / n };
}

/** Chance that an answerable question has more confidence than one that is not. */
export function auroc(positive: readonly number[], negative: readonly number[]): number {
  const sorted = [...negative].sort((a, b) => a - b);
  const below = (value: number, inclusive: boolean) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = sorted[middle] ?? 0;
      if (at < value || (inclusive && at === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const sum = positive.reduce((total, value) => total + (below(value, false) + below(value, true)) / 2, 0);
  return sum / Math.max(1, positive.length * negative.length);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
