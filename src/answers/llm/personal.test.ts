import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutPersonal } from './personal.ts';

test.each([
  ['Appelez-moi au 77 000 00 01 svp', 'Appelez-moi au [phone] svp'],
  ['+221 77 000 00 01', '[phone]'],
  ['mon mail : awa.demo@exemple.sn', 'mon mail : [e-mail]'],
  ['carte 1 234 1980 00012, dossier AB-123456', 'carte [numéro], dossier [numéro]'],
  ['je suis né le 12/03/1980', 'je suis né le [date]'],
  ['Je m’appelle Awa Démo et je veux la retraite', 'Je m’appelle [nom] et je veux la retraite'],
  ['my name is Awa Démo', 'my name is [nom]'],
  ['voir https://exemple.sn/u/awa et @awa_demo', 'voir [lien] et [compte]'],
  ['22 500 F ou 1 500 000 F pour 3 enfants en 2024 ?', '22 500 F ou 1 500 000 F pour 3 enfants en 2024 ?'],
  ['Quel est le taux ?\nMerci', 'Quel est le taux ?\nMerci'],
])('%s → %s', (text, safe) => {
  expect(withoutPersonal(text)).toBe(safe);
});

test('no telephone survives, wherever it stands and however it is grouped', () => {
  const phone = fc
    .tuple(
      fc.constantFrom('70', '76', '77', '78', '33'),
      fc.integer({ min: 0, max: 9_999_999 }),
      fc.constantFrom('', ' ', '.', '-'),
    )
    .map(([prefix, rest, gap]) => {
      const digits = String(rest).padStart(7, '0');
      return [prefix, digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)].join(gap);
    });
  const word = fc.constantFrom('appelez', 'le', 'mon', 'numéro :', '(', ')', ',', 'à 8 h');
  fc.assert(
    fc.property(fc.array(word), phone, fc.array(word), (before, number, after) => {
      expect(withoutPersonal([...before, number, ...after].join(' '))).not.toContain(number);
    }),
  );
});
