import fc from 'fast-check';
import { expect, test } from 'vitest';
import { json } from './json.ts';

test('what was written is read, from a text and from its bytes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const written = JSON.stringify(value);
      const meant: unknown = JSON.parse(written);
      expect(json(written)).toEqual(meant);
      expect(json(Buffer.from(written))).toEqual(JSON.parse(Buffer.from(written).toString()));
    }),
  );
});

test.each(['', '{', '{"a":1', "{'a':1}", '<html>', 'undefined', '\uFEFF{}'])('%j is none', (text) => {
  expect(json(text)).toBeUndefined();
});
