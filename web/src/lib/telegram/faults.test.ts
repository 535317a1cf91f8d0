import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultsFromWire, faultsToWire } from './faults.ts';

test('what the page sets is what it reads back', () => {
  const faults = fc.record({
    duplicates: fc.boolean(),
    drops: fc.boolean(),
    rateLimit: fc.boolean(),
    latencyMs: fc.nat({ max: 10_000 }),
  });
  fc.assert(
    fc.property(faults, (set) => {
      expect(faultsFromWire(faultsToWire(set))).toEqual(set);
    }),
  );
});

test('one switch leaves the others alone', () => {
  expect(faultsToWire({ rateLimit: false })).toEqual({ tooManyRequests: [] });
});
