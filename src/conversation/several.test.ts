import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDesk } from '../desk/load.ts';
import { MOST_QUESTIONS, questionsIn } from './several.ts';

/** The words of the product itself. */
const shipped = loadDesk(join(import.meta.dirname, '../../desks/css'));
const grammars = [...shipped.languages.values()].map(({ talk }) => talk.grammar);
const cut = (text: string) =>
  questionsIn(text, grammars, (words) => /^\W*(?:bonjour|merci)\W*$/i.test(words));

describe('several questions in one message', () => {
  test.each([
    [
      'Quels documents pour les allocations et combien je touche ? Et où est l’agence ?',
      ['Quels documents pour les allocations ?', 'Combien je touche ?', 'Où est l’agence ?'],
    ],
    [
      'Bonjour ! J’ai deux enfants. Combien je touche ? Puis-je payer en ligne ? Merci',
      ['Bonjour ! J’ai deux enfants. Combien je touche ?', 'Puis-je payer en ligne ?'],
    ],
    [
      'Bonjour\nquel est le taux\ncomment payer la cotisation',
      ['Quel est le taux ?', 'Comment payer la cotisation ?'],
    ],
    ['ou est l’agence et cb coute la carte', ['Ou est l’agence ?', 'Cb coute la carte ?']],
    ['What documents do I need and how do I pay?', ['What documents do I need ?', 'How do I pay?']],
    [
      'Quels sont les taux de cotisation et quels sont les plafonds ?',
      ['Quels sont les taux de cotisation ?', 'Quels sont les plafonds ?'],
    ],
    [
      'Quel est le taux ? Qui a droit aux allocations ? Qui reçoit le formulaire ?',
      ['Quel est le taux ?', 'Qui a droit aux allocations ?', 'Qui reçoit le formulaire ?'],
    ],
    [
      'Qui signe la demande ? L’agence de Thiès est ouverte le samedi ?',
      ['Qui signe la demande ?', 'L’agence de Thiès est ouverte le samedi ?'],
    ],
    ['Combien coûte la carte ? Et le livret ?', ['Combien coûte la carte ?', 'Le livret ?']],
    [
      'Qui paie les cotisations et qui reçoit les allocations ?',
      ['Qui paie les cotisations ?', 'Qui reçoit les allocations ?'],
    ],
    [
      'Naka laay inscrire sama doom ak ñaata laay fey ?',
      ['Naka laay inscrire sama doom ?', 'Ñaata laay fey ?'],
    ],
  ])('%j', (text, questions) => {
    expect(cut(text)).toEqual({ questions, left: false });
  });

  test('beyond three, the rest is left and said to be', () => {
    const text = 'Quel taux ?\nQuel plafond ?\nComment payer ?\nOù déclarer ?\nQuand déclarer ?';
    expect(cut(text)).toEqual({
      questions: ['Quel taux ?', 'Quel plafond ?', 'Comment payer ?'],
      left: true,
    });
  });
});

describe('one question stays whole', () => {
  test.each([
    'Combien je touche ? Et pour deux enfants ?',
    'Et pour deux enfants ?',
    'Où et quand payer ?',
    'Comment et où payer ?',
    'Combien pour un enfant et combien pour deux ?',
    'Que se passe-t-il entre le 1er et le 15 janvier ?',
    'Quels papiers pour la carte, le livret et le certificat ?',
    'Quelle est la différence entre la CSS et l’IPRES et l’IPM ?',
    'Quelle que soit la durée et quelle que soit la somme, dois-je payer ?',
    'Mon fils qui étudie à Thiès et qui reçoit une bourse a-t-il droit aux allocations ?',
    'Mon mari qui travaille à Dakar est malade. Quels papiers faut-il ?',
    'Dans la ville où je vis et où je travaille, quelle agence ?',
    'Combien touche-t-on quand on a un enfant et quand on en a deux ?',
    'J’ai payé en mars et en avril, combien me reste-t-il ?',
    'C’est combien ? Vraiment ?',
    'Le 63 000 F et le 7 %, c’est quoi ?',
    'Je ne veux pas savoir combien coûte l’immatriculation et quels sont les délais, mais qui paie ?',
    'Je demande pas quel est le taux et combien coûte la carte mais où est l’agence ?',
    'I do not want to know what the rate is and how much the card costs, but who pays?',
    'Pourquoi ?',
    '',
    '?? ??',
  ])('%j', (text) => {
    expect(cut(text)).toEqual({ questions: [text], left: false });
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    'Quel taux ?',
    'et combien',
    'où est',
    'où je',
    'Et pour deux ?',
    'puis-je',
    'carte',
    'le 1er',
    'et',
    '?',
    '\n',
    ',',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((all) => all.join(' '));
const wordsOf = (of: string) => of.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

test('whatever is written: at most three questions, in the words and the order of the person', () => {
  fc.assert(
    fc.property(text, (written) => {
      const { questions } = questionsIn(written, grammars);
      expect(questions.length).toBeGreaterThan(0);
      expect(questions.length).toBeLessThanOrEqual(MOST_QUESTIONS);
      const all = wordsOf(written).map((word) => word.toLowerCase());
      let from = 0;
      for (const word of questions.flatMap(wordsOf)) {
        const at = all.indexOf(word.toLowerCase(), from);
        expect(at, word).toBeGreaterThanOrEqual(0);
        from = at + 1;
      }
    }),
    { numRuns: 500, examples: [['Quel taux ? ᲀ Quel taux ?']] },
  );
});

test('two whole questions joined are two, and neither is cut again', () => {
  const whole = fc.constantFrom(
    'Quel est le taux de cotisation',
    'Combien coûte la carte',
    'Quels documents fournir pour la retraite',
    'Comment déclarer un accident du 3 mai et du 4 mai',
  );
  fc.assert(
    fc.property(whole, whole, fc.constantFrom(' ? ', ' ? Et ', '\n', ' et ', ', et '), (a, b, glue) => {
      const { questions } = questionsIn(`${a}${glue}${b.charAt(0).toLowerCase()}${b.slice(1)} ?`, grammars);
      expect(questions).toEqual([`${a} ?`, `${b} ?`]);
    }),
  );
});
