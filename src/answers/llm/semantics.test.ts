import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { createHttpClient } from '../../lib/http.ts';
import { createLog } from '../../lib/log.ts';
import type { Answer } from '../../message/answer.ts';
import { createEmbeddedAnswerer } from '../embedded.ts';
import type { Passage } from '../ingest/passage.ts';
import { grams } from '../retrieval/views.ts';
import { words } from '../retrieval/fold.ts';
import type { SearchResult } from '../retrieval/retriever.ts';
import { createRetriever } from '../retrieval/retriever.ts';
import { createEmbedder } from './embedder.ts';
import { createEndpoint } from './endpoint.ts';
import { fuse, trustOf } from './fuse.ts';
import type { PassageSemantics, SemanticsOptions } from './semantics.ts';
import { createSemantics } from './semantics.ts';
import type { Vectors } from './vectors.ts';
import { keyOf, openVectors } from './vectors.ts';

const log = createLog({ level: 'error', destination: { write: () => undefined } });

/** A text as counts of hashed pieces of words: knows spelling, as a poor model would. */
function spelled(text: string): number[] {
  const vector = Array.from({ length: 64 }, () => 0.01);
  for (const gram of words(text).flatMap(grams)) {
    const at = Number.parseInt(keyOf(gram).slice(0, 4), 16) % vector.length;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  return vector;
}

type Embed = (text: string) => unknown[];

async function opened(
  embed: Embed,
  more: Partial<SemanticsOptions> & { folder?: string; wait?: (input: string[]) => Promise<void> } = {},
): Promise<{ semantics: PassageSemantics; vectors: Vectors; asked: string[][]; folder: string }> {
  const asked: string[][] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { input } = JSON.parse(Buffer.concat(parts).toString()) as { input: string[] };
      asked.push(input);
      void (more.wait?.(input) ?? Promise.resolve()).then(() => {
        const data = input.map((text, index) => ({ index, embedding: embed(text) }));
        response.end(JSON.stringify({ object: 'list', data: data.toReversed() }));
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = String(typeof address === 'object' && address !== null ? address.port : 0);
  const http = createHttpClient({ allowHosts: [`127.0.0.1:${port}`], userAgent: 'test' });
  // Each look a minute later: a circuit that opened is tried again.
  let at = 0;
  const clock = { now: () => 0, monotonic: () => (at += 60_000) };
  const endpoint = createEndpoint({
    baseUrl: `http://127.0.0.1:${port}`,
    request: (request) => http.request(request),
    clock,
  });
  const folder = more.folder ?? temporaryFolder();
  const vectors = await openVectors(folder, 'essai');
  const semantics = createSemantics({
    embedder: createEmbedder(endpoint, 'essai'),
    vectors,
    log,
    questionMs: 5_000,
    retryMs: 10,
    ...more,
  });
  onTestFinished(async () => {
    await semantics.close();
    await http.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { semantics, vectors, asked, folder };
}

const TOPICS = [
  'chat',
  'chien',
  'cheval',
  'mouton',
  'poule',
  'vache',
  'chèvre',
  'âne',
  'canard',
  'lapin',
  'dindon',
  'pigeon',
];
const passages: Passage[] = TOPICS.map((topic, n) => ({
  id: `fiche#${String(n)}`,
  document: 'fiche',
  documentTitle: 'Les animaux',
  title: `Comment nourrir un animal : ${topic} ?`,
  alternates: [],
  text: `Pour nourrir l’animal ${topic}, il faut ${String(n + 2)} repas par jour et de l’eau.`,
  kind: 'faq',
  status: 'confirmed',
}));

const searched = async (question: string): Promise<SearchResult[]> =>
  (await createRetriever(passages)).search(question, 100).results;

describe('vectors on disk', () => {
  const vector = (seed: number): Float32Array => Float32Array.from({ length: 8 }, (_, at) => seed + at);
  const key = (n: number): string => keyOf(String(n));

  test('are there after a restart, and forgotten when asked', async () => {
    const folder = temporaryFolder();
    let vectors = await openVectors(folder, 'm');
    await vectors.add([1, 2, 3, 4].map((n) => ({ key: key(n), vector: vector(n) })));
    await vectors.keepOnly(new Set([key(2), key(4)]));
    await vectors.add([{ key: key(5), vector: vector(5) }]);
    await vectors.close();
    vectors = await openVectors(folder, 'm');
    expect(vectors.size).toBe(3);
    expect(await Promise.all([1, 2, 3, 4, 5].map((n) => vectors.get(key(n))))).toEqual([
      undefined,
      vector(2),
      undefined,
      vector(4),
      vector(5),
    ]);
    await vectors.close();
  });

  test('one that is read while others move is never another’s', async () => {
    const folder = temporaryFolder();
    const vectors = await openVectors(folder, 'm');
    await vectors.add([1, 2, 3].map((n) => ({ key: key(n), vector: vector(n) })));
    const handle = await open(join(folder, 'any'), 'w+');
    const prototype = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const original = prototype.read;
    let go: () => void = () => undefined;
    const moved = new Promise<void>((done) => (go = done));
    const slow = vi.spyOn(prototype, 'read').mockImplementationOnce(async function (
      this: typeof handle,
      ...args
    ) {
      await moved;
      return (original as (...all: unknown[]) => ReturnType<typeof original>).apply(this, args);
    });
    onTestFinished(() => {
      slow.mockRestore();
    });
    const read = vectors.get(key(2));
    await vectors.keepOnly(new Set([key(2), key(3)]));
    go();
    expect(await read).toEqual(vector(2));
    await vectors.close();
  });

  test('any additions and removals: what is kept is what was put', async () => {
    const root = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat(20), fc.array(fc.nat(20)), fc.constant('again' as const)), {
          maxLength: 20,
        }),
        async (deeds) => {
          const folder = join(root, randomBytes(6).toString('hex'));
          let vectors = await openVectors(folder, 'm');
          const model = new Set<number>();
          for (const deed of deeds) {
            if (typeof deed === 'number') {
              model.add(deed);
              await vectors.add([{ key: key(deed), vector: vector(deed) }]);
            } else if (deed === 'again') {
              await vectors.close();
              vectors = await openVectors(folder, 'm');
            } else {
              for (const n of model) if (!deed.includes(n)) model.delete(n);
              await vectors.keepOnly(new Set(deed.map(key)));
            }
          }
          for (let n = 0; n <= 20; n += 1)
            expect(await vectors.get(key(n))).toEqual(model.has(n) ? vector(n) : undefined);
          expect(vectors.size).toBe(model.size);
          await vectors.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a torn file loses its end, another file begins anew, another model’s is deleted', async () => {
    const folder = temporaryFolder();
    let vectors = await openVectors(folder, 'm');
    await vectors.add([1, 2].map((n) => ({ key: key(n), vector: vector(n) })));
    await vectors.close();
    const file = (kind: string): string =>
      join(folder, readdirSync(folder).find((name) => name.endsWith(kind)) ?? '');
    truncateSync(file('.f32'), 8 * 4 + 5);
    vectors = await openVectors(folder, 'm');
    expect([vectors.has(key(1)), vectors.has(key(2))]).toEqual([true, false]);
    await vectors.add([{ key: key(3), vector: vector(3) }]);
    expect(await vectors.get(key(3))).toEqual(vector(3));
    await vectors.close();
    writeFileSync(file('.keys'), 'not ours');
    vectors = await openVectors(folder, 'm');
    expect(vectors.size).toBe(0);
    await vectors.add([{ key: key(4), vector: Float32Array.from({ length: 16 }, () => 1) }]);
    expect((await vectors.get(key(4)))?.length).toBe(16);
    await vectors.close();
    expect(statSync(file('.f32')).mode & 0o077).toBe(0);
    vectors = await openVectors(folder, 'another');
    expect(readdirSync(folder)).toHaveLength(2);
    expect(vectors.size).toBe(0);
    await vectors.close();
  });
});

describe('fusing', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });

  test('gives each candidate once; likeness that says nothing changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { maxLength: 120 }), (pairs) => {
        const scores = pairs.map(([one]) => one).sort((a, b) => b - a);
        const order = fuse(
          scores,
          pairs.map(([, other]) => other),
        );
        expect(order.toSorted((a, b) => a - b)).toEqual(scores.map((_, at) => at));
        expect(
          fuse(
            scores,
            scores.map(() => 0.7),
          ),
        ).toEqual(scores.map((_, at) => at));
      }),
    );
  });

  test('vectors that know nothing seldom move the first result', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
    let moved = 0;
    for (let n = 0; n < 500; n += 1) {
      // As searches are: a first result, some beside it, a long tail.
      const scores = Array.from({ length: 100 }, (_, at) => Math.max(0, 0.9 ** at - 0.02 * random()));
      moved +=
        fuse(
          scores,
          scores.map(() => random()),
        )[0] === 0
          ? 0
          : 1;
    }
    expect(moved).toBeLessThanOrEqual(10);
  });

  test('likeness that disagrees with every word is not believed, and one that agrees is', () => {
    const scores = Array.from({ length: 100 }, (_, at) => 1 / (1 + at));
    expect(trustOf(scores, scores.toReversed())).toBe(0);
    expect(trustOf(scores, scores)).toBe(1);
  });
});

