import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, type Inline, type Rich, fill, paragraph, plain, text } from './rich.ts';
import { flatten } from './styled.ts';

const strong = (...children: Inline[]): Inline => ({ type: 'strong', children });
const emphasis = (...children: Inline[]): Inline => ({ type: 'emphasis', children });
const link = (url: string, ...children: Inline[]): Inline => ({ type: 'link', url, children });
const bullets = (...items: Block[][]): Block => ({ type: 'list', ordered: false, start: 1, items });
const cells = (...values: string[]): Inline[][] => values.map((value) => (value === '' ? [] : [text(value)]));

/** Spans as `type:covered text`, which reads better than offsets and checks them all the same. */
function flat(rich: Rich): { text: string; spans: string[] } {
  const styled = flatten(rich);
  const spans = styled.spans.map(
    (span) =>
      `${span.type}:${styled.text.slice(span.offset, span.offset + span.length)}${span.url ? `>${span.url}` : ''}`,
  );
  return { text: styled.text, spans };
}

describe('flatten', () => {
  const rows: [string, Rich, string, string[]][] = [
    ['nothing', [], '', []],
    ['blank paragraphs', [paragraph(text('  ')), paragraph()], '', []],
    ['paragraphs', plain('Un.\n\nDeux.'), 'Un.\n\nDeux.', []],
    ['a line break inside a paragraph', [paragraph(text('Siège\nDakar'))], 'Siège\nDakar', []],
    [
      'a blank paragraph between two leaves one blank line',
      [paragraph(text('a')), paragraph(text(' ')), paragraph(text('b'))],
      'a\n\nb',
      [],
    ],
    ['a heading', [{ type: 'heading', depth: 2, children: [text('Titre')] }], 'Titre', ['strong:Titre']],
    [
      'strong in a heading is one span',
      [{ type: 'heading', depth: 1, children: [text('A '), strong(text('b'))] }],
      'A b',
      ['strong:A b'],
    ],
    [
      'styles in a sentence',
      [paragraph(strong(text('Bienvenue ')), emphasis(text('à tous')), text(' !'))],
      'Bienvenue à tous !',
      ['strong:Bienvenue', 'emphasis:à tous'],
    ],
    ['neighbours of one style', [paragraph(strong(text('a')), strong(text('b')))], 'ab', ['strong:ab']],
    [
      'one style inside another, the outer first',
      [paragraph(strong(emphasis(text('a'))))],
      'a',
      ['strong:a', 'emphasis:a'],
    ],
    ['a style around white space only', [paragraph(text('a'), strong(text(' ')), text('b'))], 'a b', []],
    [
      'a link',
      [paragraph(text('Voir '), link('https://css.example/', text('le site')), text('.'))],
      'Voir le site.',
      ['link:le site>https://css.example/'],
    ],
    [
      'a link without a label shows its address',
      [paragraph(link('https://css.example/'))],
      'https://css.example/',
      ['link:https://css.example/>https://css.example/'],
    ],
    ['an unfilled placeholder', [paragraph({ type: 'placeholder', name: 'adresse' })], '{adresse}', []],
    ['code', [paragraph(text('tapez '), { type: 'code', value: '/menu' })], 'tapez /menu', ['code:/menu']],
    [
      'a preformatted block',
      [{ type: 'preformatted', value: '\na\n  b\n' }],
      'a\n  b',
      ['preformatted:a\n  b'],
    ],
    ['a rule', [paragraph(text('a')), { type: 'rule' }, paragraph(text('b'))], 'a\n\n──────────\n\nb', []],
    [
      'bullets, whose marker is not bold',
      [paragraph(text('Pièces :')), bullets([paragraph(strong(text('CNI')))], [paragraph(text('extrait'))])],
      'Pièces :\n\n• CNI\n• extrait',
      ['strong:CNI'],
    ],
    [
      'numbers from where the list starts',
      [{ type: 'list', ordered: true, start: 3, items: [plain('a'), plain('b')] }],
      '3. a\n4. b',
      [],
    ],
    [
      'nested lists and second paragraphs are indented',
      [
        bullets(
          [paragraph(text('a')), bullets(plain('b'), [paragraph(text('c\n'), strong(text('d')))])],
          plain('e\n\nf'),
        ),
        paragraph(text('g')),
      ],
      '• a\n  • b\n  • c\n    d\n• e\n  f\n\ng',
      ['strong:d'],
    ],
    ['an empty item vanishes', [bullets([], plain('a'), [paragraph()])], '• a', []],
    [
      'a quote covers its bullets',
      [{ type: 'quote', children: [bullets(plain('a'), plain('b'))] }],
      '• a\n• b',
      ['quote:• a\n• b'],
    ],
    [
      'a quote in a quote is one quote',
      [{ type: 'quote', children: [paragraph(text('a')), { type: 'quote', children: plain('b') }] }],
      'a\n\nb',
      ['quote:a\n\nb'],
    ],
    [
      'a two-column table reads as label and value',
      [
        {
          type: 'table',
          header: cells('Branche', 'Taux'),
          rows: [cells('Famille', '7 %'), cells('Risque :', '1 %'), cells('Seul', '')],
        },
      ],
      'Branche : Taux\nFamille : 7 %\nRisque : 1 %\nSeul',
      ['strong:Branche : Taux'],
    ],
    [
      'a narrow table is aligned',
      [
        {
          type: 'table',
          header: cells('Jour', 'Matin', 'Soir'),
          rows: [cells('Lundi', '8 h', '17 h'), cells('Été', '8 h', '')],
        },
      ],
      'Jour   Matin  Soir\nLundi  8 h    17 h\nÉté    8 h',
      ['preformatted:Jour   Matin  Soir\nLundi  8 h    17 h\nÉté    8 h'],
    ],
    [
      'a wide table is one record per row',
      [
        {
          type: 'table',
          header: cells('Prestation', 'Condition', 'Montant'),
          rows: [
            cells('Prime', 'être assuré depuis trois mois', 'fixe'),
            cells('Aide', 'dossier complet au guichet', ''),
          ],
        },
      ],
      'Prime\nCondition : être assuré depuis trois mois\nMontant : fixe\n\nAide\nCondition : dossier complet au guichet',
      ['strong:Prime', 'strong:Aide'],
    ],
    ['control characters and lone surrogates', plain('a\u0000b\ud800c'), 'ab\ufffdc', []],
  ];
  test.each(rows)('%s', (_, rich, expectedText, expectedSpans) => {
    expect(flat(rich)).toEqual({ text: expectedText, spans: expectedSpans });
  });

  test.each(['_', '*', '**x**', '[x](tg://user?id=1)', '<b>', '</b>', '`', '{first_name}', '\u202eabc'])(
    'the name %s stays text',
    (name) => {
      const rich = fill([paragraph(text('Bonjour '), { type: 'placeholder', name: 'n' }, text(' !'))], {
        n: name,
      });
      expect(flat(rich)).toEqual({ text: `Bonjour ${name} !`, spans: [] });
    },
  );

  const words = fc.stringMatching(/^[aé😀 \n]{0,6}$/u);
  const { inline } = fc.letrec<{ inline: Inline }>((tie) => ({
    inline: fc.oneof(
      { maxDepth: 4 },
      words.map(text),
      fc.record({ type: fc.constant('code' as const), value: words }),
      fc.record({
        type: fc.constantFrom('strong' as const, 'emphasis' as const, 'strike' as const),
        children: fc.array(tie('inline'), { maxLength: 4 }),
      }),
      fc.record({
        type: fc.constant('link' as const),
        url: fc.constant('https://css.example/'),
        children: fc.array(tie('inline'), { maxLength: 3 }),
      }),
    ),
  }));
  const { block } = fc.letrec<{ block: Block }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 4 },
      fc.array(inline, { maxLength: 5 }).map((children): Block => ({ type: 'paragraph', children })),
      fc.array(inline, { maxLength: 3 }).map((children): Block => ({ type: 'heading', depth: 1, children })),
      fc
        .array(fc.array(tie('block'), { maxLength: 3 }), { maxLength: 3 })
        .map((items): Block => ({ type: 'list', ordered: false, start: 1, items })),
      fc.array(tie('block'), { maxLength: 3 }).map((children): Block => ({ type: 'quote', children })),
    ),
  }));

  test('any tree: text without blank ends, spans inside it, trimmed, sorted, nested or apart', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (rich) => {
        const styled = flatten(rich);
        expect(styled.text).toBe(styled.text.trim());
        const open: number[] = [];
        let previous = 0;
        for (const span of styled.spans) {
          const end = span.offset + span.length;
          const covered = styled.text.slice(span.offset, end);
          expect(covered).toHaveLength(span.length);
          expect(covered).toBe(covered.trim());
          expect(covered).not.toBe('');
          expect(span.offset).toBeGreaterThanOrEqual(previous);
          previous = span.offset;
          while ((open.at(-1) ?? Infinity) <= span.offset) open.pop();
          expect(end).toBeLessThanOrEqual(open.at(-1) ?? Infinity);
          open.push(end);
        }
      }),
      { numRuns: 500 },
    );
  });
});
