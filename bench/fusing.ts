/**
 * What ranking by meaning (`LLM_EMBED_MODEL`) does to the first result, without a model: with random vectors, which must
 * cost nothing, and with a simulated likeness that places the right passage 2 deviations above the others.
 *   node bench/fusing.ts --eval DIR --corpus piaf,covid [--split dev] [--limit 300]
 */
import { parseArgs } from 'node:util';
import { fuse } from '../src/answers/llm/fuse.ts';
import { loadFrenchWords } from '../src/answers/retrieval/french-words.ts';
import { createRetriever } from '../src/answers/retrieval/retriever.ts';
import { readSet } from './answers/sets.ts';

const { values } = parseArgs({
  options: {
    eval: { type: 'string', default: process.env['GUICHET_EVAL_DATA'] ?? '' },
    corpus: { type: 'string', default: 'piaf,covid' },
    split: { type: 'string', default: 'dev' },
    limit: { type: 'string', default: '300' },
  },
});

let seed = 7;
/** Always the same numbers. */
const random = (): number => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());

const best = (points: readonly number[]): number => points.indexOf(Math.max(...points));
const standard = (all: readonly number[]): number[] => {
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) || 1;
  return all.map((value) => (value - mean) / deviation);
};
/** Reciprocal rank fusion with the usual 60. */
function reciprocal(likeness: readonly number[]): number {
  const order = likeness.map((_, at) => at).sort((a, b) => (likeness[b] ?? 0) - (likeness[a] ?? 0));
  const points = likeness.map((_, at) => 1 / (61 + at));
  order.forEach((at, rank) => (points[at] = (points[at] ?? 0) + 1 / (61 + rank)));
  return best(points);
}

const french = await loadFrenchWords();
for (const corpus of values.corpus.split(',')) {
  const set = readSet(values.eval, corpus, values.split, 0);
  const retriever = await createRetriever(set.passages, { french });
  const questions = set.questions.slice(0, Number(values.limit));
  const right = new Map<string, number>();
  for (const { q, rel } of questions) {
    const { results } = retriever.search(q, 100);
    if (results.length === 0) continue;
    const scores = results.map(({ score }) => score);
    const isRight = results.map(({ source }) => rel.includes(source));
    const noise = scores.map(normal);
    const spread = standard(scores);
    const simulated = scores.map((_, at) => normal() + 0.6 * (spread[at] ?? 0) + (isRight[at] ? 2 : 0));
    const untrusted = standard(noise).map(
      (value, at) => (scores[at] ?? 0) + 0.5 * Math.max(-1, Math.min(1, value / 3)),
    );
    const firsts: [string, number | undefined][] = [
      ['words alone', 0],
      ['random, fused', fuse(scores, noise)[0]],
      ['random, reciprocal rank fusion', reciprocal(noise)],
      ['random, without trust', best(untrusted)],
      ['simulated, fused', fuse(scores, simulated)[0]],
    ];
    for (const [name, at] of firsts) right.set(name, (right.get(name) ?? 0) + (isRight[at ?? 0] ? 1 : 0));
  }
  process.stdout.write(
    `${corpus} ${values.split}: ${String(questions.length)} questions, right passage first\n`,
  );
  for (const [name, count] of right)
    process.stdout.write(`  ${name.padEnd(32)} ${(count / questions.length).toFixed(3)}\n`);
}
