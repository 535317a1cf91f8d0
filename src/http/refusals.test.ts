import { expect, test } from 'vitest';
import { createRefusals } from './refusals.ts';

test('sixty a minute from one address, then told to wait; others are not, and the next minute is a new one', () => {
  let at = 1000;
  const refused = createRefusals(() => at);
  for (let n = 0; n < 60; n++) expect(refused('192.0.2.1')).toBeUndefined();
  at += 30_000;
  expect(refused('192.0.2.1')).toBe(30);
  expect(refused('192.0.2.2')).toBeUndefined();
  at += 30_000;
  expect(refused('192.0.2.1')).toBeUndefined();
});
