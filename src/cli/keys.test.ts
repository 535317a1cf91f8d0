import { expect, test } from 'vitest';
import { keyIdIn } from './keys.ts';

const WHOLE = `gk_a6079770_${'Ab-_9'.repeat(9).slice(0, 43)}`;

test.each<[string, string | undefined]>([
  ['a6079770', 'a6079770'],
  ['gk_a6079770', 'a6079770'],
  ['gk_a6079770…', 'a6079770'],
  ['gk_a6079770...', 'a6079770'],
  ['a6079770…', 'a6079770'],
  [WHOLE, 'a6079770'],
  [` ${WHOLE.slice(0, 20)}… `, 'a6079770'],
  ['gk_a607977', undefined],
  ['a60797700', undefined],
  ['site', undefined],
  ['', undefined],
])('%s names the key %s', (given, id) => {
  expect(keyIdIn(given)).toBe(id);
});
