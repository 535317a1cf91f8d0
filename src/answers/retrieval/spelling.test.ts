import { beforeAll, describe, expect, test } from 'vitest';
import type { WordList } from './french-words.ts';
import { loadFrenchWords } from './french-words.ts';
import { finished } from './slices.ts';
import { createSpeller, distance, phonetic } from './spelling.ts';

test.each([
  ['travail', 'travail', 2, 0],
  ['travial', 'travail', 2, 1],
  ['travai', 'travail', 2, 1],
  ['trovoil', 'travail', 2, 2],
  ['chat', 'travail', 2, 3],
  ['', 'ab', 2, 2],
])('distance of %s and %s within %d is %d', (a, b, limit, expected) => {
  expect(distance(a, b, limit)).toBe(expected);
  expect(distance(b, a, limit)).toBe(expected);
});

test.each([
  ['kotisasion', 'cotisations'],
  ['pandan', 'pendant'],
  ['travay', 'travail'],
  ['fone', 'phone'],
  ['koman', 'comment'],
  ['bato', 'bateaux'],
])('%s sounds like %s', (typed, meant) => {
  expect(phonetic(typed)).toBe(phonetic(meant));
});

describe('correction', () => {
  const speller = finished(
    createSpeller(
      [
        'cotisation',
        'accident',
        'travail',
        'enfant',
        'voyage',
        'nouvelle',
        'courriel',
        'email',
        'maternite',
        'merci',
      ].map((form) => ({ form, frequency: 3 })),
    ),
  );
  test.each([
    ['cotisasion', 'cotisation'],
    ['acidan', 'accident'],
    ['travay', 'travail'],
    ['enfan', 'enfant'],
    ['voyag', 'voyage'],
    ['nvlle', 'nouvelle'],
    ['lakotisasion', 'cotisation'],
    ['lemail', 'email'],
    ['matrenite', 'maternite'],
  ])('%s → %s', (typed, meant) => {
    expect(speller.correct(typed)).toBe(meant);
  });
  test.each(['css', 'ipm', 'bitcoin', 'march', '12345', 'abc1def', 'é'])('%s is left alone', (typed) => {
    expect(speller.correct(typed)).toBeUndefined();
  });
});

describe('the French word list', () => {
  let french: WordList;
  beforeAll(async () => {
    french = await loadFrenchWords();
  });
  test.each(
    'cotisations cotiseront declarait chevaux oeil yeux belles amoureuse taxi ciment a eaux'.split(' '),
  )('knows %s', (word) => {
    expect(french.has(word)).toBe(true);
  });
  test.each('cotisasion travay acidan woyofal xyzzy march'.split(' '))('does not know %s', (word) => {
    expect(french.has(word)).toBe(false);
  });
});
