import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMarkdown } from '../../message/markdown.ts';
import { fill, plain, type Rich } from '../../message/rich.ts';
import { flatten } from '../../message/styled.ts';
import { showLinks } from '../styled.ts';
import { toMarkup } from './markup.ts';

const shown = (rich: Rich): string => toMarkup(showLinks(flatten(rich)));
const named = (source: string, name: string): string =>
  shown(fill(parseMarkdown(source), { first_name: name }));

describe('styles', () => {
  test.each([
    ['**gras** et *italique* et ~~barré~~', '*gras* et _italique_ et ~barré~'],
    ['***les deux***', '_*les deux*_'],
    ['**Menu des catégories CSS**\n\nChoisissez :', '*Menu des catégories CSS*\n\nChoisissez :'],
    ['# Titre', '*Titre*'],
    ['`/menu` pour voir', '```/menu``` pour voir'],
    ['```\na\n  b\n```', '```a\n  b```'],
    ['> cité\n> encore', '> cité\n> encore'],
    ['- un\n- **deux**', '• un\n• *deux*'],
    // Written line by line: WhatsApp ends a style with the line.
    ['**deux\nlignes**', '*deux*\n*lignes*'],
    ['**avec `code` dedans**', '*avec* ```code``` *dedans*'],
    // Inside a word it would be shown as it is.
    ['in**tra**mot', 'intramot'],
    ['l’**État**', 'l’*État*'],
    ['**Total :** 5', '*Total :* 5'],
    ['👋🏾 **Bienvenue**', '👋🏾 *Bienvenue*'],
  ])('%j', (source, expected) => {
    expect(shown(parseMarkdown(source))).toBe(expected);
  });
});

describe('links', () => {
  test.each([
    ['[le site](https://css.example/a)', 'le site (https://css.example/a)'],
    ['**[le site](https://css.example/a)** ici', '*le site* (https://css.example/a) ici'],
    ['https://css.example/a', 'https://css.example/a'],
    ['www.css.example', 'www.css.example'],
    ['[css.example](https://css.example/)', 'css.example'],
    // The label must not hide another address.
    ['[css.example](https://css.example.evil)', 'css.example (https://css.example.evil)'],
    ['[écrire](mailto:caisse@css.example)', 'écrire (caisse@css.example)'],
    ['caisse@css.example', 'caisse@css.example'],
    [
      '[a](https://x.example/_y_) puis [b](https://x.example/z)',
      'a (https://x.example/%5Fy%5F) puis b (https://x.example/z)',
    ],
  ])('%j', (source, expected) => {
    expect(shown(parseMarkdown(source))).toBe(expected);
  });
});

describe('what people write', () => {
  test.each([
    ['*Awa*', '∗Awa∗'],
    ['_x_ ~y~', '＿x＿ ∼y∼'],
    ['`code` ```mono```', '‵code‵ ‵‵‵mono‵‵‵'],
    ['> cité', '› cité'],
    ['*_~Awa~_*', '∗＿∼Awa∼＿∗'],
    // Nothing pairs: the words stay as they are, so that they can be copied and dialled.
    ['Tapez *144#', 'Tapez *144#'],
    ['*144# et *155#', '*144# et *155#'],
    ['2 * 3 * 4 = 24', '2 * 3 * 4 = 24'],
    ['jean_paul_diop@css.example', 'jean_paul_diop@css.example'],
    ['https://css.example/a_b_c', 'https://css.example/a_b_c'],
    ['* un\n* deux', '* un\n* deux'],
    ['a > b', 'a > b'],
    ['*', '*'],
    ['**', '**'],
  ])('%j', (text, expected) => {
    expect(shown(plain(text))).toBe(expected);
  });

  test.each([
    ['**Bienvenue {first_name} !**', '*Awa*', '*Bienvenue ∗Awa∗ !*'],
    ['**Bienvenue {first_name} !**', 'Awa_', '*Bienvenue Awa_ !*'],
    // A lone mark is kept rather than our style.
    ['**Orange** : {first_name}', '*144#', '*Orange* : *144#'],
    ['Tapez {first_name} puis **OK**', '*144#', 'Tapez *144# puis OK'],
    ['Tapez {first_name}\n\npuis **OK**', '*144#', 'Tapez *144#\n\npuis *OK*'],
    ['`{first_name}`', 'x', '```{first_name}```'],
  ])('%j with %j', (source, name, expected) => {
    expect(named(source, name)).toBe(expected);
  });

  const hostile = fc
    .array(
      fc.constantFrom(
        '*',
        '_',
        '~',
        '`',
        '```',
        '>',
        ' ',
        '\n',
        'a',
        'é',
        '1',
        '.',
        '(',
        '😀',
        'https://x.example/',
      ),
      {
        maxLength: 24,
      },
    )
    .map((parts) => parts.join(''));

  test('plain text is never formatted, whatever it holds', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const written = shown(plain(text));
        expect(formatted(written)).toEqual([]);
        expect(plainly(written)).toBe(plainly(flatten(plain(text)).text));
      }),
      { numRuns: 3000 },
    );
  });

  test('a name never changes what is formatted around it, beyond losing a style on its line', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, other) => {
        const source = fill(
          [
            { type: 'paragraph', children: [{ type: 'text', value: other }] },
            ...parseMarkdown('**Bonjour {first_name} !** et _vous_ : {first_name}\n\n**Merci** {first_name}'),
          ],
          { first_name: name },
        );
        const styled = flatten(source);
        const wanted = styled.spans.map((span) =>
          plainly(styled.text.slice(span.offset, span.offset + span.length)),
        );
        const written = toMarkup(styled);
        for (const part of formatted(written))
          expect(wanted.some((each) => each.includes(plainly(part)))).toBe(true);
        expect(plainly(written)).toBe(plainly(styled.text));
      }),
      { numRuns: 3000 },
    );
  });

  test('a long hostile text takes no more time than it is long', () => {
    const text = '*_~` > https://x.example/_*_ '.repeat(1500);
    expect(formatted(shown(plain(text)))).toEqual([]);
  });
});

/** The runs WhatsApp would format, read independently: a mark at a word's edge, words, the same mark at a word's edge, on one line. */
function formatted(written: string): string[] {
  const found: string[] = [];
  const outside = written.replace(/```([^`]+)```/g, (_, inner: string) => {
    found.push(inner);
    return ' ';
  });
  for (const line of outside.split('\n')) {
    if (/^\s*>\s/.test(line)) found.push(line);
    for (const mark of ['*', '_', '~', '`']) {
      const escaped = mark === '*' ? '\\*' : mark;
      const run = new RegExp(
        `(?<![\\p{L}\\p{N}])${escaped}(?=\\S)([^\\n]+?)(?<=\\S)${escaped}(?![\\p{L}\\p{N}])`,
        'gu',
      );
      for (const match of line.matchAll(run)) found.push(match[1] ?? '');
    }
  }
  return found;
}

/** The words without any mark, look-alike or encoding of one. */
function plainly(text: string): string {
  return text.replace(/%2A|%5F|%7E|%60/g, '').replace(/[*_~`>∗＿∼‵›\s]+/g, '');
}
