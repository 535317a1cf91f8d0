import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMarkup } from './markup.ts';

/** `bold:Menu`, in order of place. */
const shown = (source: string): string[] => {
  const { text, entities } = readMarkup(source);
  return entities.map(({ type, offset, length }) => `${type}:${text.slice(offset, offset + length)}`);
};

describe('what is marked', () => {
  test.each([
    ['*Menu*', 'Menu', ['bold:Menu']],
    ['Le taux est de *7 %*.', 'Le taux est de 7 %.', ['bold:7 %']],
    ['_Source : a_ et ~b~', 'Source : a et b', ['italic:Source : a', 'strikethrough:b']],
    ['*Gras _et penché_*', 'Gras et penché', ['bold:Gras et penché', 'italic:et penché']],
    ['_*les deux*_', 'les deux', ['italic:les deux', 'bold:les deux']],
    ['`*rien*`', '*rien*', ['code:*rien*']],
    ['```deux\nlignes```', 'deux\nlignes', ['pre:deux\nlignes']],
    ['📋 *Menu* 👋🏾 *Aide*', '📋 Menu 👋🏾 Aide', ['bold:Menu', 'bold:Aide']],
    ['*a* *b*', 'a b', ['bold:a', 'bold:b']],
    ['Voir https://css.example/a_b_c.', 'Voir https://css.example/a_b_c.', ['url:https://css.example/a_b_c']],
    [
      'www.css.example, ou a.b@css.example',
      'www.css.example, ou a.b@css.example',
      ['url:www.css.example', 'email:a.b@css.example'],
    ],
  ])('%s', (source, text, entities) => {
    expect(readMarkup(source).text).toBe(text);
    expect(shown(source)).toEqual(entities);
  });
});

test.each([
  '2*3*4',
  'nom_de_fichier_long.pdf',
  '* un point',
  '*pas fermé',
  'ouvert *puis\nune autre ligne*',
  '* espaces *',
  '**',
  '****',
  '5 * 3 = 15 * 1',
  '```',
])('%s is left as it is', (source) => {
  expect(readMarkup(source)).toEqual({ text: source, entities: [] });
});

test('whatever the text, only marks go, and entities stay inside it', () => {
  const piece = fc.constantFrom('*', '_', '~', '`', '```', ' ', '\n', 'a', 'é', '👋🏾', '1', '.', 'http://a.b');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const source = pieces.join('');
      const { text, entities } = readMarkup(source);
      const bare = (value: string): string => value.replaceAll(/[*_~`]/g, '');
      expect(bare(text)).toBe(bare(source));
      for (const { offset, length } of entities) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(length).toBeGreaterThan(0);
        expect(offset + length).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});
