import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAULTS, faultsFromWire, faultsToWire } from './faults.ts';

test('what the page sets is what it reads back', () => {
  const faults = fc.record({ on: fc.subarray([...FAULTS]), latencyMs: fc.nat({ max: 10_000 }) });
  fc.assert(
    fc.property(faults, (set) => {
      expect(faultsFromWire(faultsToWire(set))).toEqual(set);
    }),
  );
});

test('the latency alone leaves the faults as they are', () => {
  expect(faultsToWire({ latencyMs: 200 })).toEqual({ latencyMs: 200 });
});