describe('passages', () => {
  test('are embedded once, again when they change, and forgotten when they go', async () => {
    const { semantics, vectors, asked, folder } = await opened(spelled);
    semantics.indexed(passages);
    await semantics.settled();
    expect(vectors.size).toBe(passages.length);
    semantics.indexed(passages.map((passage) => ({ ...passage })));
    await semantics.settled();
    expect(asked).toHaveLength(1);
    const [first, ...rest] = passages;
    if (!first) throw new Error('no passage');
    semantics.indexed([{ ...first, text: 'Autre chose.' }, ...rest.slice(1)]);
    await semantics.settled();
    expect(asked.map((input) => input.length)).toEqual([passages.length, 1]);
    expect(vectors.size).toBe(passages.length - 1);
    await semantics.close();
    const again = await opened(spelled, { folder });
    again.semantics.indexed(rest.slice(1));
    await again.semantics.settled();
    expect(again.asked).toHaveLength(0);
  });

  test.each<[string, Embed]>([
    ['words for numbers', () => ['a', 'b']],
    ['too short vectors', () => [1, 2]],
    ['zeros', () => Array.from({ length: 8 }, () => 0)],
    ['vectors without end', () => Array.from({ length: 5_000 }, () => 1)],
  ])('%s: nothing is kept, and results stay as they were', async (_, embed) => {
    const { semantics, vectors, asked } = await opened(embed);
    semantics.indexed(passages);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    const results = await searched('que mange un âne');
    expect(await semantics.reorder('que mange un âne', results)).toEqual(results);
    expect(vectors.size).toBe(0);
  });
});

