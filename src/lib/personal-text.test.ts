import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutPersonal } from './personal-text.ts';

describe('removed', () => {
  test.each<[string, string, string[]]>([
    ['Quel est le plafond ?', 'Quel est le plafond ?', []],
    ['Mon numéro est 77 000 00 01, que faire ?', 'Mon numéro est, que faire ?', []],
    ['appelez le +221770000001 svp', 'appelez le svp', []],
    ['Le plafond est-il de 1 500 000 F ou 63 000 ?', 'Le plafond est-il de 1 500 000 F ou 63 000 ?', []],
    ['Faut-il 1500000 F ou 1 500 000 ?', 'Faut-il 1500000 F ou 1 500 000 ?', []],
    ['Né le 14/03/2016, a-t-il droit ?', 'Né le, a-t-il droit ?', []],
    ['Né le 14/03/16, a-t-il droit ?', 'Né le, a-t-il droit ?', []],
    ['Écrivez à awa.demo@exemple.sn merci', 'Écrivez à merci', []],
    ["Je m'appelle Awa Démo et je veux un congé", 'et je veux un congé', []],
    ['Bonjour, Madame Démo a-t-elle droit ?', 'Bonjour, a-t-elle droit ?', []],
    ['Moussa Démo : mes allocations ?', 'mes allocations ?', ['Moussa', 'Démo']],
    ['Mon dossier AB-12345 avance ?', 'Mon dossier avance ?', []],
    ['Article 12 du code ?', 'Article 12 du code ?', []],
    ['Ouvert à 8h30 pendant 15jours ?', 'Ouvert à 8h30 pendant 15jours ?', []],
    ['Et pour 2 enfants nés en 2020 ?', 'Et pour 2 enfants nés en 2020 ?', []],
    ['77 000 00 01', '', []],
  ])('%s → %s', (text, expected, names) => {
    expect(withoutPersonal(text, names)).toBe(expected);
  });
});

describe('masked', () => {
  test.each<[string, string, string[]?]>([
    ['Appelez-moi au 77 000 00 01 svp', 'Appelez-moi au [phone] svp'],
    ['+221 77 000 00 01', '[phone]'],
    ['mon mail : awa.demo@exemple.sn', 'mon mail : [e-mail]'],
    ['carte 1 234 1980 00012, dossier AB-123456', 'carte [numéro], dossier [numéro]'],
    ['mon dossier ab-12345', 'mon dossier [numéro]'],
    ['je suis né le 12/03/1980', 'je suis né le [date]'],
    ['né le 12/03/80', 'né le [date]'],
    ['Je m’appelle Awa Démo et je veux la retraite', 'Je m’appelle [nom] et je veux la retraite'],
    ['my name is Awa Démo', 'my name is [nom]'],
    ['Madame Démo a-t-elle droit ?', 'Madame [nom] a-t-elle droit ?'],
    ['Awa a-t-elle droit ?', '[nom] a-t-elle droit ?', ['Awa']],
    ['voir https://exemple.sn/u/awa et @awa_demo', 'voir [lien] et [compte]'],
    ['22 500 F ou 1 500 000 F pour 3 enfants en 2024 ?', '22 500 F ou 1 500 000 F pour 3 enfants en 2024 ?'],
    ['Quel est le taux ?\nMerci', 'Quel est le taux ?\nMerci'],
  ])('%s → %s', (text, safe, names) => {
    expect(withoutPersonal(text, names, 'mask')).toBe(safe);
  });
});

test.each(['mask', 'remove'] as const)(
  'no telephone survives (%s), wherever it stands and however it is grouped',
  (how) => {
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
    const word = fc.constantFrom('appelez', 'le', 'mon', 'numéro :', '(', ')', ',', 'à 8 h', '12');
    fc.assert(
      fc.property(fc.array(word), phone, fc.array(word), (before, number, after) => {
        expect(withoutPersonal([...before, number, ...after].join(' '), [], how)).not.toContain(number);
      }),
    );
  },
);
