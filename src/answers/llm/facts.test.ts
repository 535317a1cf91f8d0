import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factsOf, knownFacts } from './facts.ts';

/** Runs that patterns could read again from each of their characters. */
const HOSTILE = [
  '1 ',
  'a.',
  '9-',
  'dix ',
  'dix-',
  'a',
  '1',
  '@',
  'a@',
  '- \n',
  '1/',
  'un ',
  '½',
  '١',
  'xn--',
];

const held = (sentence: string, passage: string): boolean =>
  factsOf(sentence).every((fact) => knownFacts([passage]).holds(fact));

describe('the same, written otherwise', () => {
  test.each([
    ['22 500 F', 'L’allocation est de 22.500 francs CFA.'],
    ['22\u202f500 FCFA', 'vingt-deux mille cinq cents francs'],
    ['14 semaines', 'quatorze semaines'],
    ['quatre-vingt-dix jours', '90 jours'],
    ['two months', 'deux mois'],
    ['8,5 %', 'un taux de 8.5 pour cent'],
    ['7 pour cent', 'le taux est de 7 %'],
    ['sept pour cent', 'le taux est de 7 pour cent du salaire'],
    ['2 millions F', '2 000 000 F'],
    ['le 12 mars 2024', 'à partir du 12/03/2024'],
    ['12 March 2024', '(2024-03-12)'],
    ['le 1er janvier', '1er janvier 2025'],
    ['à 8h30', 'ouvert de 8 h 30 à 16 h'],
    ['à 16 heures', 'ouvert de 8 h 30 à 16 h'],
    ['le lundi', 'tous les lundis'],
    ['33 800 00 01', '+221 33 800 00 01'],
    ['338000001', '33-800-00-01'],
    ['accueil@exemple.sn', 'Écrivez à **Accueil@exemple.sn**.'],
    ['https://www.exemple.sn/aide.', 'voir [le site](https://www.exemple.sn/aide)'],
    ['exemple.sn', 'voir https://exemple.sn/'],
    ['8 % pour les risques faibles', '| Taux | 8 |'],
    ['un adulte et une pièce', 'rien'],
    ['１２ mois', '12 mois'],
    ['1 mois', 'un mois'],
    ['half of it is free', 'la moitié ; entièrement gratuite'],
    ['art. 5', "l'article 5"],
    ['2024-2025', 'année 2024/2025'],
    ['14 semaines', 'quatorze (14) semaines'],
    ['14 semaines', 'quatorze (14) semaines, ou 14 (quatorze) semaines'],
    ['14 semaines', 'de 14 à 16 semaines'],
    ['14 à 16 semaines', '14-16 semaines'],
    ['deux mois', 'deux ou trois mois'],
    ['22 500 F', 'FCFA 22 500'],
    ['un adulte', 'un jour'],
    ['63 000 F', '| Tranche | Taux |\n| --- | --- |\n| de 0 à 63 000 | 8 |'],
    ['14 jours', '- Nom : Congé\n- Durée : 14'],
    ['à partir de 14 ans', 'dès 14 ans'],
    ['9 h à 12 h', '9h-12h'],
    ['dans le mois qui suit, 15 %', '15 % à compter du dépôt'],
    ['14 semaines', '**14** semaines'],
    ['1 enfant', 'un enfant'],
    ['à 8 h', 'à 8 heures'],
    ['en mars', 'le 12 mars 2024'],
    ['March 12, 2024', 'le 12 mars 2024'],
    ['you may come', 'venez'],
    ['25 000 000 F', '25 millions F'],
    ['2 millions de francs', '2 000 000 F'],
    ['en 2025', 'année 2025-2026'],
    ['8 sans certificat', '8 semaines'],
    ['chaque mois', 'payées par mois, 5 F'],
    ['5 600 F par an', 'le 12 mars 2024, un montant annuel de 5 600 F'],
    ['twice', 'le double'],
    ['half', 'demi'],
    ['c’est offert', 'elle est gratuite'],
    ['5 euros', '5 €'],
    ['c’est optionnel', 'facultatif'],
    ['it is forbidden', 'interdit'],
    ['les travailleurs exonérés', 'une exonération'],
  ])('%s ← %s', (sentence, passage) => {
    expect(held(sentence, passage)).toBe(true);
  });
});

