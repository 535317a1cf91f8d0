import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PASSAGE_MAX, PASSAGE_MIN, sentences, splitPassages } from './split.ts';

const squeeze = (text: string) => text.replace(/\s+/g, '');

const paragraph = fc
  .array(fc.string({ unit: fc.constantFrom(...'abcdeé ,8😀'), minLength: 3, maxLength: 120 }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((list) => list.map((sentence) => `Le ${sentence}.`).join(' '));

describe('splitting a section', () => {
  test('keeps every word once, in order, within the limit', () => {
    fc.assert(
      fc.property(fc.array(paragraph, { minLength: 1, maxLength: 6 }), (paragraphs) => {
        const text = paragraphs.join('\n\n');
        const pieces = splitPassages(text);
        expect(squeeze(pieces.join(''))).toBe(squeeze(text));
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(PASSAGE_MAX);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('cuts at sentence ends, not far under the lower bound', () => {
    const text = Array.from(
      { length: 60 },
      (_, n) => `Phrase numéro ${n} de ce long paragraphe sans intérêt.`,
    ).join(' ');
    const pieces = splitPassages(text);
    for (const piece of pieces) expect(piece).toMatch(/\.$/);
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThan(PASSAGE_MIN);
  });

  test('a text without spaces or full stops is still cut, between characters', () => {
    const pieces = splitPassages('😀'.repeat(2000));
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
  });
});

test('a table that is cut keeps its header on each piece, and every row whole', () => {
  const rows = Array.from({ length: 60 }, (_, n) => `| Ville ${n} | ${n} 000 F par mois |`);
  const pieces = splitPassages(`Tarifs :\n\n| Lieu | Prix |\n| --- | --- |\n${rows.join('\n')}`);
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(piece).toContain('| Lieu | Prix |\n| --- | --- |\n| Ville');
  for (const row of rows) expect(pieces.filter((piece) => piece.split('\n').includes(row))).toHaveLength(1);
});

test.each([
  ['Le taux est de 8.4 %. Il monte.', ['Le taux est de 8.4 %.', 'Il monte.']],
  ['Payez 63 000 F. Puis la CSS. Fin.', ['Payez 63 000 F.', 'Puis la CSS.', 'Fin.']],
  ['M. Diop est là. Bien.', ['M. Diop est là.', 'Bien.']],
  ['Vraiment ? Oui ! « Non. » Fin.', ['Vraiment ?', 'Oui !', '« Non. »', 'Fin.']],
  ['voir l’art. 5 du code', ['voir l’art. 5 du code']],
])('sentences of %s', (text, expected) => {
  expect(sentences(text)).toEqual(expected);
});
