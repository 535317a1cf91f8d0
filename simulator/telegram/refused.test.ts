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
