import { expect, test } from 'vitest';
import { sameSecret } from './secret.ts';

const good = 'k3Jx-9QpT_w2Lm8Vb5Nc7Rd1Fg4Hs6Za';

test.each([
  ['the same', good, true],
  ['missing', undefined, false],
  ['empty', '', false],
  ['sent twice', [good, good], false],
  ['a prefix', good.slice(0, -1), false],
  ['longer', `${good}a`, false],
  ['257 characters', 'a'.repeat(257), false],
  ['not ASCII', `${good}é`, false],
])('sameSecret: %s', (_, given, expected) => {
  expect(sameSecret(given, good)).toBe(expected);
});

test('an empty expected secret matches nothing', () => {
  expect(sameSecret('', '')).toBe(false);
});
