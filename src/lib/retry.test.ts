import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoff } from './retry.ts';

describe('backoff', () => {
  test.each([
    [1, 0, 500],
    [1, 1, 1_000],
    [2, 0, 1_000],
    [3, 0.5, 3_000],
    [10, 0, 15_000],
    [10, 1, 30_000],
    [0, 0, 500],
  ])('attempt %i with random %d waits %i ms', (attempt, random, expected) => {
    expect(backoff(attempt, { base: 1_000, cap: 30_000, random: () => random })).toBe(expected);
  });

  test('never over the cap, never under half of the base, for any attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const delay = backoff(attempt, { base: 200, cap: 60_000, random: () => random });
          expect(delay).toBeGreaterThanOrEqual(100);
          expect(delay).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});
