import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacer } from './pace.ts';

test('never more than burst + elapsed / interval places in any window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat(500), { minLength: 1, maxLength: 200 }),
      (interval, burst, gaps) => {
        const pacer = createPacer(interval, burst);
        const taken: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          if (pacer.delay(now) === 0) {
            pacer.take(now);
            taken.push(now);
          }
        }
        for (let i = 0; i < taken.length; i++)
          for (let j = i; j < taken.length; j++)
            expect(j - i + 1).toBeLessThanOrEqual(burst + (taken[j]! - taken[i]!) / interval);
      },
    ),
  );
});

test('after the delay it names, a place is free', () => {
  const pacer = createPacer(1000, 2);
  pacer.take(0);
  pacer.take(0);
  const wait = pacer.delay(0);
  expect(wait).toBe(1000);
  expect(pacer.delay(wait)).toBe(0);
});
