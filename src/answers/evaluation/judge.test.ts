import { expect, test } from 'vitest';
import { satisfied } from './judge.ts';

test.each<[string, string[], boolean]>([
  ['Le plafond est de 63 000 F.', ['63000'], true],
  ['Le plafond est de 63.000 F.', ['63 000'], true],
  ['Le taux est de 8.4 %.', ['8,4%'], true],
  ['Soit 140 F.', ['14'], false],
  ['Soit 432,40 F.', ['40'], false],
  ['Soit 40 %.', ['40'], true],
  ['Écrivez à la Caisse.', ['caisse|bureau'], true],
  ['Elle est au Mali.', ['oui|non'], false],
  ['Louise vient.', ['oui'], false],
  ['Oui.', ['oui', 'non'], false],
  ['Oui et non.', ['oui', 'non'], true],
  ['Rien du tout', [], true],
])('%s holds %j: %s', (answer, must, expected) => {
  expect(satisfied(answer, must)).toBe(expected);
});
