import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clip, clipWords } from './clip.ts';

const texts = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '🏖', '👩‍👧', '\n'), maxLength: 40 });
const lengths = fc.integer({ min: 1, max: 45 });

describe.each([
  ['clip', clip],
  ['clipWords', clipWords],
])('%s', (_, cut) => {
  test('is never longer than asked, and never splits a character of two units', () => {
    fc.assert(
      fc.property(texts, lengths, (text, most) => {
        const cutText = cut(text, most);
        expect(cutText.length).toBeLessThanOrEqual(most);
        expect(cutText.isWellFormed()).toBe(true);
        if (text.length <= most) expect(cutText).toBe(text);
        else expect(cutText.endsWith('…') && text.startsWith(cutText.slice(0, -1))).toBe(true);
      }),
    );
  });
});

test.each([
  [clip, 'abcdef', 4, 'abc…'],
  [clip, 'ab🏖cd', 4, 'ab…'],
  [clip, 'abcd', 4, 'abcd'],
  [clip, '🏖🏖', 1, '…'],
  [clipWords, 'un deux trois', 10, 'un deux…'],
  [clipWords, 'un anticonstitutionnel', 10, 'un antico…'],
  [clipWords, 'un deux   trois', 11, 'un deux…'],
])('%o of %j to %i', (cut, text, most, expected) => {
  expect(cut(text, most)).toBe(expected);
});
