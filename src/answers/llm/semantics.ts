import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../lib/log.ts';
import { withoutPersonal } from '../../lib/personal-text.ts';
import type { Semantics } from '../embedded.ts';
import type { Passage } from '../ingest/passage.ts';
import { plainText } from '../ingest/sections.ts';
import { words } from '../retrieval/fold.ts';
import type { SearchResult } from '../retrieval/retriever.ts';
import type { Embedder } from './embedder.ts';
import { isTrouble } from './endpoint.ts';
import { fuse } from './fuse.ts';
import type { Vectors } from './vectors.ts';
import { keyOf } from './vectors.ts';

export interface PassageSemantics extends Semantics {
  /** Resolves when every passage known now has its vector. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface SemanticsOptions {
  embedder: Embedder;
  vectors: Vectors;
  log: Log;
  /** Longest wait for the vector of a question, milliseconds. */
  questionMs?: number;
  /** Between two tries of an endpoint that failed. */
  retryMs?: number;
}

const BATCH = 32;
const BATCH_MS = 60_000;
/** What any model can embed: tells a passage that is refused from a server that fails. */
const HARMLESS = 'bonjour';
/** Passages beyond this many are ranked by their words alone: at 1,024 numbers each this is 400 MB of disk. */
const MOST = 100_000;
/** Longest text given, UTF-16 units: models read about 512 tokens. */
const LONGEST = 2_000;
/** Share of the candidates that must have a vector. */
const COVERED = 0.9;

const textOf = ({ title, documentTitle, text }: Passage): string =>
  [...new Set([documentTitle, title]), plainText(text)].join('\n').slice(0, LONGEST).toWellFormed();

/** Embeds passages in the background, and reorders what a search found by meaning and words together. */
export function createSemantics(options: SemanticsOptions): PassageSemantics {
  const { embedder, vectors, log, questionMs = 800, retryMs = 30_000 } = options;
  const keys = new WeakMap<Passage, string>();
  const closing = new AbortController();
  /** Passages that the endpoint refuses, each alone: ranked by their words. */
  const refused = new Set<string>();
  let wanted: readonly Passage[] = [];
  let working: Promise<void> | undefined;
  /** The passages that were looked after last. */
  let done: readonly Passage[] | undefined;

  function keyFor(passage: Passage): string {
    let key = keys.get(passage);
    if (key === undefined) keys.set(passage, (key = keyOf(textOf(passage))));
    return key;
  }

  /** Goes on until what is wanted is there, also when that changes meanwhile. */
  async function work(): Promise<void> {
    while (done !== wanted && !closing.signal.aborted) {
      const passages = wanted;
      const missing: Passage[] = [];
      for (const [at, passage] of passages.slice(0, MOST).entries()) {
        if (at % 1_000 === 999) await breathe();
        const key = keyFor(passage);
        if (!vectors.has(key) && !refused.has(key)) missing.push(passage);
      }
      if (missing.length > 0) log.info('embedding', { passages: passages.length, missing: missing.length });
      for (let at = 0; at < missing.length && passages === wanted; at += BATCH)
        await embedBatch(missing.slice(at, at + BATCH), () => passages === wanted);
      if (passages !== wanted || closing.signal.aborted) continue;
      await vectors.keepOnly(new Set(passages.map(keyFor)));
      if (missing.length > 0) log.info('embedded', { passages: vectors.size });
      done = passages;
    }
  }

  function start(): void {
    working ??= work()
      .catch((error: unknown) => {
        log.error('embedding_failed', { error });
        done = wanted;
      })
      .finally(() => {
        working = undefined;
        if (done !== wanted && !closing.signal.aborted) start();
      });
  }

  /** Waits for an endpoint that is down; halves a batch that it refuses, down to the passage that is to blame. */
  async function embedBatch(batch: readonly Passage[], isWanted: () => boolean): Promise<void> {
    while (!closing.signal.aborted && isWanted()) {
      const made = await embedder.embed(batch.map(textOf), BATCH_MS, closing.signal);
      if (!isTrouble(made)) {
        await vectors.add(
          batch.flatMap((passage, at) => ({ key: keyFor(passage), vector: made[at] ?? new Float32Array() })),
        );
        return;
      }
      if ((made === 'failed' || made === 'slow') && (await works())) {
        const [first, ...others] = batch;
        if (first === undefined) return;
        if (others.length === 0) {
          refused.add(keyFor(first));
          log.warn('embedding_refused', { passage: first.id, reason: made });
          return;
        }
        const half = Math.ceil(batch.length / 2);
        await embedBatch(batch.slice(0, half), isWanted);
        await embedBatch(batch.slice(half), isWanted);
        return;
      }
      if (made !== 'closed' && made !== 'gone') log.warn('embedding_waits', { reason: made });
      await delay(retryMs, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
  }

  const works = async (): Promise<boolean> =>
    !isTrouble(await embedder.embed([HARMLESS], BATCH_MS, closing.signal));

  async function likeness(
    question: string,
    results: readonly SearchResult[],
    signal?: AbortSignal,
  ): Promise<number[] | undefined> {
    const known = results.filter(({ passage }) => vectors.has(keyFor(passage))).length;
    if (known === 0 || known < COVERED * results.length) return undefined;
    const [made, kept] = await Promise.all([
      embedder.embed([withoutPersonal(question.slice(0, LONGEST), [], 'mask')], questionMs, signal),
      Promise.all(results.map(({ passage }) => vectors.get(keyFor(passage)))),
    ]);
    const asked = isTrouble(made) ? undefined : made[0];
    if (!asked) return undefined;
    const cosines = kept.map((vector) => (vector?.length === asked.length ? dot(vector, asked) : undefined));
    const there = cosines.filter((value) => value !== undefined);
    if (there.length < COVERED * results.length) return undefined;
    const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
    return cosines.map((value) => value ?? mean);
  }

  return {
    indexed(passages) {
      wanted = passages;
      start();
    },
    async reorder(question, results, signal) {
      try {
        const [first] = results;
        // Asked word for word as a document puts it: there is nothing to understand.
        if (!first || words(question).join(' ') === words(first.matched).join(' ')) return results;
        const found = await likeness(question, results, signal);
        if (!found) return results;
        return fuse(
          results.map(({ score }) => score),
          found,
        ).flatMap((at) => results[at] ?? []);
      } catch (error) {
        log.warn('embedding_unused', { error });
        return results;
      }
    },
    async settled() {
      while (working) await working;
    },
    async close() {
      closing.abort();
      await working;
      await vectors.close();
    },
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
