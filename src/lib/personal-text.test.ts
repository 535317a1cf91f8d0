import { expect, test } from 'vitest';
import { withoutPersonal } from './personal-text.ts';

test.each<[string, string, string[]]>([
  ['Quel est le plafond ?', 'Quel est le plafond ?', []],
  ['Mon numéro est 77 000 00 01, que faire ?', 'Mon numéro est, que faire ?', []],
  ['appelez le +221770000001 svp', 'appelez le svp', []],
  ['Le plafond est-il de 1 500 000 F ou 63 000 ?', 'Le plafond est-il de 1 500 000 F ou 63 000 ?', []],
  ['Né le 14/03/2016, a-t-il droit ?', 'Né le, a-t-il droit ?', []],
  ['Écrivez à awa.demo@exemple.sn merci', 'Écrivez à merci', []],
  ["Je m'appelle Awa Démo et je veux un congé", 'et je veux un congé', []],
  ['Moussa Démo : mes allocations ?', 'mes allocations ?', ['Moussa', 'Démo']],
  ['Mon dossier AB-12345 avance ?', 'Mon dossier avance ?', []],
  ['Article 12 du code ?', 'Article 12 du code ?', []],
  ['Et pour 2 enfants nés en 2020 ?', 'Et pour 2 enfants nés en 2020 ?', []],
  ['77 000 00 01', '', []],
])('%s → %s', (text, expected, names) => {
  expect(withoutPersonal(text, names)).toBe(expected);
});
