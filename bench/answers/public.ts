import { loadFrenchWords } from '../../src/answers/retrieval/french-words.ts';
import { createRetriever } from '../../src/answers/retrieval/retriever.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { compose } from '../../src/answers/composition/compose.ts';
import { words } from '../../src/answers/retrieval/fold.ts';
import { fts5, plainBm25 } from './baseline.ts';
import { auroc, figures, percentile } from './score.ts';
import { readSet } from './sets.ts';

export interface PublicOptions {
  dir: string;
  corpus: string;
  split: string;
  limit: number;
  phrasings: number;
}

const shown = (value: number): string => value.toFixed(3);

/** Scores retrieval and abstention on one public set, beside plain BM25. Returns the lines to print. */
export async function scorePublicSet(options: PublicOptions): Promise<string[]> {
  const set = readSet(options.dir, options.corpus, options.split, options.phrasings);
  const step = Math.max(1, Math.ceil(set.questions.length / options.limit));
  const questions = set.questions.filter((_, index) => index % step === 0);
  const french = await loadFrenchWords();
  const started = systemClock.monotonic();
  const retriever = await createRetriever(set.passages, { french });
  const indexMs = systemClock.monotonic() - started;
  const times: number[] = [];
  const ask = (question: string) => {
    const from = systemClock.monotonic();
    const found = retriever.search(question, 20);
    times.push(systemClock.monotonic() - from);
    return found;
  };
  const answers = questions.map(({ q }) => ask(q));
  const gold = questions.map(({ rel }) => rel);
  const engine = figures(
    answers.map(({ results }) => results.map(({ source }) => source)),
    gold,
  );
  const baselines = [
    ['plain BM25', plainBm25(set.passages)],
    ['FTS5', fts5(set.passages)],
  ] as const;
  const p50 = percentile(times, 0.5);
  const p99 = percentile(times, 0.99);
  const confidence = answers.map((answer) => answer.confidence);
  const isRight = answers.map(
    ({ results }, index) => gold[index]?.includes(results[0]?.source ?? '') ?? false,
  );
  const said = isRight.filter((_, index) => answers[index]?.zone === 'answer');
  const right = said.filter(Boolean).length;
  const share = (count: number) => shown(count / Math.max(1, questions.length));
  const zone = (name: string) => answers.filter((answer) => answer.zone === name).length;
  const lines = [
    `${options.corpus} ${options.split}: ${set.passages.length} passages, ${engine.questions} questions, indexed in ${Math.round(indexMs)} ms`,
    `  ${'engine'.padEnd(10)}  R@1 ${shown(engine.recall1)}  R@3 ${shown(engine.recall3)}  MRR@10 ${shown(engine.mrr10)}  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`,
    ...baselines.map(([name, find]) => {
      const { recall1, recall3, mrr10 } = figures(
        questions.map(({ q }) => find(q, 20)),
        gold,
      );
      return `  ${name.padEnd(10)}  R@1 ${shown(recall1)}  R@3 ${shown(recall3)}  MRR@10 ${shown(mrr10)}`;
    }),
    `  right ${share(right)}  wrong ${share(said.length - right)}  titles offered ${share(zone('suggest'))}  abstained ${share(zone('abstain'))}` +
      `  (right ${shown(right / Math.max(1, said.length))} of what is said, AUROC right/wrong ${shown(
        auroc(
          confidence.filter((_, index) => isRight[index]),
          confidence.filter((_, index) => !isRight[index]),
        ),
      )})`,
  ];
  const spans = questions.flatMap(({ answers: gold }, index) => {
    const found = answers[index];
    const first = found?.results[0];
    if (!gold?.length || !found || !first) return [];
    const { content, type } = found.understood;
    const text = ` ${words(compose(first.passage, { content, type, weight: (form) => retriever.weight(form) })).join(' ')} `;
    return [gold.some((answer) => text.includes(` ${words(answer.text).join(' ')} `)) ? 1 : 0];
  });
  if (spans.length > 0) {
    const held = spans.reduce((sum: number, hit) => sum + hit, 0) / spans.length;
    lines.push(`  what is said holds the expected words: ${shown(held)} of ${spans.length}`);
  }
  for (const [name, list] of [
    ['far', set.far],
    ['near', set.near],
  ] as const) {
    if (list.length === 0) continue;
    const found = list.map((question) => ask(question));
    const refused = found.filter((answer) => answer.zone !== 'answer').length / list.length;
    lines.push(
      `  ${name} off-topic: not answered ${shown(refused)}, AUROC ${shown(
        auroc(
          confidence,
          found.map((answer) => answer.confidence),
        ),
      )}`,
    );
  }
  return lines;
}
