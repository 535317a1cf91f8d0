import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import { fill, text } from './rich.ts';
import type { Block, Inline, Rich } from './rich.ts';

const one = (source: string): Block | undefined => parseMarkdown(source)[0];
const p = (...children: Inline[]): Block => ({ type: 'paragraph', children });
const strong = (value: string): Inline => ({ type: 'strong', children: [text(value)] });

/** Everything a reader would see, in order. */
function visible(rich: Rich): string {
  const inline = (nodes: readonly Inline[]): string =>
    nodes
      .map((node) => {
        if (node.type === 'placeholder') return `{${node.name}}`;
        return 'children' in node ? inline(node.children) : node.value;
      })
      .join('');
  return rich
    .map((block) => {
      switch (block.type) {
        case 'paragraph':
        case 'heading':
          return inline(block.children);
        case 'list':
          return block.items.map(visible).join('\n');
        case 'quote':
          return visible(block.children);
        case 'preformatted':
          return block.value;
        case 'table':
          return [block.header, ...block.rows].map((row) => row.map(inline).join(' ')).join('\n');
        case 'rule':
          return '';
      }
    })
    .join('\n\n');
}

describe('what Markdown becomes', () => {
  test.each<[string, string, Rich]>([
    ['lines of a paragraph stay lines', '• un\n• deux  \ntrois', [p(text('• un\n• deux\ntrois'))]],
    [
      'bold, italics, strike, code',
      '**a** *b* ~~c~~ `d`',
      [
        p(
          strong('a'),
          text(' '),
          { type: 'emphasis', children: [text('b')] },
          text(' '),
          { type: 'strike', children: [text('c')] },
          text(' '),
          { type: 'code', value: 'd' },
        ),
      ],
    ],
    [
      'a placeholder, inside emphasis too',
      '**Bienvenue {first_name} !**',
      [
        p({
          type: 'strong',
          children: [text('Bienvenue '), { type: 'placeholder', name: 'first_name' }, text(' !')],
        }),
      ],
    ],
    ['braces that are no placeholder', '{Nom} {a1} {} {a b}', [p(text('{Nom} {a1} {} {a b}'))]],
    ['code holds no placeholder', '`{site}`', [p({ type: 'code', value: '{site}' })]],
    [
      'raw HTML is words',
      'a <b>x</b>\n\n<script>alert(1)</script>',
      [p(text('a <b>x</b>')), p(text('<script>alert(1)</script>'))],
    ],
    ['an image is its alternative text', '![le siège](https://exemple.sn/a.png)', [p(text('le siège'))]],
    [
      'a safe link',
      '[site](https://exemple.sn)',
      [p({ type: 'link', url: 'https://exemple.sn', children: [text('site')] })],
    ],
    [
      'unsafe schemes lose the link, not the words',
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](tg://user?id=1) <JAVASCRIPT:x>',
      [p(text('a b c JAVASCRIPT:x'))],
    ],
    ['a relative link is words', '[ici](documents/a)', [p(text('ici'))]],
    [
      'references and footnotes stay visible',
      '[a]: https://exemple.sn "t"\n\n[^1]',
      [
        p(
          text('[a]: '),
          { type: 'link', url: 'https://exemple.sn', children: [text('https://exemple.sn')] },
          text(' "t"'),
        ),
        p(text('[^1]')),
      ],
    ],
    [
      'heading',
      '## Titre **fort**',
      [{ type: 'heading', depth: 2, children: [text('Titre '), strong('fort')] }],
    ],
    [
      'list',
      '3. a\n4. b\n   - c',
      [
        {
          type: 'list',
          ordered: true,
          start: 3,
          items: [
            [p(text('a'))],
            [p(text('b')), { type: 'list', ordered: false, start: 1, items: [[p(text('c'))]] }],
          ],
        },
      ],
    ],
    [
      'task list',
      '- [x] fait\n- [ ] à faire',
      [{ type: 'list', ordered: false, start: 1, items: [[p(text('☑ fait'))], [p(text('☐ à faire'))]] }],
    ],
    ['quote and rule', '> a\n\n---', [{ type: 'quote', children: [p(text('a'))] }, { type: 'rule' }]],
    ['code block', '```sh\nls *\n```', [{ type: 'preformatted', value: 'ls *' }]],
    ['four spaces are not code', '    bonjour', [p(text('bonjour'))]],
    [
      'table',
      '| a | **b** |\n|---|---|\n| 1 | |',
      [{ type: 'table', header: [[text('a')], [strong('b')]], rows: [[[text('1')], []]] }],
    ],
  ])('%s', (_label, source, expected) => {
    expect(parseMarkdown(source)).toEqual(expected);
  });
});

