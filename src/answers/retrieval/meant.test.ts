import { expect, test } from 'vitest';
import type { Passage } from '../ingest/passage.ts';
import { loadFrenchWords } from './french-words.ts';
import { createRetriever } from './retriever.ts';

const passage = (title: string, text: string): Passage => ({
  id: title,
  document: title,
  documentTitle: title,
  title,
  alternates: [],
  text,
  kind: 'faq',
  status: 'confirmed',
});
const retriever = await createRetriever(
  [
    passage('Quelle est la durée du congé de maternité ?', 'Le congé de maternité dure quatorze semaines.'),
    passage("L'accident du travail", "L'accident est déclaré sous 48 heures à l'inspection."),
  ],
  { french: await loadFrenchWords() },
);
const far = 'de la fusée lunaire martienne et du fromage bleu';

test.each([
  ['a letter for another', `materniti ${far}`, `Maternité ${far}`],
  ['abbreviations, accents and elision', `c koi lacident ${far}`, `C'est quoi accident ${far}`],
  ['accents as the documents write them', `materniti declare ${far}`, `Maternité déclaré ${far}`],
  ['nothing was misspelled', `la durée ${far}`, undefined],
])('%s', (_, question, meant) => {
  const found = retriever.search(question, 3);
  expect(found.zone).not.toBe('answer');
  expect(found.meant).toBe(meant);
});

test('a question that is answered needs no asking', () => {
  const found = retriever.search('quelle est la duree du congé de materniti', 3);
  expect(found).toMatchObject({ zone: 'answer', understood: { corrections: [{ searched: 'maternite' }] } });
  expect(found).not.toHaveProperty('meant');
});
