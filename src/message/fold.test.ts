import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from './fold.ts';

describe('fold', () => {
  test.each([
    ['📋 Menu !', 'menu'],
    ['Jërëjëf', 'jerejef'],
    ['  SALAM   aleykoum…', 'salam aleykoum'],
    ['l’Aide', 'l aide'],
    ['l-aide', 'l aide'],
    ['Ma sœur', 'ma soeur'],
    ['1️⃣', '1'],
    ['ﬁche №', 'fiche no'],
    ['👋🏿', ''],
    ['', ''],
  ])('%j is %j', (read, folded) => {
    expect(fold(read)).toBe(folded);
  });

  test('folding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(fold(fold(value))).toBe(fold(value));
      }),
    );
  });
});
