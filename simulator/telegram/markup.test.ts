import { describe, expect, test } from 'vitest';
import { parserOf } from './markup.ts';
import { MarkupError } from './markup-parsed.ts';
import { markupVectors } from './tables.ts';

const outcome = (mode: string, source: string): unknown => {
  try {
    const parsed = parserOf(mode)?.(source);
    return { text: parsed?.text, entities: parsed?.entities.map((e) => [e.kind, e.offset, e.length]) };
  } catch (error) {
    if (!(error instanceof MarkupError)) throw error;
    return { error: error.message };
  }
};

describe("Telegram's own examples", () => {
  test.each(markupVectors())('$mode $src', (vector) => {
    const expected =
      vector.error === undefined ? { text: vector.text, entities: vector.entities } : { error: vector.error };
    expect(outcome(vector.mode === 'html' ? 'HTML' : 'MarkdownV2', vector.src)).toEqual(expected);
  });
});

describe('legacy Markdown', () => {
  test.each([
    [
      '*gras* et _ita_',
      {
        text: 'gras et ita',
        entities: [
          ['Bold', 0, 4],
          ['Italic', 8, 3],
        ],
      },
    ],
    ['**Bienvenue**', { text: 'Bienvenue', entities: [] }],
    ['Jean_Paul', { error: "Can't find end of the entity starting at byte offset 4" }],
    ['été Jean_Paul', { error: "Can't find end of the entity starting at byte offset 10" }],
    ['Jean\\_Paul', { text: 'Jean_Paul', entities: [] }],
    ['[css](https://example.org)', { text: 'css', entities: [['TextUrl', 0, 3]] }],
    ['[css](x)', { text: 'css', entities: [] }],
    ['`a*b`', { text: 'a*b', entities: [['Code', 0, 3]] }],
    ['```js\nlet a```', { text: 'let a', entities: [['PreCode', 0, 5]] }],
  ])('%s', (source, expected) => {
    expect(outcome('Markdown', source)).toEqual(expected);
  });
});

test('unknown modes have no parser', () => {
  expect(parserOf('bbcode')).toBeUndefined();
});
