import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspect, resultElements } from './raw.ts';

describe('inspect', () => {
  test.each([
    ['a plain value', '5', 0, []],
    ['brackets in strings do not count', '{"a":"[[[{\\"[["}', 1, []],
    ['nesting', '{"a":[[{"b":1}]]}', 4, []],
    ['exact integers', '{"a":0,"b":-12,"c":9007199254740991}', 1, []],
    [
      'numbers that are not',
      '{"a":1.0,"b":1e3,"c":-0,"d":9007199254740993,"e":[2.5]}',
      2,
      ['a', 'b', 'c', 'd', 'e'],
    ],
    ['an escaped key', '{"\\u0069d":1.5}', 1, ['id']],
    ['spaces before the colon', '{"id" \n:1.5}', 1, ['id']],
    ['a string value is no key', '{"a":"id","b":1.5}', 1, ['b']],
  ])('%s', (_, raw, depth, inexact) => {
    const facts = inspect(raw);
    expect([facts.depth, [...facts.inexact]]).toEqual([depth, inexact]);
  });

  test('an inexact id is known by the object it stands in', () => {
    const raw = '{"id":1.5,"from":{"a":[{"id":7}],"id":7.5},"b":[{"id":1e3}],"chat":{"id":7}}';
    expect([...inspect(raw).inexactIdsOf]).toEqual(['', 'from', 'b']);
  });

  test('a million levels are measured', () => {
    expect(inspect('['.repeat(1_000_000) + ']'.repeat(1_000_000)).depth).toBe(1_000_000);
  });
});

describe('resultElements', () => {
  test.each([
    ['no result', '{"ok":true}', []],
    ['an empty list', '{"ok":true,"result":[ ]}', []],
    [
      'objects keep their own words',
      '{"result":[{"update_id":1,"n":1.0},\n {"a":[1,{"result":[2]}]} ],"ok":true}',
      ['{"update_id":1,"n":1.0}', '{"a":[1,{"result":[2]}]}'],
    ],
    ['values of any kind', '{"result":[1,"a,]",null,[2]]}', ['1', '"a,]"', 'null', '[2]']],
    ['a result that is no list', '{"result":{"a":[1]},"b":[2]}', []],
    ['a deeper result is not it', '{"x":{"result":[1]}}', []],
  ])('%s', (_, raw, expected) => {
    expect(resultElements(raw)).toEqual(expected);
  });

  test('any list comes back element by element', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), (values, indent) => {
        const raw = JSON.stringify({ ok: true, result: values, after: [1] }, undefined, indent);
        expect(resultElements(raw).map((each) => JSON.parse(each) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      }),
    );
  });
});