describe('passages that the endpoint refuses', () => {
  const poison = (input: string[]): boolean => input.some((text) => text.includes('cheval'));
  const embed: Embed = (text) => (text.includes('cheval') ? [] : spelled(text));

  test('are left out, alone, and not asked for again', async () => {
    const { semantics, vectors, asked } = await opened(embed);
    semantics.indexed(passages);
    await semantics.settled();
    expect(vectors.size).toBe(passages.length - 1);
    const calls = asked.length;
    semantics.indexed([...passages]);
    await semantics.settled();
    expect(asked).toHaveLength(calls);
  });

  test('an endpoint that refuses everything is waited for, and nobody is left out', async () => {
    let down = true;
    const { semantics, vectors, asked } = await opened((text) => (down ? [] : spelled(text)));
    semantics.indexed(passages);
    await expect.poll(() => asked.length).toBeGreaterThan(2);
    down = false;
    await semantics.settled();
    expect(vectors.size).toBe(passages.length);
  });

  test('what is no longer wanted is no longer asked for', async () => {
    const { semantics, vectors, asked } = await opened((text) =>
      text.includes('chien') ? spelled(text) : [],
    );
    semantics.indexed(passages);
    await expect.poll(() => asked.filter(poison).length).toBeGreaterThan(0);
    semantics.indexed(passages.slice(1, 2));
    await semantics.settled();
    expect(vectors.size).toBe(1);
  });
});

