import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

test('no more than so many at once, all of them in order, and a failure frees its place', async () => {
  const gate = createGate(2);
  const started: number[] = [];
  let most = 0;
  let running = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, (_, n) =>
      gate(async () => {
        started.push(n);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running--;
        if (n === 1) throw new Error('fails');
        return n;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    ...Array<string>(4).fill('fulfilled'),
  ]);
});
