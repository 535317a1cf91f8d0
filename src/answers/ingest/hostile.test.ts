import { describe, expect, test } from 'vitest';
import { unitsOf } from '../composition/units.ts';
import { textMarkdown } from '../files/text.ts';
import { parseFrontMatter } from './attributes.ts';
import { withoutComments } from './comments.ts';
import { parseFile } from './documents.ts';
import { passagesOf } from './pages.ts';
import { headingOf, literal, reflow } from './plain.ts';
import { plainText } from './sections.ts';
import { splitPassages } from './split.ts';
import { finished } from '../retrieval/slices.ts';

const SIZE = 100_000;
const many = (pump: string, end = 'x'): string => pump.repeat(SIZE / pump.length) + end;
/** Twenty times what it takes on a slow machine, a tenth of what a quadratic reading takes. */
const LONGEST_MS = 1_000;

const PUMPS = [
  ...['-', ' ', '\n', '|', ':-', '- ', '| ', '-|', ' #', '[', '[a](', '[](a', '<!--', '<!-- -->', '<!--->'],
  ...[
    '`',
    '` ',
    '```\n',
    '~~~\n',
    '~~~\n````\n',
    '*',
    '_a',
    '**',
    '\\',
    '\\|',
    '- \n',
    '-\n',
    '\t',
    '\u00a0',
  ],
  ...['! ', '. ', '1', '1. ', '# ', '> ', 'A. ', 'a-\n', 'ab\n', '\u2028', '(', '](', '!['],
];
const STARTS = ['', '# ', '| a |\n', 'a'];

describe('nothing that a person or a file says takes longer than its length', () => {
  test.each<[string, (text: string) => unknown]>([
    ['the words of Markdown', plainText],
    ['passages', splitPassages],
    ['units', unitsOf],
    ['characters', literal],
    ['joined lines', reflow],
    ['a heading', headingOf],
    ['comments', withoutComments],
    ['plain text', textMarkdown],
    ['a file of Markdown', (text) => parseFile('a.md', Buffer.from(`# T\n\n${text}`))],
    [
      'a page',
      (page) => finished(passagesOf('a', { ok: true, pages: [`# T\n\n${page}`], paged: false }, {})),
    ],
    ['a front matter', (yaml) => parseFrontMatter(yaml.slice(0, 64_000), 1)],
  ])(
    '%s',
    (_, read) => {
      const slow: string[] = [];
      for (const start of STARTS)
        for (const pump of PUMPS) {
          const text = start + many(pump);
          // A busy machine is slow once; what is too much work is slow every time.
          const isSlow = () => {
            const began = performance.now();
            read(text);
            return performance.now() - began > LONGEST_MS;
          };
          if (isSlow() && isSlow() && isSlow()) slow.push(JSON.stringify([start, pump]));
        }
      expect(slow).toEqual([]);
    },
    120_000,
  );

  test('thousands of entries, and thousands of names nobody knows', () => {
    const entries = Array.from({ length: 30_000 }, (_, n) => `## Q${n} ?\n\nr${n} mot\n`);
    const began = performance.now();
    expect(parseFile('a.md', Buffer.from(`# T\n\n${entries.join('')}`)).passages).toHaveLength(30_000);
    expect(parseFile('a.md', Buffer.from(`---\n${'k: 1\n'.repeat(9_000)}---\nx`)).problems).not.toEqual([]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

test.each<[string, string, RegExp]>([
  ['a line without end', `# T\n\n${'a '.repeat(6_000)}`, /line is longer than 10,000 characters/],
  [
    'a hundred and one names',
    `---\n${Array.from({ length: 101 }, (_, n) => `k${n}: 1`).join('\n')}\n---\nx`,
    /more than 100 names/,
  ],
  ['a front matter without end', `---\n${'a: [\n'.repeat(20_000)}---\nx`, /front matter is longer/],
  ['a value that names another', '---\ntitle: *a\n---\nx', /(?:not valid YAML|in quotes)/],
  ['a title without end', `---\ntitle: ${'a'.repeat(600)}\n---\nx`, /title" is longer than 500/],
  ['alternates without end', `---\nalternates: [${'a,'.repeat(600)}]\n---\nx`, /at most 500 phrases/],
])('%s is refused with what to do', (_, text, message) => {
  expect(parseFile('a.md', Buffer.from(text)).problems.map((one) => one.message)).toEqual([
    expect.stringMatching(message),
  ]);
});
