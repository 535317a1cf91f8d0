import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lockProblems } from '../../scripts/check-lock.mjs';
import { rootPath } from '../../scripts/reference.ts';

const INTEGRITY = 'sha512-invented';

describe('package-lock.json', () => {
  test('installs everywhere', () => {
    const lock = JSON.parse(readFileSync(rootPath('package-lock.json'), 'utf8')) as Parameters<
      typeof lockProblems
    >[0];
    expect(lockProblems(lock)).toEqual([]);
  });

  test.each<[string, Record<string, object>, RegExp | undefined]>([
    [
      'a good one',
      { '': { dependencies: { a: '1' } }, 'node_modules/a': { integrity: INTEGRITY } },
      undefined,
    ],
    [
      'an optional package nested under the one that names it',
      {
        'node_modules/a': { integrity: INTEGRITY, optionalDependencies: { 'a-linux': '1' } },
        'node_modules/a/node_modules/a-linux': { integrity: INTEGRITY },
      },
      undefined,
    ],
    [
      'a missing platform',
      { 'node_modules/a': { integrity: INTEGRITY, optionalDependencies: { 'a-linux': '1' } } },
      /a-linux/,
    ],
    [
      'a missing package',
      { 'node_modules/a': { integrity: INTEGRITY, dependencies: { b: '1' } } },
      /needs b/,
    ],
    ['no integrity', { 'node_modules/a': {} }, /integrity/],
    [
      'an address',
      { 'node_modules/a': { integrity: INTEGRITY, resolved: 'https://registry.invalid/a.tgz' } },
      /tied/,
    ],
    ['a workspace', { 'node_modules/web': { resolved: 'web', link: true } }, undefined],
  ])('%s', (_name, packages, problem) => {
    const found = lockProblems({ packages });
    if (problem === undefined) expect(found).toEqual([]);
    else expect(found.join('\n')).toMatch(problem);
  });
});
