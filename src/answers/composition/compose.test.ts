import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import type { Passage } from '../ingest/passage.ts';
import { words } from '../retrieval/fold.ts';
import { compose, composeRest } from './compose.ts';

const piece = (text: string, kind: Passage['kind'] = 'document') => passage('D', text, { kind });
type Type = 'list' | 'amount' | 'procedure' | undefined;
const asked = (question: string, type?: Type) => ({ content: words(question), type, weight: () => 1 });
const filler = 'Cette phrase ne dit rien qui vaille et ne sert ici qu’à remplir. '.repeat(8).trim();

describe('what goes together', () => {
  test.each<[string, string, string, Type, string]>([
    [
      'a sentence that leans on the one before it',
      `${filler}\n\nLe plafond vaut 63 000 F. Il change en mai. ${filler}`,
      'change mai',
      undefined,
      'Le plafond vaut 63 000 F. Il change en mai.',
    ],
    [
      'a rule and its exception',
      `${filler}\n\nLe piscinier verse 7 % du tarif. Toutefois les clubs versent 3 %. ${filler}`,
      'piscinier verse tarif',
      'amount',
      'Le piscinier verse 7 % du tarif. Toutefois les clubs versent 3 %.',
    ],
    [
      'the line that announces a list, and the list',
      `${filler}\n\nPour la carte de plongée, apportez :\n\n- une photo\n- 2 certificats\n\n${filler}`,
      'carte plongée',
      undefined,
      'Pour la carte de plongée, apportez :\n\n- une photo\n- 2 certificats',
    ],
    [
      'lines of an address',
      `${filler}\n\nBureau du zoo\nTéléphone : 33 000 00 01\n\n${filler}`,
      'téléphone zoo',
      undefined,
      'Bureau du zoo\nTéléphone : 33 000 00 01',
    ],
  ])('%s', (_, text, question, type, said) => {
    expect(compose(piece(text), asked(question, type))).toContain(said);
  });

  test('of a table, the rows that were asked for, under their header', () => {
    const table =
      '| Branche | Taux |\n|---|---|\n| Prestations familiales | 7 % |\n| Accidents du travail | 1 % |\n| Piscine | 2 % |\n| Zoo | 3 % |\n| Musée | 4 % |';
    const text = `${filler}\n\n${table}`;
    expect(compose(piece(text), asked('taux accidents travail', 'amount'))).toBe(
      '| Branche | Taux |\n|---|---|\n| Accidents du travail | 1 % |',
    );
    expect(compose(piece(text), asked('taux branche', 'amount'))).toBe(table);
  });

  test('steps stay in order, none of them skipped', () => {
    const steps = Array.from(
      { length: 30 },
      (_, n) => `${String(n + 1)}. Étape de la carte ${'mot '.repeat(15)}`,
    );
    const said = compose(piece(`Voici comment :\n\n${steps.join('\n')}`), asked('étape carte', 'procedure'));
    const numbers = [...said.matchAll(/^(\d+)\./gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(numbers.length).toBeGreaterThan(10);
  });
});

const number = fc
  .tuple(fc.nat(999), fc.nat(999))
  .map(([a, b]) => `${String(a + 1)} ${String(b).padStart(3, '0')} F`);
const word = fc.constantFrom(
  'carte',
  'zoo',
  'taux',
  'piscine',
  'Le',
  'délai',
  'verse',
  'Toutefois',
  'Il',
  '33 000 00 01',
);
const sentence = fc
  .array(fc.oneof(word, number), { minLength: 3, maxLength: 20 })
  .map((all) => `A${all.join(' ')}.`);
const block = fc.oneof(
  fc.array(sentence, { minLength: 1, maxLength: 6 }).map((all) => all.join(' ')),
  fc
    .array(sentence, { minLength: 1, maxLength: 8 })
    .map((all) => `Il faut :\n\n${all.map((one) => `- ${one}`).join('\n')}`),
  fc
    .array(fc.tuple(word, number), { minLength: 1, maxLength: 12 })
    .map((rows) => `| Nom | Prix |\n|---|---|\n${rows.map(([a, b]) => `| ${a} | ${b} |`).join('\n')}`),
  fc.constant('### Un titre'),
);
const text = fc.array(block, { minLength: 1, maxLength: 8 }).map((all) => all.join('\n\n'));
const kinds = fc.constantFrom<Passage['kind']>('document', 'faq');
const types = fc.constantFrom<Type>('list', 'amount', 'procedure', undefined);
const questions = fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));

describe('for any passage and question', () => {
  test('every line said stands in the passage: no word, amount, date or phone is changed', () => {
    fc.assert(
      fc.property(text, kinds, questions, types, (source, kind, question, type) => {
        for (const said of [compose, composeRest].map((say) =>
          say(piece(source, kind), asked(question, type)),
        ))
          for (const line of said.split('\n')) expect(source).toContain(line);
      }),
    );
  });

  test('something is said; with the rest, everything is', () => {
    fc.assert(
      fc.property(text, kinds, questions, types, (source, kind, question, type) => {
        const said = compose(piece(source, kind), asked(question, type));
        const rest = composeRest(piece(source, kind), asked(question, type));
        expect(said.trim()).not.toBe('');
        const told = new Set(words(`${said} ${rest}`));
        expect(words(source).filter((one) => !told.has(one))).toEqual([]);
      }),
    );
  });
});
