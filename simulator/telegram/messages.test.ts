import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

const [awa] = people;
const chat_id = awa.id;
let it: Bench;

beforeEach(async () => {
  it = await bench();
  it.sim.phone.text(awa, '/start');
});
afterEach(() => it.stop());

const inline = (button: object): object => ({ inline_keyboard: [[button]] });
const bold = (offset: number, length: number): object[] => [{ type: 'bold', offset, length }];

describe('accepted, and shown as sent', () => {
  const rows: [string, object, { text: string; entities?: object[] }][] = [
    ['plain', { text: 'Bonjour' }, { text: 'Bonjour' }],
    ['4096 emoji: code points count', { text: '😀'.repeat(4096) }, { text: '😀'.repeat(4096) }],
    [
      'entities in UTF-16',
      { text: '😀 oui', entities: bold(3, 3) },
      { text: '😀 oui', entities: bold(3, 3) },
    ],
    ['HTML', { text: '<b>A &amp; B</b>', parse_mode: 'HTML' }, { text: 'A & B', entities: bold(0, 5) }],
    [
      'limit counted after markup',
      { text: `<b>${'a'.repeat(4096)}</b>`, parse_mode: 'html' },
      { text: 'a'.repeat(4096) },
    ],
    [
      'markup as a JSON string',
      { text: 'x', reply_markup: JSON.stringify(inline({ text: 'a', callback_data: 'a' })) },
      { text: 'x' },
    ],
    [
      '64 bytes of callback_data',
      { text: 'x', reply_markup: inline({ text: 'a', callback_data: 'é'.repeat(32) }) },
      { text: 'x' },
    ],
  ];
  test.each(rows)('%s', async (_label, params, shown) => {
    const answer = await it.call('sendMessage', { chat_id, ...params });
    expect(answer.description).toBeUndefined();
    expect(it.sim.state.lastBotMessage(chat_id)).toMatchObject(shown);
    expect(it.sim.state.violations).toEqual([]);
  });
});

describe('ignored or repaired by Telegram: recorded', () => {
  const link = (offset: number, length: number, type = 'italic'): object => ({ type, offset, length });
  const rows: [string, string, object, string][] = [
    ['unknown parameter', 'sendMessage', { text: 'x', disable_web_page_preview: true }, 'unknown-parameter'],
    [
      'unknown field',
      'sendMessage',
      { text: 'x', reply_markup: inline({ text: 'a', callback_data: 'a', colour: 1 }) },
      'unknown-field',
    ],
    ['text null', 'sendMessage', { text: null }, 'null'],
    ['entities null', 'sendMessage', { text: 'x', entities: null }, 'null'],
    ['flag null', 'sendMessage', { text: 'x', protect_content: null }, 'null'],
    ['numeric string', 'sendMessage', { text: 'x', chat_id: String(chat_id) }, 'type'],
    ['text as a number', 'sendMessage', { text: 12 }, 'type'],
    ['flag as a number', 'sendMessage', { text: 'x', protect_content: 1 }, 'type'],
    [
      '101 entities',
      'sendMessage',
      { text: 'a'.repeat(101), entities: Array.from({ length: 101 }, (_, i) => link(i, 1)) },
      'entities',
    ],
    [
      'entities beside parse_mode',
      'sendMessage',
      { text: 'x', parse_mode: 'HTML', entities: [] },
      'entities',
    ],
    ['overlap', 'sendMessage', { text: 'abcd', entities: [link(0, 3), link(2, 2, 'bold')] }, 'entities'],
    [
      'bold in code',
      'sendMessage',
      { text: 'abcd', entities: [link(0, 4, 'code'), link(1, 2, 'bold')] },
      'entities',
    ],
    ['entity over blanks', 'sendMessage', { text: 'a b', entities: [link(1, 1)] }, 'entities'],
    ['empty entity', 'sendMessage', { text: 'ab', entities: [link(1, 0)] }, 'entities'],
    ['automatic entity', 'sendMessage', { text: '/aide', entities: [link(0, 5, 'bot_command')] }, 'entities'],
    ['blank end', 'sendMessage', { text: 'Bonjour\n' }, 'text'],
    ['control character', 'sendMessage', { text: 'a\u0007b' }, 'text'],
    [
      'two actions',
      'sendMessage',
      { text: 'x', reply_markup: inline({ text: 'a', callback_data: 'a', url: 'https://example.org' }) },
      'button',
    ],
    [
      'empty label',
      'sendMessage',
      { text: 'x', reply_markup: inline({ text: ' ', callback_data: 'a' }) },
      'button',
    ],
    [
      'nine in a row',
      'sendMessage',
      {
        text: 'x',
        reply_markup: {
          inline_keyboard: [Array.from({ length: 9 }, (_, i) => ({ text: `${i}`, callback_data: `${i}` }))],
        },
      },
      'markup',
    ],
    ['empty markup', 'sendMessage', { text: 'x', reply_markup: {} }, 'markup'],
    [
      'two keyboards',
      'sendMessage',
      { text: 'x', reply_markup: { keyboard: [['a']], ...inline({ text: 'a', callback_data: 'a' }) } },
      'markup',
    ],
  ];
  test.each(rows)('%s', async (_label, method, params, rule) => {
    const answer = await it.call(method, { chat_id, ...params });
    expect(answer.ok).toBe(true);
    expect(it.sim.state.violations.map((violation) => violation.rule)).toContain(rule);
    expect(it.sim.state.violations[0]?.method).toBe(method);
  });
});