describe('what was not said', () => {
  test.each([
    ['99 999 F', '22 500 F'],
    ['quatre-vingt-dix-neuf mille francs', '22 500 F'],
    ['14 jours', '14 semaines, puis 6 jours'],
    ['7 F', '7 %'],
    ['100 du salaire', '7 pour cent du salaire'],
    ['1 billion F', '1 milliard F'],
    ['500 F', '22 500 F'],
    ['3 000 F', '1 000 F et 2 000 F'],
    ['le 12 avril', 'le 12 mars et le 5 avril'],
    ['en mai 2024', 'en mars 2024'],
    ['en décembre', 'en mars'],
    ['le mardi', 'le lundi'],
    ['à 9 h', 'de 8 h à 16 h'],
    ['33 800 00 02', '33 800 00 01'],
    ['33 800 19 89', '33 800 00 01, au 19 rue de 89 m'],
    ['7 7 0 0 0 0 0 0 1', '77 000'],
    ['http://evil.example/x', 'http://exemple.sn'],
    ['exemple.sn/piege', 'exemple.sn'],
    ['wa.me/221770000001', 'au 77 000 00 01'],
    ['evil.example', 'exemple.sn'],
    ['javascript:alert(1)', 'rien'],
    ['chef@evil.example', 'chef@exemple.sn'],
    ['@escroc', 'escroc'],
    ['tapez /supprimer', 'supprimer'],
    ['{telephone}', 'telephone'],
    ['la moitié', 'le tiers'],
    ['c’est gratuit', 'payant'],
    ['①② F', '22 500 F'],
    ['٩٩ ans', '22 ans'],
    ['fukk', 'dix'],
    ['22\u200b501', '22 500'],
    ...['5 jours', '63 F', '1998 F', '1998 ans', '14 mois', 'quatorze jours'].map(
      (invented): [string, string] => [
        invented,
        "L'article 5 du décret de 1998 fixe la durée à 14 semaines. Section 63.",
      ],
    ),
    ['63 F', '| Section 63 | 8 |'],
    ['1998 F', '| Loi | 1998 |'],
    ['5 jours', '- Article : 5'],
    ['5 jours', 'article 5 à 14 jours'],
    ['7 jours', 'Le guichet 7 est ouvert.'],
    ['1 mois', 'une dame'],
    ['un jour', 'rien'],
    ['d’un an', '48 heures'],
    ['d’une heure', '48 heures'],
    ['un trimestre', '14 semaines'],
    ['7 % et demi', '7 %'],
    ['7 ‰', '7 %'],
    ['−7 %', '7 %'],
    ['7O %', '7 %'],
    ['le 5e jour', 'le 8e jour'],
    ['2 600 F par semaine', '2 600 F par mois'],
    ['du mercredi au samedi', 'le mercredi et le samedi'],
    ['de 12 h à 15 h', 'de 9 h à 12 h et de 15 h à 18 h'],
    ['evil.com', 'exemple.sn'],
    ['dès 14 ans', '14 ans'],
    ['javascript:alert()', 'rien'],
    ['http://localhost', 'rien'],
    ['exemple.xn--p1ai', 'rien'],
    ['8 semaines après la naissance', '8 semaines avant la naissance'],
    ...[
      'au maximum',
      'moins de',
      'jusqu’à',
      'inférieur à',
      'dans la limite de',
      'sans dépasser',
      'au moins',
      'au minimum',
      'plus de',
      'à partir de',
      'at most',
      'up to',
      'less than',
      'at least',
      'more than',
    ].map((bound): [string, string] => [`${bound} 5 F`, 'la somme de 5 F']),
    ['1/3 du salaire', '1 enfant sur 3'],
    ['jusqu’au cinquième jour', 'jusqu’au huitième jour'],
    ['en CE2', 'en CE1, 2 ans'],
    ['९९ ans', '22 ans'],
    ['7 800 F par mois', 'Montants mensuels :\n7 800 F par trimestre'],
    ['4 bureaux', 'L’article 4 le prévoit.'],
    ['12 580 F', '12 580,40 F'],
    ['un seul mois', 'deux mois'],
    ['3 absences', '3 jours'],
    ['2023 F', '| 2023 | 432 000 |'],
    ['370 F l’heure', '370 F par mois'],
    ['370 F/heure', '370 F par mois'],
    ['500 F tous les mois', '500 F par an'],
    ['un montant hebdomadaire de 500 F', '500 F par mois'],
    ['une indemnité journalière de 500 F', '500 F par mois'],
    ['un taux horaire de 500 F', '500 F par mois'],
    ['un montant mensuel de 500 F', '500 F par an'],
    ['un versement trimestriel de 500 F', '500 F par mois'],
    ...['%', '€', '$', 'minutes', 'personnes', 'semestres', 'nuits', 'fois', 'parts', 'points'].map(
      (unit): [string, string] => [`5 ${unit}`, '5 F'],
    ),
    ...['%', '€', '$', 'minutes', 'personnes'].map((unit): [string, string] => [`5 ${unit}`, 'les 5']),
    ...['le tiers', 'un quart', 'des milliers', 'offert', 'rien', 'en euros', 'impossible', 'a third'].map(
      (figure): [string, string] => [figure, 'la somme de 5 F'],
    ),
  ])('%s, when the passage says %s', (sentence, passage) => {
    expect(held(sentence, passage)).toBe(false);
  });
});

test('an amount is held exactly when it is the passage’s', () => {
  const amount = fc.integer({ min: 2, max: 9_999_999 });
  const spelled = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ' ');
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(held(`Il faut ${String(a)} F.`, `Cela coûte ${spelled(b)} F par an.`)).toBe(a === b);
    }),
  );
});

test('nothing that is written makes it fail or wait', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(held(text, text)).toBe(true);
    }),
  );
  for (const text of HOSTILE.map((part) => part.repeat(4_000 / part.length)))
    expect(factsOf(text)).toBeInstanceOf(Array);
});
