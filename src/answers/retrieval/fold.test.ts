import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, words } from './fold.ts';
import { grams, root, stem } from './views.ts';

test.each([
  ["L'I.P.R.E.S. a-t-elle payé ?", ['ipres', 'a', 't', 'elle', 'paye']],
  ['63 000 F, 63.000 F et 63\u202f000 F', ['63000', 'f', '63000', 'f', 'et', '63000', 'f']],
  ['8,4 % ou 8.4%', ['8.4', 'ou', '8.4']],
  ["Qu'est-ce que c’est, l'œuvre ?", ['que', 'est', 'ce', 'que', 'ce', 'est', 'oeuvre']],
  ["jusqu'à aujourd'hui", ['jusque', 'a', 'aujourdhui']],
  ['ÉLÈVE naïf Ñaata', ['eleve', 'naif', 'naata']],
  ['33 889 19 89', ['33889', '19', '89']],
  ['caisse@secusociale.sn', ['caisse', 'secusociale', 'sn']],
  ['\0 \u200f 😀 ""', []],
])('words of %j', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test('the same text in another case, normal form or apostrophe gives the same words', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."aàéèçœ' -12.,sLDQ"), maxLength: 60 }), (text) => {
      expect(words(text.normalize('NFD').replaceAll("'", '’'))).toEqual(words(text));
      expect(words(text.toUpperCase())).toEqual(words(text));
      expect(fold(fold(text))).toBe(fold(text));
    }),
  );
});

test('words never fail, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      for (const word of words(text)) expect(word).toMatch(/^[\p{L}\p{N}.]+$/u);
    }),
  );
});

test.each([
  [['cotisations', 'cotisation'], true],
  [['employeur', 'employeurs'], true],
  [['maternite', 'matin'], false],
])('stems of %j are the same: %s', ([a = '', b = ''], same) => {
  expect(stem(a) === stem(b)).toBe(same);
});

test('a root joins a family that stems keep apart', () => {
  const family = ['immatriculation', 'immatriculer', 'immatricule'].map((word) => root(stem(word)));
  expect(new Set(family).size).toBe(1);
  expect(stem('2023')).toBe('2023');
  expect(root('2023')).toBe('2023');
});

test('grams cover a word with its borders', () => {
  expect(grams('taux')).toEqual(['_tau', 'taux', 'aux_']);
  expect(grams('f')).toEqual(['_f_']);
});
