import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { referencePages, rootPath } from '../../scripts/reference.ts';

describe('reference pages say what the code does', async () => {
  test.each([...(await referencePages())])('%s', (path, content) => {
    expect(readFileSync(rootPath(path), 'utf8'), `${path} is stale: run "node scripts/reference.ts"`).toBe(
      content,
    );
  });

  test('docs/reference/dependencies.md names every direct dependency, and nothing else', () => {
    const page = readFileSync(rootPath('docs/reference/dependencies.md'), 'utf8');
    const named = [...page.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? '').sort();
    const direct = ['package.json', 'web/package.json'].flatMap((path) => {
      const manifest = JSON.parse(readFileSync(rootPath(path), 'utf8')) as Record<
        string,
        Record<string, string> | undefined
      >;
      return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
        Object.keys(manifest[kind] ?? {}),
      );
    });
    expect(named).toEqual([...new Set(direct)].sort());
  });
});