describe('an order by meaning', () => {
  test('keeps the same candidates, and sends the question without what names somebody', async () => {
    const { semantics, asked } = await opened(spelled);
    semantics.indexed(passages);
    await semantics.settled();
    const question = 'nourrir des chevaux, 77 000 00 01';
    const results = await searched(question);
    const after = await semantics.reorder(question, results);
    expect(after.map(({ id }) => id).sort()).toEqual(results.map(({ id }) => id).sort());
    expect(asked.at(-1)).toEqual(['nourrir des chevaux, [phone]']);
  });

  test.each([
    [
      'too slow',
      {
        questionMs: 20,
        wait: (input: string[]) =>
          input.length === 1 ? new Promise<void>(() => undefined) : Promise.resolve(),
      },
    ],
    [
      'in error',
      {
        wait: (input: string[]) =>
          input.length === 1 ? new Promise<void>(() => undefined) : Promise.resolve(),
        questionMs: 1,
      },
    ],
  ])('an endpoint that is %s: the order of words', async (_, more) => {
    const { semantics } = await opened(spelled, more);
    semantics.indexed(passages);
    await semantics.settled();
    const results = await searched('que mange un âne');
    expect(await semantics.reorder('que mange un âne', results)).toEqual(results);
  });

  test('a question word for word as the documents put it is not sent', async () => {
    const { semantics, asked } = await opened(spelled);
    semantics.indexed(passages);
    await semantics.settled();
    const question = passages[3]?.title ?? '';
    const results = await searched(question);
    expect(await semantics.reorder(question, results)).toEqual(results);
    expect(asked).toHaveLength(1);
  });
});

describe('on the desk css', () => {
  const folder = join(import.meta.dirname, '../../../desks/css');
  const clock = { now: () => 0, monotonic: () => 0 };
  const questions = readFileSync(join(folder, 'questions.jsonl'), 'utf8')
    .split('\n')
    .flatMap((line) => /"(?:q|question)":\s*"([^"]+)"/.exec(line)?.[1] ?? [])
    .slice(0, 60);

  async function answers(semantics?: PassageSemantics): Promise<Answer[]> {
    const answerer = await createEmbeddedAnswerer({
      folder,
      language: 'fr',
      clock,
      ...(semantics && { semantics }),
    });
    await semantics?.settled();
    const given: Answer[] = [];
    for (const text of questions)
      given.push(await answerer.answer({ text, language: 'fr' }, new AbortController().signal));
    await answerer.close();
    return given;
  }

  test('vectors that mean nothing leave the answers; an endpoint that fails leaves all of them', async () => {
    expect(questions.length).toBeGreaterThan(20);
    const plain = await answers();
    const noise = (text: string): number[] =>
      Array.from(
        { length: 32 },
        (_, at) => Number.parseInt(keyOf(`${String(at)} ${text}`).slice(0, 6), 16) - 0x800000,
      );
    const random = await answers((await opened(noise)).semantics);
    const bodies = (given: Answer[]): string[] =>
      given.map((answer) => ('body' in answer ? answer.body : answer.status));
    const same = bodies(plain).filter((body, at) => body === bodies(random)[at]).length;
    expect(same / questions.length).toBeGreaterThanOrEqual(0.95);

    const quick = {
      questionMs: 1,
      wait: (input: string[]) => (input.length === 1 ? never : Promise.resolve()),
    };
    expect(await answers((await opened(noise, quick)).semantics)).toEqual(plain);
  });
  const never = new Promise<void>(() => undefined);
});
