import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { split } from './split.ts';
import type { Span, SpanType, Styled } from './styled.ts';

const utf16 = (value: string): number => value.length;
const codePoints = (value: string): number => Array.from(value).length;
const bytes = (value: string): number => Buffer.byteLength(value);
const mark = (i: number, n: number): Styled => {
  const text = `(Suite ${String(i)}/${String(n)})`;
  return { text, spans: [{ type: 'strong', offset: 0, length: text.length }] };
};
const unmarked = (): Styled => ({ text: '', spans: [] });
const texts = (value: string, limit: number): string[] =>
  split({ text: value, spans: [] }, { limit, measure: utf16, mark: unmarked }).map((part) => part.text);

describe('split', () => {
  const rows: [string, string, number, string[]][] = [
    ['nothing', '', 10, []],
    ['blank', ' \n\n ', 10, []],
    ['exactly the limit', 'abcde', 5, ['abcde']],
    ['trailing white space does not count', 'abcde  \n\n', 5, ['abcde']],
    ['paragraphs first', 'aa bb\n\ncc dd', 8, ['aa bb', 'cc dd']],
    ['as many paragraphs as fit', 'a\n\nb\n\nc', 4, ['a\n\nb', 'c']],
    ['a paragraph that fits alone is not cut', 'a.\n\nbb. cc. dd.', 11, ['a.', 'bb. cc. dd.']],
    ['lines of a list next', '• aa aa\n• bb bb\n• cc cc', 16, ['• aa aa\n• bb bb', '• cc cc']],
    ['the indentation of a line stays with it', '• aaa\n  • bbb', 8, ['• aaa', '  • bbb']],
    ['then sentences', 'Un deux. Trois ? « Quatre. » Cinq', 17, ['Un deux. Trois ?', '« Quatre. » Cinq']],
    [
      'a long paragraph starts in the current part',
      'a\n\nbb. cc. dd. ee.',
      9,
      ['a\n\nbb.', 'cc. dd.', 'ee.'],
    ],
    ['then words', 'aaa bbb ccc', 7, ['aaa bbb', 'ccc']],
    ['a no-break space is not a place to cut', 'aa bb\u00a0?', 5, ['aa', 'bb\u00a0?']],
    ['then clusters', 'abcdefg', 3, ['abc', 'def', 'g']],
    ['an emoji of two units', '😀😀😀', 5, ['😀😀', '😀']],
    ['an emoji of several', '👩🏾‍🏫👩🏾‍🏫', 8, ['👩🏾‍🏫', '👩🏾‍🏫']],
    ['a combining accent stays on its letter', 'ae\u0301e\u0301', 3, ['ae\u0301', 'e\u0301']],
    [
      'a cluster longer than a part, between code points',
      'e\u0301\u0302\u0303',
      2,
      ['e\u0301', '\u0302\u0303'],
    ],
    ['an accent typed after a space keeps that space', 'aaa \u0301bbb', 5, ['aaa \u0301', 'bbb']],
    ['white space wider than a part', `a${' '.repeat(9)}b`, 4, ['a', 'b']],
  ];
  test.each(rows)('%s', (_, value, limit, expected) => {
    expect(texts(value, limit)).toEqual(expected);
  });

  test('parts from the second on begin with their mark and a blank line', () => {
    const parts = split(
      { text: `${'a'.repeat(30)} ${'b'.repeat(30)}`, spans: [] },
      { limit: 45, measure: utf16, mark },
    );
    expect(parts).toEqual([
      { text: 'a'.repeat(30), spans: [] },
      { text: `(Suite 2/2)\n\n${'b'.repeat(30)}`, spans: [{ type: 'strong', offset: 0, length: 11 }] },
    ]);
  });

  test('a span over a cut is closed and opened again, and a link keeps its address', () => {
    const url = 'https://css.example/';
    const parts = split(
      { text: 'aa bb cc', spans: [{ type: 'link', offset: 3, length: 5, url }] },
      { limit: 5, measure: utf16, mark: unmarked },
    );
    expect(parts).toEqual([
      { text: 'aa bb', spans: [{ type: 'link', offset: 3, length: 2, url }] },
      { text: 'cc', spans: [{ type: 'link', offset: 0, length: 2, url }] },
    ]);
  });

  test('marks that grow with the number of parts still fit', () => {
    const parts = split({ text: 'a'.repeat(4000), spans: [] }, { limit: 20, measure: utf16, mark });
    expect(parts.length).toBeGreaterThan(999);
    expect(Math.max(...parts.map((part) => part.text.length))).toBe(20);
  });

  test('a limit without room for text beside the mark is refused', () => {
    expect(() => split({ text: 'a'.repeat(40), spans: [] }, { limit: 12, measure: utf16, mark })).toThrow(
      RangeError,
    );
  });

  const alphabet = [
    'a',
    'é',
    'e\u0301',
    '.',
    '!',
    ' ',
    ' ',
    '\n',
    '\n\n',
    '\u00a0',
    '😀',
    '👩‍👧',
    '🇸🇳',
    '\u0301',
    '\u200d',
    'ب',
    '\ud800',
  ];
  const anyText = fc.oneof(
    fc.array(fc.constantFrom(...alphabet), { maxLength: 300 }).map((units) => units.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.lorem({ maxCount: 12, mode: 'sentences' }),
  );
  const spansOf = (value: string): fc.Arbitrary<Span[]> =>
    fc.array(
      fc.record({
        type: fc.constantFrom<SpanType>('strong', 'emphasis', 'code'),
        offset: fc.nat(Math.max(0, value.length - 1)),
        length: fc.integer({ min: 1, max: Math.max(1, value.length) }),
      }),
      { maxLength: 6 },
    );
  const input = anyText.chain((value) =>
    fc.record({
      text: fc.constant(value),
      spans: spansOf(value),
      limit: fc.integer({ min: 24, max: 120 }),
      measure: fc.constantFrom(utf16, codePoints, bytes),
    }),
  );

  test('any text: nothing lost, every part within the limit, no cluster cut, every span kept', () => {
    fc.assert(
      fc.property(input, ({ text, spans, limit, measure }) => {
        const parts = split({ text, spans }, { limit, measure, mark });
        const boundaries = new Set([text.length]);
        let longestCluster = 0;
        for (const { index, segment } of new Intl.Segmenter('fr').segment(text)) {
          boundaries.add(index);
          longestCluster = Math.max(longestCluster, measure(segment));
        }
        let at = 0;
        parts.forEach((part, index) => {
          const head = index === 0 ? '' : `${mark(index + 1, parts.length).text}\n\n`;
          expect(part.text.startsWith(head)).toBe(true);
          expect(measure(part.text)).toBeLessThanOrEqual(limit);
          const body = part.text.slice(head.length);
          expect(body.trim()).not.toBe('');
          // Only white space may be missing between two parts.
          while (!text.startsWith(body, at)) {
            expect(text.charAt(at)).toMatch(/^\s$/);
            at++;
          }
          if (longestCluster <= limit - 24) expect(boundaries.has(at)).toBe(true);
          expect(text.isWellFormed() ? body.isWellFormed() : true).toBe(true);

          const covered = (list: readonly Span[], type: SpanType, offset: number): boolean =>
            list.some(
              (span) => span.type === type && span.offset <= offset && offset < span.offset + span.length,
            );
          for (const span of part.spans)
            expect(part.text.slice(span.offset, span.offset + span.length)).toHaveLength(span.length);
          for (const type of ['strong', 'emphasis', 'code'] as const)
            for (let i = 0; i < body.length; i++)
              if (/\S/.test(body.charAt(i)))
                expect(covered(part.spans, type, head.length + i)).toBe(covered(spans, type, at + i));
          at += body.length;
        });
        expect(text.slice(at).trim()).toBe('');
      }),
      { numRuns: 400 },
    );
  });

  test('a paragraph, then a sentence, that a part can hold is never cut', () => {
    const sentence = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,4}$/).map((words) => `${words}.`);
    const paragraphs = fc.array(fc.array(sentence, { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(paragraphs, (content) => {
        const room = 90;
        const limit = room + 13;
        const value = content.map((sentences) => sentences.join(' ')).join('\n\n');
        const parts = split(
          { text: value, spans: [] },
          { limit, measure: utf16, mark: (i, n) => ({ text: mark(i, n).text.slice(0, 11), spans: [] }) },
        );
        for (const sentences of content) {
          const whole = sentences.join(' ');
          if (whole.length <= room) expect(parts.some((part) => part.text.includes(whole))).toBe(true);
          for (const one of sentences) expect(parts.some((part) => part.text.includes(one))).toBe(true);
        }
      }),
    );
  });
});
