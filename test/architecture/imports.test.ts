import { describe, expect, test } from 'vitest';
import { codeFiles, importsOf, objection, read } from './rules.ts';

const files = codeFiles();

describe('the house', () => {
  test('every import goes down, or stays in its folder', () => {
    const wrong = files.flatMap((file) =>
      importsOf(read(file)).flatMap((one) => {
        const why = objection(file, one);
        return why === undefined ? [] : [`${file} imports ${one.specifier}: ${why}.`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('no file is too long to read', () => {
    const long = files.flatMap((file) => {
      const lines = read(file).split('\n').length - 1;
      const most = file.endsWith('.test.ts') ? 800 : 500;
      return lines > most
        ? [`${file} has ${lines} lines, ${most} at most: split it by what it is about.`]
        : [];
    });
    expect(long).toEqual([]);
  });

  test('no file is named after nothing', () => {
    expect(files.filter((file) => /\/(?:utils?|helpers?|types|common|misc)\.ts$/.test(file))).toEqual([]);
  });

  test('there is a house to look at', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => importsOf(read(file))).length).toBeGreaterThan(200);
  });
});

describe('the rules themselves', () => {
  const value = { typeOnly: false, dynamic: false };

  test.each<[string, string, RegExp]>([
    ['src/lib/a.ts', '../message/event.ts', /level 0.*level 1/],
    ['src/message/a.ts', '../config/config.ts', /siblings/],
    ['src/channels/x/a.ts', '../../storage/store.ts', /siblings/],
    ['src/conversation/a.ts', '../pipeline/turn.ts', /below/],
    ['src/conversation/a.ts', 'node:fs', /pure/],
    ['src/message/a.ts', 'node:crypto', /pure/],
    ['src/answers/a.ts', 'kysely', /database/],
    ['src/pipeline/a.ts', 'fastify', /framework/],
    ['src/answers/a.ts', 'undici', /guard/],
    ['src/http/a.ts', '../main.ts', /below/],
    ['src/main.ts', './cli/start.ts', /below/],
    ['src/demo.ts', '../simulator/telegram/server.ts', /dynamically/],
    ['src/main.ts', '../simulator/telegram/server.ts', /only demo/],
    ['src/nowhere/a.ts', '../lib/log.ts', /no level/],
    ['src/desk/a.ts', '../../test/support/x.ts', /only tests/],
    ['src/desk/a.ts', '../../bench/x.ts', /from src only/],
    ['src/desk/a.ts', '../../../shared/x.ts', /leaves the repository/],
    ['simulator/telegram/a.ts', '../../src/message/event.ts', /independent/],
    ['simulator/telegram/a.test.ts', '../../src/message/event.ts', /independent/],
    ['web/src/a.ts', '../../src/message/event.ts', /never code/],
  ])('%s may not import %s', (file, specifier, why) => {
    expect(objection(file, { specifier, ...value })).toMatch(why);
  });

  test.each<[string, string, object]>([
    ['src/http/a.ts', '../lib/log.ts', {}],
    ['src/http/a.ts', './b.ts', {}],
    ['src/storage/dialects/a.ts', 'node:sqlite', {}],
    ['src/demo.ts', '../simulator/telegram/server.ts', { dynamic: true }],
    ['src/cli/start.ts', '../main.ts', {}],
    ['src/desk/a.test.ts', '../answers/b.ts', {}],
    ['src/desk/a.test.ts', '../../test/support/b.ts', {}],
    ['web/src/a.ts', '../../src/message/event.ts', { typeOnly: true }],
    ['test/e2e/a.test.ts', '../../src/main.ts', {}],
    ['bench/a.ts', '../src/main.ts', {}],
  ])('%s may import %s', (file, specifier, more) => {
    expect(objection(file, { specifier, ...value, ...more })).toBeUndefined();
  });

  test('imports are found in every form', () => {
    const content = [
      "import 'a';",
      "import b from 'b';",
      "import type { C } from 'c';",
      'import {\n  d,\n  e,\n} from "d";',
      "export * from 'f';",
      "export type { G } from 'g';",
      "const h = await import('h');",
      "<script>import i from 'i';</script>",
      "const text = 'import';",
    ].join('\n');
    expect(
      importsOf(content).map(({ specifier, typeOnly, dynamic }) => [specifier, typeOnly, dynamic]),
    ).toEqual([
      ['a', false, false],
      ['b', false, false],
      ['c', true, false],
      ['d', false, false],
      ['f', false, false],
      ['g', true, false],
      ['i', false, false],
      ['h', false, true],
    ]);
  });
});
