import { describe, expect, test } from 'vitest';
import type { Address, PlatformEvent } from '../../message/event.ts';
import type { PlatformCall, Reply } from '../../message/outbound.ts';
import { fill, type Inline, paragraph, plain, type Rich, text } from '../../message/rich.ts';
import type { RenderContext } from '../channel.ts';
import { entitiesOf, render } from './outbound.ts';

const address: Address = { channel: 'telegram', account: '123456', chat: '700000001', kind: 'private' };
const group: Address = { ...address, chat: '-1000000000042', kind: 'group' };
const part = (i: number, n: number): string => `(Suite ${String(i)}/${String(n)})`;
const tapped: PlatformEvent = { kind: 'tap', data: 'menu', tapRef: 'q1', editable: true, messageRef: '40' };
const calls = (reply: Reply, context: Partial<RenderContext> = {}): PlatformCall[] =>
  render(reply, { address, part, ...context });
const only = (reply: Reply, context?: Partial<RenderContext>): PlatformCall => {
  const [call, ...rest] = calls(reply, context);
  if (!call || rest.length > 0) throw new Error('expected one call');
  return call;
};
const strong = (value: string): Inline => ({ type: 'strong', children: [text(value)] });
const quiet = { is_disabled: true };
const markup = (reply: Partial<Reply>, context?: Partial<RenderContext>): unknown =>
  only({ body: plain('x'), ...reply }, context).params['reply_markup'];

describe('a text', () => {
  test('plain: no entities, no parse mode, nothing to fall back to', () => {
    expect(calls({ body: plain('Bonjour') })).toEqual([
      { method: 'sendMessage', params: { chat_id: 700000001, text: 'Bonjour', link_preview_options: quiet } },
    ]);
  });

  test('styled: entities in UTF-16 units, and the same text without them as fallback', () => {
    const body: Rich = [paragraph(text('👋🏾 '), strong('Bienvenue'), text(' à tous'))];
    const params = { chat_id: 700000001, text: '👋🏾 Bienvenue à tous', link_preview_options: quiet };
    expect(calls({ body })).toEqual([
      {
        method: 'sendMessage',
        params: { ...params, entities: [{ type: 'bold', offset: 5, length: 9 }] },
        fallback: { method: 'sendMessage', params },
      },
    ]);
  });

  test('blank: no call', () => {
    expect(calls({ body: plain('  ') })).toEqual([]);
    expect(calls({ body: plain('  '), keyboard: 'remove' })).toEqual([]);
  });

  test('blank above choices: their labels', () => {
    const { params } = only({ body: plain('  '), choices: [[{ id: 'a', label: 'A' }]] });
    expect(params).toMatchObject({ text: '1. A', reply_markup: { inline_keyboard: [[{ text: 'A' }]] } });
  });

  test.each(['mailto:aide@css.example', 'tel:+221330000000'])('the address %s is written out', (url) => {
    const body: Rich = [paragraph({ type: 'link', url, children: [text('Écrivez-nous')] }, text(' ici'))];
    expect(only({ body }).params['text']).toBe(`Écrivez-nous (${url.replace(/^\w+:/, '')}) ici`);
  });

  test('what Telegram would drop is written as it keeps it, and styles stay in place', () => {
    const body: Rich = [paragraph(text('a\tb\u202e c\u2028'), strong('d\u202ae'), text('\u202c f'))];
    expect(only({ body }).params).toMatchObject({
      text: 'a b c\nde f',
      entities: [{ type: 'bold', offset: 6, length: 2 }],
    });
  });

  test('a template is its text: there is no window', () => {
    const template = { name: 'reponse_disponible', language: 'fr', parameters: ['Awa'] };
    expect(calls({ body: plain('Bonjour'), template })).toEqual(calls({ body: plain('Bonjour') }));
  });

  test.each([
    '_',
    '*',
    '**x**',
    '[x](tg://user?id=1)',
    '<b>x</b>',
    '&amp;',
    '_'.repeat(4096),
    '`',
    '{a}',
    "'; --",
  ])('a name such as %s is shown as it is', (name) => {
    const body = fill([paragraph({ type: 'placeholder', name: 'first_name' })], { first_name: name });
    expect(only({ body }).params).toEqual({ chat_id: 700000001, text: name, link_preview_options: quiet });
  });

  test('long: split, each part within 4096, the buttons on the last', () => {
    const body = plain(
      Array.from({ length: 80 }, (_, i) => `Paragraphe ${String(i)}. ${'mot '.repeat(30)}`).join('\n\n'),
    );
    const parts = calls(
      { body, choices: [[{ id: 'menu', label: 'Menu' }]], inPlace: true },
      { event: tapped },
    );
    expect(parts.length).toBe(3);
    parts.forEach((each, index) => {
      const shown = String(each.params['text']);
      expect(each.method).toBe('sendMessage');
      expect(shown.length).toBeLessThanOrEqual(4096);
      if (index > 0) {
        expect(shown.startsWith(`(Suite ${String(index + 1)}/3)\n\n`)).toBe(true);
        expect(each.params['entities']).toEqual([{ type: 'bold', offset: 0, length: 11 }]);
      }
      expect('reply_markup' in each.params).toBe(index === 2);
    });
  });

  test('an address that is no chat id is refused', () => {
    expect(() => calls({ body: plain('x') }, { address: { ...address, chat: '@awa' } })).toThrow(RangeError);
  });
});

