import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scrub, scrubName } from './scrub.ts';

describe('scrub', () => {
  test.each([
    ['plain text stays', 'Où retirer ma carte ?', 'Où retirer ma carte ?'],
    ['NUL goes', 'a\u0000b', 'ab'],
    ['escape sequences lose their escape', '\u001b[31mrouge', '[31mrouge'],
    ['tab and line feed stay', 'a\tb\nc', 'a\tb\nc'],
    ['line ends become line feeds', 'a\r\nb\rc', 'a\nb\nc'],
    ['C1 controls and DEL go', 'a\u0085b\u007fc', 'abc'],
    ['a lone high surrogate is replaced', 'a\ud83db', 'a\ufffdb'],
    ['a lone low surrogate is replaced', '\ude00', '\ufffd'],
    ['emoji stay whole', '👩🏾‍🏫 😀', '👩🏾‍🏫 😀'],
    ['right-to-left scripts stay', 'السلام عليكم', 'السلام عليكم'],
  ])('%s', (_, given, expected) => {
    expect(scrub(given)).toBe(expected);
  });

  test('whatever comes in, nothing a store refuses comes out, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = scrub(text);
        expect(clean.isWellFormed()).toBe(true);
        expect(/[^\P{Cc}\n\t]/u.test(clean)).toBe(false);
        expect(scrub(clean)).toBe(clean);
      }),
    );
  });
});

describe('scrubName', () => {
  test.each([
    ['a name stays', 'Aïssatou Démo', 'Aïssatou Démo'],
    ['a right-to-left override goes', '\u202eeripmav', 'eripmav'],
    ['isolates and marks go', '\u2067a\u2069\u200fb\u061c', 'ab'],
    ['line and paragraph separators become a space', 'a\u2028b\u2029c\nd', 'a b c d'],
    ['zero-width spaces go, so an invisible name is empty', '\u200b\ufeff', ''],
    ['emoji sequences stay', '👩‍👧', '👩‍👧'],
    ['markup is only text', '<b>*_[x](tg://user?id=1)', '<b>*_[x](tg://user?id=1)'],
    ['a huge name is cut', 'é'.repeat(100_000), 'é'.repeat(256)],
    ['a cut never leaves half an emoji', `a${'😀'.repeat(400)}`, `a${'😀'.repeat(127)}\ufffd`],
  ])('%s', (_, given, expected) => {
    expect(scrubName(given)).toBe(expected);
  });
});
