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

describe("refused in Telegram's words", () => {
  const rows: [string, string, object, number, string][] = [
    ['no chat', 'sendMessage', { text: 'x' }, 400, 'Bad Request: chat_id is empty'],
    ['unknown chat', 'sendMessage', { chat_id: 42, text: 'x' }, 400, 'Bad Request: chat not found'],
    ['no text', 'sendMessage', { chat_id }, 400, 'Bad Request: message text is empty'],
    ['empty text', 'sendMessage', { chat_id, text: '' }, 400, 'Bad Request: message text is empty'],
    ['blank text', 'sendMessage', { chat_id, text: ' \n ' }, 400, 'Bad Request: text must be non-empty'],
    [
      'only tags',
      'sendMessage',
      { chat_id, text: '<b></b>', parse_mode: 'HTML' },
      400,
      'Bad Request: text must be non-empty',
    ],
    [
      '4097 emoji',
      'sendMessage',
      { chat_id, text: '😀'.repeat(4097) },
      400,
      'Bad Request: message is too long',
    ],
    [
      '32769 bytes',
      'sendMessage',
      { chat_id, text: 'a'.repeat(32769) },
      400,
      'Bad Request: text is too long',
    ],
    [
      'caption of 1025',
      'sendPhoto',
      { chat_id, photo: 'https://example.org/a.jpg', caption: 'a'.repeat(1025) },
      400,
      'Bad Request: message caption is too long',
    ],
    ['no photo', 'sendPhoto', { chat_id }, 400, 'Bad Request: there is no photo in the request'],
    [
      'lone surrogate',
      'sendMessage',
      { chat_id, text: 'a\ud800' },
      400,
      'Bad Request: strings must be encoded in UTF-8',
    ],
    [
      'parse_mode null',
      'sendMessage',
      { chat_id, text: 'x', parse_mode: null },
      400,
      'Bad Request: unsupported parse_mode',
    ],
    [
      'reply_markup null',
      'sendMessage',
      { chat_id, text: 'x', reply_markup: null },
      400,
      'Bad Request: object expected as reply markup',
    ],
    [
      'reply_markup not JSON',
      'sendMessage',
      { chat_id, text: 'x', reply_markup: '{' },
      400,
      "Bad Request: can't parse reply keyboard markup JSON object",
    ],
    [
      'legacy underscore',
      'sendMessage',
      { chat_id, text: 'Bienvenue Jean_Paul', parse_mode: 'Markdown' },
      400,
      "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 14",
    ],
    [
      '<br>',
      'sendMessage',
      { chat_id, text: 'a<br>b', parse_mode: 'HTML' },
      400,
      'Bad Request: can\'t parse entities: Unsupported start tag "br" at byte offset 1',
    ],
    [
      'unescaped dot',
      'sendMessage',
      { chat_id, text: 'Fin.', parse_mode: 'MarkdownV2' },
      400,
      "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
    ],
    [
      'entity after the end',
      'sendMessage',
      { chat_id, text: 'abc', entities: bold(3, 1) },
      400,
      'Bad Request: entity begins after the end of the text at UTF-16 offset 3',
    ],
    [
      'entity too long',
      'sendMessage',
      { chat_id, text: 'abc', entities: bold(1, 3) },
      400,
      'Bad Request: entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 4',
    ],
    [
      'entity in a pair',
      'sendMessage',
      { chat_id, text: '😀a', entities: bold(1, 2) },
      400,
      'Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 4',
    ],
    [
      'entity ends in a pair',
      'sendMessage',
      { chat_id, text: '😀a', entities: bold(0, 1) },
      400,
      'Bad Request: entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4',
    ],
    [
      'negative offset',
      'sendMessage',
      { chat_id, text: 'abc', entities: bold(-1, 1) },
      400,
      'Bad Request: receive an entity with incorrect offset -1',
    ],
    [
      'unknown entity',
      'sendMessage',
      { chat_id, text: 'abc', entities: [{ type: 'gras', offset: 0, length: 1 }] },
      400,
      "Bad Request: can't parse MessageEntity: Unsupported type specified",
    ],
    [
      'link without url',
      'sendMessage',
      { chat_id, text: 'abc', entities: [{ type: 'text_link', offset: 0, length: 1 }] },
      400,
      'Bad Request: can\'t parse MessageEntity: Can\'t find field "url"',
    ],
    [
      '65 bytes of data',
      'sendMessage',
      { chat_id, text: 'x', reply_markup: inline({ text: 'a', callback_data: 'a'.repeat(65) }) },
      400,
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      'inline text button',
      'sendMessage',
      { chat_id, text: 'x', reply_markup: inline({ text: 'a' }) },
      400,
      "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      'button without text',
      'sendMessage',
      { chat_id, text: 'x', reply_markup: inline({ callback_data: 'a' }) },
      400,
      'Bad Request: can\'t parse inline keyboard button: Can\'t find field "text"',
    ],
    [
      'button with a bad link',
      'sendMessage',
      { chat_id, text: 'x', reply_markup: inline({ text: 'a', url: 'nulle part' }) },
      400,
      "Bad Request: inline keyboard button URL 'nulle part' is invalid: Wrong HTTP URL",
    ],
    [
      '101 buttons',
      'sendMessage',
      {
        chat_id,
        text: 'x',
        reply_markup: {
          inline_keyboard: Array.from({ length: 101 }, () => [{ text: 'a', callback_data: 'a' }]),
        },
      },
      400,
      'Bad Request: reply markup is too long',
    ],
    [
      'rows that are no rows',
      'sendMessage',
      { chat_id, text: 'x', reply_markup: { inline_keyboard: [{ text: 'a' }] } },
      400,
      'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ],
    [
      'reply to nothing',
      'sendMessage',
      { chat_id, text: 'x', reply_parameters: { message_id: 999 } },
      400,
      'Bad Request: message to be replied not found',
    ],
    [
      'wrong action',
      'sendChatAction',
      { chat_id, action: 'dancing' },
      400,
      'Bad Request: wrong parameter action in request',
    ],
    ['unknown method', 'sendTelepathy', { chat_id }, 404, 'Not Found: method not found'],
    [
      'edit of nothing',
      'editMessageText',
      { chat_id, message_id: 999, text: 'x' },
      400,
      'Bad Request: message to edit not found',
    ],
    [
      'edit without id',
      'editMessageText',
      { chat_id, text: 'x' },
      400,
      'Bad Request: message identifier is not specified',
    ],
    [
      "edit of a person's message",
      'editMessageText',
      { chat_id, message_id: 1, text: 'x' },
      400,
      "Bad Request: message can't be edited",
    ],
    [
      'delete of nothing',
      'deleteMessage',
      { chat_id, message_id: 999 },
      400,
      'Bad Request: message to delete not found',
    ],
    [
      'unknown callback',
      'answerCallbackQuery',
      { callback_query_id: '1' },
      400,
      'Bad Request: query is too old and response timeout expired or query ID is invalid',
    ],
    [
      'callback text of 201',
      'answerCallbackQuery',
      { callback_query_id: '1', text: 'a'.repeat(201) },
      400,
      'Bad Request: MESSAGE_TOO_LONG',
    ],
    [
      'nested type',
      'sendMessage',
      { chat_id, text: 'x', link_preview_options: { is_disabled: 'oui' } },
      400,
      'Bad Request: can\'t parse link_preview_options: Field "is_disabled" must be of type Boolean',
    ],
  ];
  test.each(rows)('%s', async (_label, method, params, status, description) => {
    const answer = await it.call(method, params);
    expect(answer).toMatchObject({ status, ok: false, error_code: status, description });
    expect(it.sim.state.botMessages()).toEqual([]);
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