describe('in place', () => {
  test('edits the tapped message, and falls back to a new one, then to a plain one', () => {
    const message = {
      chat_id: 700000001,
      text: 'Menu',
      link_preview_options: quiet,
      reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] },
    };
    const entities = [{ type: 'bold', offset: 0, length: 4 }];
    expect(
      only(
        { body: [paragraph(strong('Menu'))], inPlace: true, choices: [[{ id: 'a', label: 'A' }]] },
        { event: tapped },
      ),
    ).toEqual({
      method: 'editMessageText',
      params: { ...message, entities, message_id: 40 },
      fallback: {
        method: 'sendMessage',
        params: { ...message, entities },
        fallback: { method: 'sendMessage', params: message },
      },
    });
  });

  const rows: [string, Partial<Reply>, Partial<RenderContext>][] = [
    ['not asked for', { inPlace: false }, { event: tapped }],
    ['no event', {}, {}],
    ['a message that cannot be edited', {}, { event: { ...tapped, editable: false } }],
    ['no tapped message', {}, { event: { kind: 'tap', data: 'x', tapRef: 'q', editable: true } }],
    [
      'an event that is no tap',
      {},
      { event: { kind: 'text', text: 'menu', addressed: true, messageRef: '40' } },
    ],
    ['a reply keyboard', { keyboard: { rows: [[{ label: 'Menu' }]] } }, { event: tapped }],
  ];
  test.each(rows)('a new message: %s', (_, reply, context) => {
    expect(only({ body: plain('x'), inPlace: true, ...reply }, context).method).toBe('sendMessage');
  });
});

describe('keyboards', () => {
  test('inline choices and links', () => {
    expect(
      markup({
        choices: [[{ id: 'a', label: ' A ' }], [], [{ url: 'https://css.example/x', label: 'Site' }]],
      }),
    ).toEqual({
      inline_keyboard: [
        [{ text: 'A', callback_data: 'a' }],
        [{ text: 'Site', url: 'https://css.example/x' }],
      ],
    });
  });

  test('rows longer than 8 are folded, and what is over 100 is numbered text', () => {
    const row = Array.from({ length: 102 }, (_, i) => ({ id: `c${String(i)}`, label: `Choix ${String(i)}` }));
    const link = { url: 'https://css.example/', label: 'Site' };
    const { params } = only({ body: plain('x'), choices: [row, [link]] });
    const { inline_keyboard } = params['reply_markup'] as { inline_keyboard: unknown[][] };
    expect(inline_keyboard.map((each) => each.length)).toEqual([...Array<number>(12).fill(8), 4]);
    expect(params['text']).toBe('x\n\n101. Choix 100\n102. Choix 101\nSite : https://css.example/');
  });

  test('what is over the size of a keyboard is numbered text', () => {
    const url = (n: number): string => `https://css.example/${'x'.repeat(3000)}${String(n)}`;
    const row = [0, 1, 2, 3].map((n) => ({ url: url(n), label: `Page ${String(n)}` }));
    const { params } = only({ body: plain('x'), choices: [row, [{ id: 'menu', label: 'Menu' }]] });
    const { inline_keyboard } = params['reply_markup'] as { inline_keyboard: { text: string }[][] };
    expect(inline_keyboard.map((each) => each.map((button) => button.text))).toEqual([
      ['Page 0', 'Page 1', 'Page 2'],
      ['Menu'],
    ]);
    expect(params['text']).toBe(`x\n\nPage 3 : ${url(3)}`);
  });

  test('an empty keyboard is left out', () => {
    expect(markup({ choices: [[]] })).toBeUndefined();
  });

  test.each([
    ['64 characters stay', 'a'.repeat(64), 'a'.repeat(64)],
    ['65 are cut', 'a'.repeat(65), `${'a'.repeat(63)}…`],
    ['between clusters', `${'a'.repeat(60)}👩🏾‍🏫👩🏾‍🏫`, `${'a'.repeat(60)}…`],
    ['no space before the dots', `${'a'.repeat(62)} bcd`, `${'a'.repeat(62)}…`],
  ])('labels: %s', (_, label, expected) => {
    const { params } = only({ body: plain('x'), choices: [[{ id: 'a', label }]] });
    expect(params['reply_markup']).toEqual({
      inline_keyboard: [[{ text: expected, callback_data: 'a' }]],
    });
    // What is cut on a button is whole in the text.
    expect(params['text']).toBe(label === expected ? 'x' : `x\n\n• ${label}`);
  });

  test('a word to say stays whole on its button, since a tap says it', () => {
    const label = 'mot '.repeat(20).trim();
    const { params } = only({ body: plain('x'), keyboard: { rows: [[{ label }]] } });
    expect(params).toMatchObject({
      text: `x\n\n• ${label}`,
      reply_markup: { keyboard: [[{ text: label }]] },
    });
  });

  test.each([
    ['an id over 64 bytes', { id: 'a'.repeat(65), label: 'A' }],
    ['an empty id', { id: '', label: 'A' }],
    ['an id that is not ASCII', { id: 'é', label: 'A' }],
    ['a blank label', { id: 'a', label: ' ' }],
    ['a script address', { url: 'javascript:alert(1)', label: 'A' }],
    ['a mention by address', { url: 'tg://user?id=1', label: 'A' }],
  ])('%s is refused', (_, button) => {
    expect(() => markup({ choices: [[button]] })).toThrow(RangeError);
  });

  test('an id of 64 bytes is taken', () => {
    expect(markup({ choices: [[{ id: 'a'.repeat(64), label: 'A' }]] })).toBeDefined();
  });

  const asking = {
    rows: [[{ label: '📱 Partager mon numéro', asksPhone: true }], [{ label: 'Menu' }]],
    once: true,
  };
  test('a phone is asked for in private', () => {
    expect(markup({ keyboard: asking })).toEqual({
      keyboard: [[{ text: '📱 Partager mon numéro', request_contact: true }], [{ text: 'Menu' }]],
      resize_keyboard: true,
      one_time_keyboard: true,
    });
  });
  test('and never in a group', () => {
    expect(markup({ keyboard: asking }, { address: group })).toEqual({
      keyboard: [[{ text: 'Menu' }]],
      resize_keyboard: true,
      one_time_keyboard: true,
    });
    expect(
      markup({ keyboard: { rows: [[{ label: 'x', asksPhone: true }]] } }, { address: group }),
    ).toBeUndefined();
  });
  test('the keyboard goes', () => {
    expect(markup({ keyboard: 'remove' })).toEqual({ remove_keyboard: true });
  });
});

