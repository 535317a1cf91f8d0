import { expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import { ownCounts } from './counts.ts';
import { words } from './fold.ts';
import { createRetriever } from './retriever.ts';

const priced = (title: string, text: string) =>
  passage(title, text, { id: title, document: 'tarifs', documentTitle: 'Tarifs' });
const retriever = await createRetriever([
  priced('Les allocations', 'Par enfant, 2 600 francs. Après trois enfants, une aide.'),
  priced('La cotisation', 'Elle est de 7 % ; le congé dure 14 semaines.'),
  priced('Le tarif pour 4 enfants', 'Un rabais est accordé.'),
]);

test.each([
  ['combien pour 7 enfants', ['7']],
  ['combien pour 9 enfants', ['9']],
  ['le congé de 14 semaines', []],
  ['le congé de 14 semaine', []],
  ['le tarif pour 4 enfants', []],
  ['article 7', []],
  ['7 zèbres', []],
  ['7', []],
])('%s: the numbers nobody else says are %j', (question, own) => {
  expect([...ownCounts(words(question), retriever.collection)]).toEqual(own);
});

test('a count is no reason to answer with another figure', () => {
  const found = retriever.search('combien pour 7 enfants', 3);
  expect(found.results[0]?.title).not.toBe('La cotisation');
});
