import { expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import { loadFrenchWords } from './french-words.ts';
import { meantBy } from './meant.ts';
import { createRetriever } from './retriever.ts';
import type { Understood } from './understand.ts';

const retriever = await createRetriever(
  [
    passage('Quelle est la durée du congé de maternité ?', 'Le congé de maternité dure quatorze semaines.'),
    passage('Les agences', "L'agence de Podor est fermée. On alerte Podor en cas d'arrêt."),
    passage("L'accident du travail", "L'accident est déclaré sous 48 heures à l'inspection."),
  ],
  { french: await loadFrenchWords() },
);
const far = 'de la fusée lunaire martienne et du fromage bleu';
const understood = (typed: [string, string][], unknown: string[] = []): Understood => ({
  all: [],
  content: [],
  type: undefined,
  corrections: typed.map(([one, searched]) => ({ typed: one, searched })),
  expanded: [{ typed: 'c', searched: 'ce est' }],
  unknown,
  language: 'fr',
});

test.each<[string, string, Understood, string | undefined]>([
  ['a letter for another', 'la materniti', understood([['materniti', 'maternite']]), 'La maternité'],
  [
    'accents and elision',
    'c koi la materniti',
    understood([['materniti', 'maternite']]),
    "C'est koi la maternité",
  ],
  ['an article that sticks', 'c koi laccident', understood([['laccident', 'accident']]), undefined],
  ['heard alike', 'la duré du conjé', understood([['conje', 'conge']]), 'La duré du congé'],
  ['nothing was misspelled', 'la durée', understood([]), undefined],
  ['half a correction', 'materniti puteau', understood([['materniti', 'maternite']], ['puteau']), undefined],
  ['a far one', 'conar', understood([['conar', 'conge']]), undefined],
  ['another beginning', 'paternite', understood([['paternite', 'maternite']]), undefined],
  ['towards a name', 'la mairie de Podar', understood([['podar', 'podor']]), undefined],
])('%s', (_, question, words, meant) => {
  expect(meantBy(question, words, retriever.collection)).toBe(meant);
});

test.each([
  `materniti ${far}`,
  `c koi lacident ${far}`,
  'Mon mari Modou Fall',
  '{first_name}',
  'alert(1) accident',
  'conar',
  'conjé puteau',
])('%s: what would not be answered is not asked about', (question) => {
  const found = retriever.search(question, 3);
  expect(found).not.toHaveProperty('meant');
});

test.each(['Modou', '{first_name}', 'alert(1)'])('%s is not corrected', (word) => {
  const { understood: read } = retriever.search(`le congé de ${word} du travail`, 1);
  expect(read.corrections).toEqual([]);
});

test('a question that is answered needs no asking', () => {
  const found = retriever.search('quelle est la duree du congé de materniti', 3);
  expect(found).toMatchObject({ zone: 'answer', understood: { corrections: [{ searched: 'maternite' }] } });
  expect(found).not.toHaveProperty('meant');
});