test('control characters shift entities with the text', async () => {
  await it.call('sendMessage', { chat_id, text: '\ra\u202ebc', entities: bold(3, 1) });
  expect(it.sim.state.lastBotMessage(chat_id)).toMatchObject({ text: 'abc', entities: bold(1, 1) });
});

describe('edits', () => {
  const send = async (params: object): Promise<number> => {
    const answer = await it.call('sendMessage', { chat_id, ...params });
    return (answer.result as { message_id: number }).message_id;
  };

  test('keep the earlier versions; without reply_markup the keyboard goes', async () => {
    const message_id = await send({ text: 'un', reply_markup: inline({ text: 'a', callback_data: 'a' }) });
    const answer = await it.call('editMessageText', { chat_id, message_id, text: 'deux' });
    expect(answer.result).toMatchObject({
      message_id,
      text: 'deux',
      edit_date: expect.any(Number) as number,
    });
    const message = it.sim.state.lastBotMessage(chat_id);
    expect(message?.edits).toMatchObject([
      { text: 'un', reply_markup: inline({ text: 'a', callback_data: 'a' }) },
    ]);
    expect(message?.reply_markup).toBeUndefined();
  });

  test('the same content again is not modified, whatever the order of keys', async () => {
    const markup = inline({ text: 'a', callback_data: 'b' });
    const message_id = await send({ text: '<b>x</b>', parse_mode: 'HTML', reply_markup: markup });
    const again = inline({ callback_data: 'b', text: 'a' });
    const params = { chat_id, message_id, text: 'x', entities: bold(0, 1), reply_markup: again };
    const answer = await it.call('editMessageText', params);
    expect(answer.description).toMatch(
      /^Bad Request: message is not modified: specified new message content/,
    );
    const other = await it.call('editMessageReplyMarkup', {
      chat_id,
      message_id,
      reply_markup: { inline_keyboard: [] },
    });
    expect(other.ok).toBe(true);
  });

  test('a message that carried a reply keyboard cannot be edited, and edits take inline keyboards only', async () => {
    const withKeyboard = await send({ text: 'x', reply_markup: { keyboard: [[{ text: 'Menu' }]] } });
    expect(await it.call('editMessageText', { chat_id, message_id: withKeyboard, text: 'y' })).toMatchObject({
      description: "Bad Request: message can't be edited",
    });
    const plain = await send({ text: 'x' });
    const markup = { keyboard: [[{ text: 'Menu' }]] };
    expect(
      await it.call('editMessageText', { chat_id, message_id: plain, text: 'y', reply_markup: markup }),
    ).toMatchObject({ description: 'Bad Request: inline keyboard expected' });
  });
});

describe('reply keyboards', () => {
  const ask = {
    keyboard: [[{ text: 'Partager', request_contact: true }], ['Menu']],
    one_time_keyboard: true,
  };

  test('stay until used, when one-time, or removed', async () => {
    await it.call('sendMessage', { chat_id, text: 'Votre numéro ?', reply_markup: ask });
    expect(it.sim.state.keyboard(chat_id)).toMatchObject({
      keyboard: [[ask.keyboard[0]?.[0]], [{ text: 'Menu' }]],
    });
    it.sim.phone.text(awa, 'autre chose');
    expect(it.sim.state.keyboard(chat_id)).not.toBeNull();
    it.sim.phone.contact(awa, { phone: '+221770000001' });
    expect(it.sim.state.keyboard(chat_id)).toBeNull();
    await it.call('sendMessage', { chat_id, text: 'x', reply_markup: { keyboard: [['a']] } });
    await it.call('sendMessage', { chat_id, text: 'y', reply_markup: { remove_keyboard: true } });
    expect(it.sim.state.keyboard(chat_id)).toBeNull();
    expect(it.sim.state.violations).toEqual([]);
  });

  test('a phone number is asked for in private only', async () => {
    const group = { id: -100200300, type: 'supergroup', title: 'Essai' } as const;
    it.sim.phone.text({ ...awa, chat: group }, '/start');
    expect(await it.call('sendMessage', { chat_id: group.id, text: 'x', reply_markup: ask })).toMatchObject({
      description: 'Bad Request: phone number can be requested in private chats only',
    });
  });
});

describe('who can be written to', () => {
  test('blocked, then unblocked', async () => {
    it.sim.phone.block(awa);
    expect(await it.call('sendMessage', { chat_id, text: 'x' })).toMatchObject({
      status: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    expect(() => it.sim.phone.text(awa, 'x')).toThrow(/unblock/);
    it.sim.phone.unblock(awa);
    expect((await it.call('sendMessage', { chat_id, text: 'x' })).ok).toBe(true);
  });

  test('a group that moved names its new id', async () => {
    const group = { id: -42, type: 'group', title: 'Essai' } as const;
    it.sim.phone.text({ ...awa, chat: group }, '/start');
    const moved = it.sim.state.chats.get(-42);
    if (moved) moved.migratedTo = -10042;
    expect(await it.call('sendMessage', { chat_id: -42, text: 'x' })).toMatchObject({
      status: 400,
      parameters: { migrate_to_chat_id: -10042 },
    });
  });
});

test('every published method answers something once its parameters are right, and nothing crashes', async () => {
  const { methodNames } = await import('./tables.ts');
  const failures: string[] = [];
  for (const method of methodNames.filter((name) => name !== 'getUpdates')) {
    const answer = await it.call(method, {});
    if (answer.status >= 500) failures.push(`${method}: ${answer.description ?? ''}`);
  }
  expect(failures).toEqual([]);
});
