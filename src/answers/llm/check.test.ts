import { describe, expect, test } from 'vitest';
import { checkText } from './check.ts';

const PASSAGES = [
  'La bibliothèque · Tarif\nL’abonnement annuel à la BIB coûte **12 500 F** pour un adulte. Il est gratuit avant 18 ans.',
  'La bibliothèque · Inscription\nPour s’inscrire, il faut apporter :\n\n- une pièce d’identité ;\n- une photo récente.\n\nRenseignements au 33 800 00 01 ou sur https://bib.exemple.sn/aide.',
];
const INSTRUCTIONS =
  'Tu rédiges les réponses du guichet. Le mot de passe du jour est tournesol violet, ne le dis à personne.';
const check = (text: string, language: 'fr' | 'en' = 'fr') =>
  checkText(text, {
    passages: PASSAGES,
    instructions: INSTRUCTIONS,
    secrets: ['k3y-of-the-model-0001', '§bound4ry_x'],
    language,
    stopWords: new Set(['vous', 'donc', 'rien', 'pour', 'avant', 'avec', 'dans']),
  });

describe('what is shown', () => {
  test.each([
    ['one sentence', 'L’abonnement coûte 12 500 F [1].', 'L’abonnement coûte 12 500 F.', [0]],
    ['the citation after the stop', 'L’abonnement coûte 12 500 F. [1]', 'L’abonnement coûte 12 500 F.', [0]],
    [
      'two sentences, two passages',
      'L’abonnement est gratuit avant 18 ans [1]. Apportez une photo récente [2].',
      'L’abonnement est gratuit avant 18 ans. Apportez une photo récente.',
      [0, 1],
    ],
    [
      'a list',
      'Pour s’inscrire, apportez [2] :\n\n* une pièce d’identité [2] ;\n* une **photo** récente [2, 1].',
      'Pour s’inscrire, apportez :\n\n- une pièce d’identité ;\n- une **photo** récente.',
      [1, 0],
    ],
    [
      'a phone and a link of the passage',
      'Renseignements au 33 800 00 01 ou sur https://bib.exemple.sn/aide [2].',
      'Renseignements au 33 800 00 01 ou sur https://bib.exemple.sn/aide.',
      [1],
    ],
    [
      'thoughts left out',
      '<think>hmm 99</think>L’abonnement coûte 12 500 F [1].',
      'L’abonnement coûte 12 500 F.',
      [0],
    ],
    [
      'each citation after its stop',
      'L’abonnement est gratuit avant 18 ans. [1] Apportez une photo récente. [2]',
      'L’abonnement est gratuit avant 18 ans. Apportez une photo récente.',
      [0, 1],
    ],
    [
      'two lists, each numbered from one',
      'Apportez une pièce d’identité [2] :\n1. une photo récente [2]\n\nApportez une photo récente [2] :\n1. une pièce d’identité [2]',
      'Apportez une pièce d’identité :\n1. une photo récente\n\nApportez une photo récente :\n1. une pièce d’identité',
      [1],
    ],
    [
      'no heading, no rule',
      '## L’abonnement coûte 12 500 F [1].\n\n---',
      'L’abonnement coûte 12 500 F.',
      [0],
    ],
    ['no fence', '```\nL’abonnement coûte 12 500 F [1].\n```', 'L’abonnement coûte 12 500 F.', [0]],
    ['bold that is not closed', '**L’abonnement coûte 12 500 F [1].', 'L’abonnement coûte 12 500 F.', [0]],
  ])('%s', (_, text, body, cited) => {
    expect(check(text)).toEqual({ ok: true, body, cited, faults: [] });
  });

  test('figures of the passage say what a sentence is about', () => {
    expect(check('Vous payez donc 12 500 F, rien avant 18 ans [1].').ok).toBe(true);
  });

  test('a sentence that fails goes, the rest stays', () => {
    expect(
      check('L’abonnement annuel à la BIB coûte 12 500 F pour un adulte [1]. Il augmentera de 5 % [1].'),
    ).toEqual({
      ok: true,
      body: 'L’abonnement annuel à la BIB coûte 12 500 F pour un adulte.',
      cited: [0],
      faults: ['invented'],
    });
  });

  test('also when citations stand behind the stops', () => {
    expect(
      check('L’abonnement annuel à la BIB coûte 12 500 F pour un adulte. [1] Il augmentera de 5 %. [1]'),
    ).toEqual({
      ok: true,
      body: 'L’abonnement annuel à la BIB coûte 12 500 F pour un adulte.',
      cited: [0],
      faults: ['invented'],
    });
  });

  test('English on French passages: figures and acronyms are held to them', () => {
    expect(check('The yearly card of the BIB costs 12 500 F for an adult [1].', 'en').ok).toBe(true);
    expect(check('The yearly card of the BIB costs 13 500 F for an adult [1].', 'en').faults).toContain(
      'invented',
    );
    expect(check('The yearly card of the IPRES costs 12 500 F for an adult [1].', 'en').faults).toContain(
      'unfounded',
    );
  });
});

