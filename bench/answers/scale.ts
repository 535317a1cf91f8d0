import type { Passage } from '../../src/answers/ingest/passage.ts';
import { loadFrenchWords } from '../../src/answers/retrieval/french-words.ts';
import { createRetriever } from '../../src/answers/retrieval/retriever.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { percentile } from './score.ts';

/** A fixed pseudo-random sequence in [0, 1): the same corpus every run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SYLLABLES =
  'ba be bi bo ca ce co da de di do fa fi ga go la le li lo ma me mi mo na ne no pa pe pi po ra re ri ro sa se si so ta te ti to va vi vo tion ment eur age ance'.split(
    ' ',
  );

/** Latency, index time and memory on `count` invented passages whose words follow Zipf's law, 160 words each. */
export async function scoreScale(count: number): Promise<string[]> {
  const next = sequence(7);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const vocabulary = Array.from({ length: 30_000 }, () =>
    Array.from({ length: 2 + Math.floor(next() * 3) }, () => pick(SYLLABLES) ?? '').join(''),
  );
  const word = () =>
    vocabulary[Math.min(vocabulary.length - 1, Math.floor(vocabulary.length ** next()) - 1)] ?? '';
  const line = (length: number) => Array.from({ length }, word).join(' ');
  const passages = Array.from({ length: count }, (_, index): Passage => {
    const document = `d${Math.floor(index / 10)}`;
    return {
      id: `${document}#${(index % 10) + 1}`,
      document,
      documentTitle: document,
      title: line(6),
      alternates: [],
      text: Array.from({ length: 10 }, () => `${line(16)}.`).join(' '),
      kind: 'document',
      status: 'confirmed',
    };
  });
  const french = await loadFrenchWords();
  const before = process.memoryUsage().rss;
  const started = systemClock.monotonic();
  const retriever = await createRetriever(passages, { french });
  const indexMs = systemClock.monotonic() - started;
  const times = Array.from({ length: 600 }, () => {
    // One word of eight is misspelled, as people type.
    const question = line(8).replace(/\w(?=\w*$)/, 'x');
    const from = systemClock.monotonic();
    retriever.search(question, 10);
    return systemClock.monotonic() - from;
  }).slice(100);
  return [
    `${count} passages (${Math.round(before / 2 ** 20)} MiB before): index ${Math.round(indexMs)} ms, p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms, ` +
      `index memory about ${Math.round((process.memoryUsage().rss - before) / 2 ** 20)} MiB`,
  ];
}
