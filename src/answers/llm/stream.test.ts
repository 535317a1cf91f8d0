import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventReader } from './stream.ts';

const read = (pieces: readonly Buffer[]): string[] => {
  const reader = createEventReader();
  return pieces.flatMap((piece) => reader.push(piece));
};

test.each([
  ['data: a\n\ndata: b\n\n', ['a', 'b']],
  ['data:a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['data: a\ndata: b\n\n', ['a\nb']],
  [': comment\nevent: x\nid: 1\nretry: 5\ndata: a\n\n', ['a']],
  ['\ufeffdata: é😀\n\n', ['é😀']],
  ['data\n\n', ['']],
  ['\n\n\n', []],
  ['data: cut', []],
  ['data: cut\n', []],
  ['databank: x\n\n', []],
])('%j', (stream, events) => {
  expect(read([Buffer.from(stream)])).toEqual(events);
});

test('wherever the stream is cut, the events are the same', () => {
  const bytes = Buffer.from(': hé\r\ndata: {"é":"😀"}\r\n\r\ndata: a\ndata: b\n\ndata: [DONE]\n\n');
  const whole = read([bytes]);
  expect(whole).toEqual(['{"é":"😀"}', 'a\nb', '[DONE]']);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      expect(read(at.slice(1).map((end, n) => bytes.subarray(at[n], end)))).toEqual(whole);
    }),
  );
});

test('a line without end is refused', () => {
  const reader = createEventReader();
  expect(() => {
    for (let n = 0; n < 100; n += 1) reader.push(Buffer.alloc(1024, 'x'));
  }).toThrow();
});
