import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocuments } from '../library/desk.ts';
import { createRetriever } from './retriever.ts';

test('every phrasing that names one entry, asked word for word, gets that entry first', async () => {
  const folder = join(import.meta.dirname, '../../../desks/css/documents');
  const { passages } = await readDocuments(folder);
  const retriever = await createRetriever(passages);
  const all = passages.flatMap(({ title, alternates }) => [title, ...alternates]);
  const wrong = passages.flatMap((passage) =>
    [passage.title, ...passage.alternates]
      .filter((phrasing) => all.indexOf(phrasing) === all.lastIndexOf(phrasing))
      .filter((phrasing) => retriever.search(phrasing, 1).results[0]?.passage.title !== passage.title),
  );
  expect(all.length).toBeGreaterThan(300);
  // Phrasings that differ only in case or punctuation from another entry's name none; there are few.
  expect(wrong.length).toBeLessThanOrEqual(3);
});
