import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyReply, letters, offersOf, wordsOf } from '../../../test/contracts/replies.ts';
import type { Address } from '../../message/event.ts';
import type { PlatformCall } from '../../message/outbound.ts';
import { LIMITS } from './limits.ts';
import { render } from './outbound.ts';

/** WhatsApp's own numbers, written a second time: a slip in the table must show. */
test('the table is the platform’s', () => {
  expect(LIMITS).toEqual({
    text: 4096,
    caption: 1024,
    interactiveBody: 1024,
    header: 60,
    footer: 60,
    buttons: 3,
    buttonTitle: 20,
    buttonId: 256,
    rows: 10,
    sections: 10,
    sectionTitle: 24,
    rowTitle: 24,
    rowDescription: 72,
    rowId: 200,
    openButton: 20,
    url: 2000,
    reference: 512,
    templateName: 512,
    parameter: 1024,
    imageBytes: 5 * 1024 ** 2,
    audioBytes: 16 * 1024 ** 2,
    videoBytes: 16 * 1024 ** 2,
    documentBytes: 100 * 1024 ** 2,
    stickerBytes: 512_000,
  });
});

interface Message {
  type: string;
  text?: { body: string };
  interactive?: {
    type: string;
    body: { text: string };
    header?: unknown;
    footer?: unknown;
    action: {
      button?: string;
      buttons?: { reply: Entry }[];
      sections?: { title?: string; rows: Entry[] }[];
      parameters?: { display_text: string; url: string };
    };
  };
}
interface Entry {
  id: string;
  title: string;
  description?: string;
}

const address: Address = { channel: 'whatsapp', account: '1', chat: '221770000001', kind: 'private' };
const group: Address = { ...address, chat: 'Y2F', kind: 'group' };
const part = (i: number, n: number): string => `(Suite ${String(i)}/${String(n)})`;
const messageOf = (call: PlatformCall): Message => call.params as unknown as Message;
const bodyOf = (call: PlatformCall): string => {
  const { text, interactive } = messageOf(call);
  return text?.body ?? interactive?.body.text ?? '';
};

function withinLimits(call: PlatformCall): void {
  const { type, interactive } = messageOf(call);
  const body = bodyOf(call);
  expect(body.trim()).not.toBe('');
  expect(JSON.stringify(call.params)).not.toMatch(/\\ud[89a-f]/);
  expect(body.length).toBeLessThanOrEqual(type === 'text' ? 4096 : 1024);
  if (!interactive) return;
  const { action } = interactive;
  const buttons = (action.buttons ?? []).map((each) => each.reply);
  const sections = action.sections ?? [];
  const rows = sections.flatMap((each) => each.rows);
  expect(buttons.length).toBeLessThanOrEqual(3);
  expect(sections.length).toBeLessThanOrEqual(10);
  expect(rows.length).toBeLessThanOrEqual(10);
  for (const section of sections) {
    expect(section.rows.length).toBeGreaterThan(0);
    expect((section.title ?? '').length).toBeLessThanOrEqual(24);
    if (sections.length > 1) expect(section.title).toBeTruthy();
  }
  expect((action.button ?? '').length).toBeLessThanOrEqual(20);
  expect((action.parameters?.display_text ?? '').length).toBeLessThanOrEqual(20);
  expect((action.parameters?.url ?? '').length).toBeLessThanOrEqual(2000);
  expect(interactive.header ?? interactive.footer).toBeUndefined();
  for (const [entries, title, id] of [
    [buttons, 20, 256],
    [rows, 24, 200],
  ] as const) {
    expect(new Set(entries.map((each) => each.id)).size).toBe(entries.length);
    expect(new Set(entries.map((each) => each.title)).size).toBe(entries.length);
    for (const each of entries) {
      for (const value of [each.id, each.title]) expect(value.trim()).toBe(value);
      expect(each.title).not.toBe('');
      expect(each.title.length).toBeLessThanOrEqual(title);
      expect(each.id.length).toBeLessThanOrEqual(id);
      expect((each.description ?? '').length).toBeLessThanOrEqual(72);
    }
  }
}

function everythingIn(call: PlatformCall): string {
  const action = messageOf(call).interactive?.action;
  const rows = (action?.sections ?? []).flatMap((section) => section.rows);
  return [
    bodyOf(call),
    ...(action?.buttons ?? []).map((each) => each.reply.title),
    ...rows.map((row) => row.description ?? row.title),
    action?.parameters?.display_text ?? '',
    action?.parameters?.url ?? '',
  ].join('\n');
}

describe('whatever the reply', () => {
  test('no call is beyond a limit, and neither is what it falls back to', () => {
    fc.assert(
      fc.property(anyReply, fc.constantFrom(address, group), (reply, to) => {
        for (const call of render(reply, { address: to, part, openList: 'Choisir une rubrique du menu' }))
          for (const each of call.fallback ? [call, call.fallback] : [call]) withinLimits(each);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  test('every word, every choice and every address is there', () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        const made = render(reply, { address, part, openList: 'Choisir' });
        const all = letters(made.map(bodyOf).join(''));
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
