import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alikeIndex } from './alike.ts';

/** The rule itself, all compared with all. */
function oneByOne(known: readonly ReadonlySet<string>[], words: ReadonlySet<string>): string | undefined {
  const alike = known.map(
    (one) => [...words].filter((word) => one.has(word)).length / Math.sqrt(words.size * one.size),
  );
  const most = Math.max(0, ...alike);
  return most >= 0.6 ? String(alike.indexOf(most)) : undefined;
}

test('what is found is what comparing all with all finds, however many use the same words', () => {
  const everybody = fc.subarray(['css', 'combien', 'allocation']);
  const some = fc.subarray(['chien', 'venir', 'tomates', 'vendre', 'prix', 'ou']);
  const words = fc
    .tuple(everybody, some)
    .map((parts) => new Set(parts.flat()))
    .filter(({ size }) => size > 0);
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), words, (known, asked) => {
      const index = alikeIndex([...known, asked]);
      known.forEach((one, at) => {
        index.add(one, String(at));
      });
      expect(index.nearest(asked)).toBe(oneByOne(known, asked));
    }),
    { numRuns: 300 },
  );
});

test.each<[shared: number, size: number, found: boolean]>([
  [3, 5, true],
  [2, 5, false],
  [15, 25, true],
  [45, 75, true],
  [44, 75, false],
])('%i words shared of %i is alike: %s', (shared, size, found) => {
  const named = (name: string, from: number) => Array.from({ length: size - from }, (_, n) => `${name}${n}`);
  const common = named('same', size - shared);
  const [known, asked] = [named('known', shared), named('asked', shared)].map(
    (own) => new Set([...common, ...own]),
  ) as [Set<string>, Set<string>];
  const index = alikeIndex([known, asked]);
  index.add(known, 'g');
  expect(index.nearest(asked)).toBe(found ? 'g' : undefined);
});
