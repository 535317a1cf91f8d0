import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSigned, sameWord } from './signature.ts';

const secret = 'f00dcafef00dcafe0123456789abcdef';
const sign = (body: string | Buffer, key = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
const signed = (body: string, header: string | string[] | undefined): boolean =>
  isSigned(Buffer.from(body), header, secret);

test('the published vector', () => {
  const header = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const key = "It's a Secret to Everybody";
  expect(isSigned(Buffer.from('Hello, World!'), header, key)).toBe(true);
  expect(isSigned(Buffer.from('Hello, World'), header, key)).toBe(false);
  expect(isSigned(Buffer.from('Hello, World!'), header, `${key}.`)).toBe(false);
});

describe('the bytes are what is signed', () => {
  /** What came, and the same JSON value in other bytes. */
  test.each([
    ['emoji', '{"a":"😀"}', '{"a":"\\ud83d\\ude00"}'],
    ['escaped accent', '{"a":"\\u00e9"}', '{"a":"é"}'],
    ['escaped slash', '{"a":"\\/"}', '{"a":"/"}'],
    ['order of keys', '{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['new line at the end', '{"a":1}\n', '{"a":1}'],
    ['byte order mark', '\ufeff{"a":1}', '{"a":1}'],
    ['number', '{"a":1.0}', '{"a":1}'],
    ['spaces', '{ "a": 1 }', '{"a":1}'],
  ])('%s', (_, came, rewritten) => {
    expect(signed(came, sign(came))).toBe(true);
    expect(signed(rewritten, sign(came))).toBe(false);
  });

  test('bytes that are no text', () => {
    const body = Buffer.from([0xff, 0x00, 0xc3]);
    expect(isSigned(body, sign(body), secret)).toBe(true);
  });
});

describe('the header', () => {
  const good = sign('x');

  test.each([
    ['as it is', good, true],
    ['in capitals', good.toUpperCase(), true],
    ['mixed', good.replace(/[a-f]/, (letter) => letter.toUpperCase()), true],
    ['absent', undefined, false],
    ['empty', '', false],
    ['without digits', 'sha256=', false],
    ['sha1', `sha1=${createHmac('sha1', secret).update('x').digest('hex')}`, false],
    ['the digits alone', good.slice(7), false],
    ['cut', good.slice(0, -1), false],
    ['cut by a byte', good.slice(0, -2), false],
    ['too long', `${good}00`, false],
    ['not hexadecimal', `${good.slice(0, -1)}g`, false],
    ['not ASCII', `sha256=${'é'.repeat(64)}`, false],
    ['digits of another script', `sha256=${'٣'.repeat(64)}`, false],
    ['a list', `${good},${good}`, false],
    ['a list of two', `${good}, sha256=${'0'.repeat(64)}`, false],
    ['spaces', ` ${good}`, false],
    ['a line end', `${good}\n`, false],
    ['repeated', [good, good], false],
    ['of another body', sign('y'), false],
    ['of another secret', sign('x', 'other'), false],
    ['made without a secret', sign('x', ''), false],
  ])('%s', (_, header, known) => {
    expect(signed('x', header)).toBe(known);
  });

  test('an empty secret signs nothing', () => {
    expect(isSigned(Buffer.from('x'), sign('x', ''), '')).toBe(false);
  });

  test('any other header is refused, and none throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((it) => `sha256=${it}`),
        ),
        (header) => {
          expect(signed('x', header)).toBe(false);
        },
      ),
    );
  });
});

test.each([
  ['mot', 'mot', true],
  ['mot ', 'mot', false],
  ['', '', false],
  [undefined, 'mot', false],
  ['mot', '', false],
  ['x'.repeat(10_000), 'mot', false],
])('the word %j against %j', (given, expected, same) => {
  expect(sameWord(given, expected)).toBe(same);
});