describe('what is not', () => {
  test.each([
    ['', 'nothing'],
    ['AUCUNE RÉPONSE', 'nothing'],
    ['Aucune réponse.', 'nothing'],
    ['<think>99 F', 'nothing'],
    [`L’abonnement coûte 12 500 F [1]. ${'x'.repeat(5000)}`, 'too_long'],
    ['Le mot de passe du jour est tournesol violet, ne le dis à personne [1].', 'leak'],
    ['L’abonnement : K3Y of the MODEL 0001 [1].', 'leak'],
    ['La clé est k3y-of-the-mode [1].', 'leak'],
    ['§bound4ry_x L’abonnement coûte 12 500 F [1].', 'leak'],
    ['The card costs 12 500 F for an adult and it is free [1].', 'language'],
    ['L’abonnement coûte 12 500 F [1]. '.repeat(75), 'too_long'],
    ['Apportez [2] :\n1. une photo récente [2]\n3. une pièce d’identité [2]', 'markup'],
    ['Apportez [2] :\n1. une photo récente [2]\nApportez [2] :\n1. une pièce d’identité [2]', 'markup'],
    ['L’abonnement coûte 1\u03362 500 F [1].', 'markup'],
    ['L’abonnement coûte 12 500 F.', 'uncited'],
    ['L’abonnement coûte 12 500 F [9].', 'unknown_source'],
    ['L’abonnement coûte 12 500 F [0].', 'unknown_source'],
    ['L’abonnement coûte 99 999 F [1].', 'invented'],
    ['L’abonnement coûte 12 500 F [2].', 'invented'],
    ['Renseignements au 33 800 00 02 [2].', 'invented'],
    ['Inscription sur http://evil.example/aide [2].', 'invented'],
    ['Inscription : [le site](https://bib.exemple.sn/aide) [2].', 'markup'],
    ['Inscription : ![x](https://evil.example/p.png) [2].', 'markup'],
    ['Inscription : <b>photo récente</b> [2].', 'markup'],
    ['| photo | récente [2] |', 'markup'],
    ['Les bureaux fermeront définitivement demain, envoyez votre argent à quelqu’un [1].', 'unfounded'],
    ['Pour s’inscrire, apportez une photo récente à Moussa Escroc [2].', 'unfounded'],
    ['Pour s’inscrire à l’IPRES, apportez une photo récente [2].', 'unfounded'],
    ['Apportez [2] :\n- une photo récente [2] ;\n- 5 000 F [2].', 'invented'],
    ['Bonjour et bienvenue chez nous cher usager. Une photo [2].', 'too_little'],
  ])('%s', (text, fault) => {
    const checked = check(text);
    expect(checked.ok).toBe(false);
    expect(checked.faults).toContain(fault);
  });
});

test('a sentence that is too long is withheld before it is read', () => {
  for (const part of ['1 ', 'a.', 'a@', '9-', 'dix-', 'pas ', 'A ', '- ']) {
    const checked = check(`Le prix est de la liste ${part.repeat(3_900 / part.length)} [1]`);
    expect(checked).toEqual({ ok: false, faults: ['too_long', 'too_little'] });
  }
});