describe('entities', () => {
  const span = (
    type: 'strong' | 'emphasis' | 'code' | 'link' | 'quote' | 'preformatted',
    offset: number,
    length: number,
    url?: string,
  ) => ({
    type,
    offset,
    length,
    ...(url === undefined ? {} : { url }),
  });
  test.each([
    [
      'every type',
      'abcdef',
      [
        span('strong', 0, 1),
        span('emphasis', 1, 1),
        span('preformatted', 2, 1),
        span('quote', 3, 1),
        span('link', 4, 1, 'https://css.example/'),
      ],
      ['bold 0+1', 'italic 1+1', 'pre 2+1', 'blockquote 3+1', 'text_link 4+1 https://css.example/'],
    ],
    [
      'bold around code is cut',
      'a b c',
      [span('strong', 0, 5), span('code', 2, 1)],
      ['bold 0+1', 'code 2+1', 'bold 4+1'],
    ],
    ['bold over code only goes', 'abc', [span('strong', 0, 3), span('code', 0, 3)], ['code 0+3']],
    [
      'code in a link goes',
      'abc',
      [span('link', 0, 3, 'https://css.example/'), span('code', 1, 1)],
      ['text_link 0+3 https://css.example/'],
    ],
    [
      'code in a quote stays',
      'abc',
      [span('quote', 0, 3), span('code', 1, 1)],
      ['blockquote 0+3', 'code 1+1'],
    ],
    ['a link to a person goes', 'abc', [span('link', 0, 3, 'tg://user?id=1')], []],
    ['a link to a script goes', 'abc', [span('link', 0, 3, 'javascript:alert(1)')], []],
  ])('%s', (_, value, spans, expected) => {
    const shown = entitiesOf({ text: value, spans }).map(
      (each) => `${each.type} ${String(each.offset)}+${String(each.length)}${each.url ? ` ${each.url}` : ''}`,
    );
    expect(shown).toEqual(expected);
  });

  test('over 100, slants go before bold and links stay', () => {
    const spans = Array.from({ length: 150 }, (_, i) =>
      i % 3 === 0
        ? span('link', i, 1, 'https://css.example/')
        : span(i % 3 === 1 ? 'emphasis' : 'strong', i, 1),
    );
    const entities = entitiesOf({ text: 'a'.repeat(150), spans });
    const count = (type: string): number => entities.filter((each) => each.type === type).length;
    expect([entities.length, count('text_link'), count('bold'), count('italic')]).toEqual([100, 50, 50, 0]);
    expect(entities.map((each) => each.offset)).toEqual(
      entities.map((each) => each.offset).sort((a, b) => a - b),
    );
  });
});
