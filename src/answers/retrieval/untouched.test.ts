import { expect, test } from 'vitest';
import { untouchedIn } from './untouched.ts';

test.each([
  ['Mon mari Modou Fall est malade', ['modou', 'fall']],
  ['Modou Fall est malade', ['modou', 'fall']],
  ["la fille d'Aminata Diallo", ['aminata', 'diallo']],
  ['Bonjour. Cotisasion de mon mari', []],
  ['Cotisasion pour deux enfants', []],
  ['COTISASION POUR DEUX ENFANTS', []],
  ['Comment Payer Mes Cotisasions', []],
  [
    '{first_name} alert(1) a@b.sn css/ipres cotisasion',
    ['first', 'name', 'alert', '1', 'a', 'b', 'sn', 'css', 'ipres'],
  ],
  ['', []],
])('%s', (question, untouched) => {
  expect([...untouchedIn(question)]).toEqual(untouched);
});
