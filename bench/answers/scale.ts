import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Passage } from '../../src/answers/ingest/passage.ts';
import { loadFrenchWords } from '../../src/answers/retrieval/french-words.ts';
import { createCollection } from '../../src/answers/retrieval/living.ts';
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
  const each = Math.max(10, count / 1000);
  const passages = Array.from({ length: count }, (_, index): Passage => {
    const document = `d${Math.floor(index / each)}`;
    return {
      id: `${document}#${(index % each) + 1}`,
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
  const before = memory();
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const collection = createCollection({ french });
  const started = systemClock.monotonic();
  const documents = [...Map.groupBy(passages, ({ document }) => document)];
  for (const [document, own] of documents) await collection.replace(document, own);
  await collection.commit();
  const indexMs = systemClock.monotonic() - started;
  const [changed, own] = documents[Math.floor(documents.length / 2)] ?? ['', []];
  const again = systemClock.monotonic();
  await collection.replace(changed, own);
  const retriever = await collection.commit();
  const replaceMs = systemClock.monotonic() - again;
  loop.disable();
  const times = Array.from({ length: 600 }, () => {
    // One word of eight is misspelled, as people type.
    const question = line(8).replace(/\w(?=\w*$)/, 'x');
    const from = systemClock.monotonic();
    retriever.search(question, 10);
    return systemClock.monotonic() - from;
  }).slice(100);
  return [
    `${count} passages: index ${Math.round(indexMs)} ms, p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms, ` +
      `one document of ${documents.length} replaced ${Math.round(replaceMs)} ms, event loop held at most ${Math.round(loop.max / 1e6)} ms, ` +
      `index ${memory() - before} MiB with its texts`,
  ];
}

/** Memory that is in use, MiB; after a collection when node runs with --expose-gc. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / 2 ** 20);
}
