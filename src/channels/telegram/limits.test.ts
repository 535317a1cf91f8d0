import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyReply, letters, offersOf, wordsOf } from '../../../test/contracts/replies.ts';
import type { Address, PlatformEvent } from '../../message/event.ts';
import type { PlatformCall } from '../../message/outbound.ts';
import { LIMITS } from './limits.ts';
import { render } from './outbound.ts';

/** Telegram's own numbers, written a second time: a slip in the table must show. */
test('the table is the platform’s', () => {
  expect(LIMITS).toMatchObject({
    text: 4096,
    rawBytes: 32_768,
    caption: 1024,
    entities: 100,
    callbackDataBytes: 64,
    inlineButtons: 100,
    inlinePerRow: 8,
    keyboardButtons: 300,
    keyboardPerRow: 12,
    markupBytes: 10_240,
    callbackAnswer: 200,
    commands: 100,
    commandName: 32,
    commandDescription: 256,
    downloadBytes: 20 * 1024 ** 2,
    uploadBytes: 50 * 1024 ** 2,
    photoBytes: 10 * 1024 ** 2,
  });
});

interface Message {
  text: string;
  entities?: { offset: number; length: number }[];
  reply_markup?: {
    inline_keyboard?: { text: string; callback_data?: string; url?: string }[][];
    keyboard?: { text: string }[][];
  };
}

const address: Address = { channel: 'telegram', account: '1', chat: '700000001', kind: 'private' };
const group: Address = { ...address, chat: '-1000000000042', kind: 'group' };
const event: PlatformEvent = { kind: 'tap', data: 'x', editable: true, messageRef: '40' };
const part = (i: number, n: number): string => `(Suite ${String(i)}/${String(n)})`;
const messageOf = (call: PlatformCall): Message => call.params as unknown as Message;
const withFallbacks = (call: PlatformCall): PlatformCall[] => [
  call,
  ...(call.fallback ? withFallbacks(call.fallback) : []),
];

function withinLimits(call: PlatformCall): void {
  const { text, entities = [], reply_markup: markup } = messageOf(call);
  expect([...text].length).toBeLessThanOrEqual(4096);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32_768);
  expect(text.trim()).not.toBe('');
  expect(entities.length).toBeLessThanOrEqual(100);
  for (const { offset, length } of entities) expect(offset + length).toBeLessThanOrEqual(text.length);
  expect(JSON.stringify(call.params).isWellFormed()).toBe(true);
  expect(JSON.stringify(call.params)).not.toMatch(/\\ud[89a-f]/);
  const inline = markup?.inline_keyboard ?? [];
  const keyboard = markup?.keyboard ?? [];
  if (markup) expect(Buffer.byteLength(JSON.stringify(markup))).toBeLessThanOrEqual(10_240);
  expect(inline.flat().length).toBeLessThanOrEqual(100);
  expect(keyboard.flat().length).toBeLessThanOrEqual(300);
  for (const row of inline) expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(row.length);
  for (const row of keyboard) {
    expect(row.length).toBeGreaterThan(0);
    expect(row.length).toBeLessThanOrEqual(12);
  }
  for (const { text: label, callback_data: data, url } of inline.flat()) {
    expect(label.trim()).toBe(label);
    expect(label.length).toBeLessThanOrEqual(LIMITS.label);
    expect((data === undefined) !== (url === undefined)).toBe(true);
    expect(Buffer.byteLength(data ?? 'x')).toBeLessThanOrEqual(64);
  }
}

const everythingIn = (call: PlatformCall): string => {
  const { text, reply_markup: markup } = messageOf(call);
  const labels = (markup?.inline_keyboard ?? markup?.keyboard ?? []).flat();
  return [text, ...labels.map((each) => `${each.text}\n${'url' in each ? each.url : ''}`)].join('\n');
};

describe('whatever the reply', () => {
  test('no call is beyond a limit, and neither is what it falls back to', () => {
    fc.assert(
      fc.property(anyReply, fc.constantFrom(address, group), fc.boolean(), (reply, to, inPlace) => {
        for (const call of render({ ...reply, inPlace }, { address: to, part, event }))
          withFallbacks(call).forEach(withinLimits);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('every word, every choice and every address is there', () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        const made = render(reply, { address, part });
        const all = letters(made.map((call) => messageOf(call).text).join(''));
        let from = 0;
        for (const words of wordsOf(reply)) {
          const found = all.indexOf(words, from);
          expect({ words, isThere: found >= 0 }).toEqual({ words, isThere: true });
          from = found + words.length;
        }
        const shown = made.map(everythingIn).map(letters);
        for (const offer of offersOf(reply))
          expect({ offer, isThere: shown.some((each) => each.includes(offer)) }).toMatchObject({
            isThere: true,
          });
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });
});
