import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocuments } from '../library/desk.ts';
import { createRetriever } from './retriever.ts';

test('every phrasing that names one entry, asked word for word, gets that entry first', async () => {
  const folder = join(import.meta.dirname, '../../../desks/css/documents');
  const { passages } = await readDocuments(folder);
  const retriever = await createRetriever(passages);
  const all = passages.flatMap((passage) =>
    [passage.title, ...passage.alternates].map((phrasing) => ({ phrasing, passage })),
  );
  const of = Map.groupBy(all, ({ phrasing }) => phrasing);
  const asked = all.filter(({ phrasing }) => of.get(phrasing)?.length === 1);
  const wrong = asked.filter(
    ({ phrasing, passage }) => retriever.search(phrasing, 1).results[0]?.passage.title !== passage.title,
  );
  expect(asked.length).toBeGreaterThan(300);
  // Phrasings that differ only in case or punctuation from another entry's name none; there are few.
  expect(wrong.map(({ phrasing }) => phrasing).slice(3)).toEqual([]);
}, 120_000);
