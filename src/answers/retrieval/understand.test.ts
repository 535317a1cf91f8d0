import { beforeAll, describe, expect, test } from 'vitest';
import type { LanguageData } from './language.ts';
import { languageData } from './language.ts';
import { questionType } from './evidence.ts';
import { words } from './fold.ts';
import { createSynonyms } from './synonyms.ts';
import { understand } from './understand.ts';

let data: LanguageData;
beforeAll(async () => {
  data = await languageData();
});
const read = (question: string, known: string[] = []) =>
  understand(question, {
    data,
    known: (form) => known.includes(form),
    french: { has: (word) => ['fan', 'ban'].includes(word) },
    speller: undefined,
  });

describe('the question becomes French words', () => {
  test.each([
    ['cmt fr pr la retraite', ['comment', 'faire', 'pour', 'la', 'retraite']],
    ['c koi la CSS', ['ce', 'est', 'quoi', 'la', 'css']],
    ['How much is the family allowance?', ['combien', 'montant', 'allocations', 'familiales']],
    [
      'Which documents do I need for maternity leave?',
      ['quels', 'documents', 'pieces', 'need', 'conge', 'de', 'maternite'],
    ],
    ['Ñaata lañuy fey ci cotisation bi', ['combien', 'lanuy', 'payer', 'cotisation']],
    ['Sama xale dafa feebar', ['enfant', 'malade', 'maladie']],
  ])('%s', (question, expected) => {
    expect(read(question, ['cotisation', 'retraite', 'css']).all).toEqual(expected);
  });

  test.each([
    ["Bonjour, je m'appelle Awa Ndiayé, quel est le taux ?", ['quel', 'est', 'le', 'taux']],
    ['Moi c’est Modou. Combien de mois ?', ['combien', 'de', 'mois']],
    ["Je m'appelle Awa", []],
    ["Je m'appelle comment ?", ['je', 'appelle', 'comment']],
    ["moi c'est combien", ['moi', 'ce', 'est', 'combien']],
    // Capitals inside a sentence are a name, not an abbreviation of messages.
    ['Peut-on payer par CB ?', ['peut', 'on', 'payer', 'par', 'cb']],
    ['cb pour la carte ?', ['combien', 'pour', 'la', 'carte']],
    ['Le ta\u200bux de coti\u00adsation', ['le', 'taux', 'de', 'cotisation']],
    ['depuis 2023 500 francs, ou 63 000', ['depuis', '2023', '500', 'francs', 'ou', '63000']],
  ])('what is asked in "%s"', (question, expected) => {
    expect(read(question, ['cotisation', 'taux', 'carte', 'appelle']).all).toEqual(expected);
  });

  test('words that French shares with Wolof stay French in a French question', () => {
    expect(read('Pour la dame qui garde ma fille au mois de mai, dois-je la déclarer ?').language).toBe('fr');
    expect(read('je suis le fan de ban et de kan').all).toContain('fan');
  });

  test('a French question with English words inside is not English', () => {
    expect(read('Comment do la déclaration on line pour un employé ?').language).toBe('fr');
  });

  test('an endless question is read only as far as people write', () => {
    expect(read('mot '.repeat(50_000)).all.length).toBeLessThanOrEqual(120);
  });
});

test.each([
  ['Combien coûte la carte ?', 'amount'],
  ['Combien de temps dure le congé ?', 'duration'],
  ['Quand payer ?', 'date'],
  ['Quels documents faut-il ?', 'list'],
  ["Qu'est-ce que l'IPRES ?", 'definition'],
  ['c’est quoi le NINEA', 'definition'],
  ['Où se trouve le siège ?', 'place'],
  ['Qui paie ?', 'person'],
  ['Comment faire ?', 'procedure'],
  ['Est-ce que je peux payer ?', undefined],
])('type of "%s"', (question, type) => {
  expect(questionType(words(question), data.patterns)).toBe(type);
});

test('synonyms expand words and phrases, never to themselves', () => {
  const synonyms = createSynonyms(
    [
      ['voiture', 'auto'],
      ["carte d'identité", 'CNI'],
      ['auto', 'moto', 'le très très long véhicule'],
    ],
    data.stopWords,
  );
  expect(synonyms.expand(['voiture'])).toEqual([{ stem: 'auto', of: 0 }]);
  expect(synonyms.expand(['prix', 'carte', 'identite'])).toEqual([{ stem: 'cni', of: 1 }]);
  expect(synonyms.expand(['identite'])).toEqual([]);
  expect(synonyms.expand(['voiture', 'auto']).map(({ stem }) => stem)).not.toContain('voitur');
});
