import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocuments } from '../library/desk.ts';
import { words } from './fold.ts';
import { createRetriever } from './retriever.ts';

test('every phrasing that names one entry, asked word for word, gets that entry first', async () => {
  const folder = join(import.meta.dirname, '../../../desks/css/documents');
  const { passages } = await readDocuments(folder);
  const retriever = await createRetriever(passages);
  const all = passages.flatMap((passage) =>
    [passage.title, ...passage.alternates].map((phrasing) => ({
      phrasing,
      passage,
      key: words(phrasing).join(' '),
    })),
  );
  // Case and punctuation name nobody.
  const of = Map.groupBy(all, ({ key }) => key);
  const asked = all.filter(({ key }) => new Set(of.get(key)?.map((one) => one.passage)).size === 1);
  const wrong = asked.filter(
    ({ phrasing, passage }) => retriever.search(phrasing, 1).results[0]?.passage !== passage,
  );
  expect(asked.length).toBeGreaterThan(300);
  expect(wrong.map(({ phrasing }) => phrasing)).toEqual([]);
}, 120_000);
