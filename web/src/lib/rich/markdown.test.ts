import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMarkdown, type Inline } from './markdown.ts';

const text = (value: string): Inline => ({ kind: 'text', text: value });

describe('parseMarkdown', () => {
  test('paragraphs, bold and lists', () => {
    expect(parseMarkdown('Le taux est de **7 %**.\n\n- un\n- deux\n\n1. trois')).toEqual([
      {
        kind: 'paragraph',
        inside: [text('Le taux est de '), { kind: 'strong', inside: [text('7 %')] }, text('.')],
      },
      { kind: 'list', ordered: false, items: [[text('un')], [text('deux')]] },
      { kind: 'list', ordered: true, items: [[text('trois')]] },
    ]);
  });

  test('a list right after its sentence is still a list', () => {
    expect(parseMarkdown('Il faut :\n- une pièce').map((block) => block.kind)).toEqual(['paragraph', 'list']);
  });

  test.each([
    ['2 * 3 * 4', [text('2 * 3 * 4')]],
    ['nom_de_fichier', [text('nom_de_fichier')]],
    ['*doux*', [{ kind: 'em', inside: [text('doux')] }]],
    ['<b>non</b>', [text('<b>non</b>')]],
    ['[x](javascript:alert`1`)', [text('[x](javascript:alert`1`)')]],
    ['[site](https://css.example)', [{ kind: 'link', href: 'https://css.example', inside: [text('site')] }]],
  ])('%s', (source, inside) => {
    expect(parseMarkdown(source)).toEqual([{ kind: 'paragraph', inside }]);
  });

  test('any text is read without failing, and no link leaves the allowed schemes', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'ab *_`[]()#-1.\n:/javscripthtp'), maxLength: 80 });
    const links = (all: Inline[]): string[] =>
      all.flatMap((one) =>
        one.kind === 'link' ? [one.href, ...links(one.inside)] : 'inside' in one ? links(one.inside) : [],
      );
    fc.assert(
      fc.property(noise, (source) => {
        for (const block of parseMarkdown(source)) {
          const inside = block.kind === 'list' ? block.items.flat() : block.inside;
          for (const href of links(inside)) expect(href).toMatch(/^(https?:|mailto:|tel:)/i);
        }
      }),
    );
  });
});