describe('placeholders', () => {
  test('a hostile value never becomes markup', () => {
    const rich = parseMarkdown('**Bienvenue {first_name} !**');
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ minLength: 1 }), fc.constant('**x** <b> [a](tg://user?id=1) {site}')),
        (name) => {
          expect(fill(rich, { first_name: name })).toEqual([
            p({ type: 'strong', children: [text('Bienvenue '), text(name), text(' !')] }),
          ]);
        },
      ),
    );
  });
});

describe('any input', () => {
  test('never throws', () => {
    const piece = fc.constantFrom(
      '*',
      '_',
      '[',
      ']',
      '(',
      '>',
      '- ',
      '1. ',
      '`',
      '~~',
      '|',
      '\n',
      '    ',
      '<a>',
      '{a}',
      '#',
      '\u0000',
      '\ud800',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece, { maxLength: 80 }).map((parts) => parts.join('')),
        ),
        (source) => {
          expect(Array.isArray(parseMarkdown(source))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('words survive, whatever markup surrounds them', () => {
    const word = fc.stringMatching(/^[a-zé]{1,8}$/);
    const mark = fc.constantFrom(
      ' ',
      ' ',
      '\n',
      '\n\n',
      '**',
      ' *',
      '_ ',
      ' <',
      '> ',
      '\n- ',
      '\n> ',
      '\n# ',
      '[',
      ']',
      '(',
      '~~',
      '\\',
      ' {',
      '}',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, mark), { minLength: 1, maxLength: 30 }), (pairs) => {
        const seen = visible(parseMarkdown(pairs.flat().join('')));
        let from = 0;
        for (const [expected] of pairs) {
          const at = seen.indexOf(expected, from);
          // A word may sit in the address of a link `[a](word)`, which is kept beside the text.
          if (at < 0) expect(pairs.flat().join('')).toContain('](');
          else from = at + expected.length;
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['stars', '*'.repeat(4096)],
    ['brackets', '['.repeat(4096)],
    ['emphasis opened and never closed', '*a '.repeat(1300) + 'a* '.repeat(1300)],
    ['mixed emphasis', '*a_ '.repeat(8000)],
    ['a megabyte', 'mot **gras** '.repeat(80_000)],
    ['quotes in quotes', '>'.repeat(4096) + ' fin'],
    ['lists in lists on one line', '1. '.repeat(1300) + 'fin'],
  ])('hostile input is shown as it is written: %s', (_label, source) => {
    const rich = parseMarkdown(source);
    expect(rich.length).toBeLessThan(3);
    expect(JSON.stringify(rich).length).toBeLessThan(source.length * 2 + 200);
  });

  test('deep nesting keeps the words and stays shallow', () => {
    const source = Array.from({ length: 80 }, (_, level) => `${'  '.repeat(level)}- mot${level}`).join('\n');
    const rich = parseMarkdown(source);
    expect(visible(rich)).toContain('mot79');
    let depth = 0;
    let list = rich[0];
    while (list?.type === 'list') {
      depth += 1;
      list = list.items[0]?.[1];
    }
    expect(depth).toBeLessThan(25);
  });

  test('an unclosed fence keeps its words', () => {
    expect(one('```bonjour à tous')).toEqual({ type: 'preformatted', value: 'bonjour à tous' });
  });
});
