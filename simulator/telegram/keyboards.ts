import { badRequest } from './api-error.ts';
import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { checkedLink } from './links.ts';
import { checkFields } from './nested.ts';
import type { Report } from './store.ts';
import { limits, types } from './tables.ts';

export type Markup =
  | { kind: 'inline'; markup: JsonObject | undefined }
  | { kind: 'keyboard' | 'remove' | 'force'; markup: JsonObject };

const TYPE_OF = {
  keyboard: 'ReplyKeyboardMarkup',
  inline_keyboard: 'InlineKeyboardMarkup',
  remove_keyboard: 'ReplyKeyboardRemove',
  force_reply: 'ForceReply',
} as const;

const INLINE_ACTIONS = (types['InlineKeyboardButton']?.f ?? [])
  .map((field) => field.n)
  .filter((name) => !['text', 'icon_custom_emoji_id', 'style'].includes(name));
const KEYBOARD_ACTIONS = (types['KeyboardButton']?.f ?? [])
  .map((field) => field.n)
  .filter((name) => name.startsWith('request_') || name === 'web_app');

/** `reply_markup` of any method → what it shows. `inlineOnly`: edits take no other kind. */
export function readMarkup(
  value: unknown,
  options: { chatType: string; inlineOnly: boolean; sending: boolean },
  report: Report,
): Markup | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw badRequest('object expected as reply markup');
  const kinds = (Object.keys(TYPE_OF) as (keyof typeof TYPE_OF)[]).filter((key) => key in value);
  const [kind] = kinds;
  if (kind === undefined) {
    report(
      'markup',
      'reply_markup has none of keyboard, inline_keyboard, remove_keyboard, force_reply: ignored',
    );
    return undefined;
  }
  if (kinds.length > 1) report('markup', `reply_markup mixes ${kinds.join(' and ')}`);
  const size = Buffer.byteLength(JSON.stringify(value));
  if (kind === 'inline_keyboard') {
    const rows = readRows(value, 'inline_keyboard', inlineButton, report);
    checkKnown({ ...value, inline_keyboard: rows }, TYPE_OF[kind], report);
    if (rows.flat().length > limits.inlineButtons || size > limits.markupBytes) {
      throw badRequest('reply markup is too long');
    }
    if (rows.length === 0 && options.sending) report('markup', 'inline_keyboard is empty: ignored');
    return { kind: 'inline', markup: rows.length === 0 ? undefined : { inline_keyboard: rows } };
  }
  if (options.inlineOnly) throw badRequest('inline keyboard expected');
  for (const flag of [
    'resize_keyboard',
    'one_time_keyboard',
    'is_persistent',
    'selective',
    'remove_keyboard',
    'force_reply',
  ]) {
    if (value[flag] !== undefined && typeof value[flag] !== 'boolean') {
      throw badRequest(`Field "${flag}" must be of type Boolean`);
    }
  }
  if (kind === 'remove_keyboard' || kind === 'force_reply') {
    checkKnown(value, TYPE_OF[kind], report);
    if (value[kind] === true) return { kind: kind === 'force_reply' ? 'force' : 'remove', markup: value };
    report('markup', `${kind} is false: ignored`);
    return undefined;
  }
  const rows = readRows(value, 'keyboard', (button) => replyButton(button, options.chatType, report), report);
  checkKnown({ ...value, keyboard: rows }, TYPE_OF[kind], report);
  if (rows.length === 0) {
    report('markup', 'keyboard is empty: ignored');
    return undefined;
  }
  if (rows.flat().length > limits.keyboardButtons || rows.some((row) => row.length > limits.keyboardPerRow)) {
    report(
      'markup',
      `keyboard has more than ${limits.keyboardButtons} buttons, or ${limits.keyboardPerRow} in a row: cut`,
    );
  }
  return { kind: 'keyboard', markup: { ...value, keyboard: rows } };
}

function checkKnown(value: JsonObject, type: string, report: Report): void {
  checkFields(type, value, 'reply_markup', report, (reason) => badRequest(reason));
}

function readRows(
  value: JsonObject,
  field: 'keyboard' | 'inline_keyboard',
  readButton: (button: unknown, report: Report) => JsonObject | undefined,
  report: Report,
): JsonObject[][] {
  const owner = TYPE_OF[field];
  const rows = value[field];
  if (!Array.isArray(rows)) throw badRequest(`Field "${field}" of the ${owner} must be an Array`);
  const read = rows.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest(`Field "${field}" of the ${owner} must be an Array of Arrays`);
    if (field === 'inline_keyboard' && row.length > limits.inlinePerRow) {
      report('markup', `an inline row has ${row.length} buttons, ${limits.inlinePerRow} are shown`);
    }
    return row.map((button: unknown) => readButton(button, report)).filter((button) => button !== undefined);
  });
  if (read.some((row) => row.length === 0)) report('markup', `${field} has an empty row: ignored`);
  return read.filter((row) => row.length > 0);
}

function inlineButton(button: unknown, report: Report): JsonObject | undefined {
  const refuse = (reason: string): Error => badRequest(`can't parse inline keyboard button: ${reason}`);
  if (!isObject(button)) throw refuse('InlineKeyboardButton must be an Object');
  const text = buttonText(button, refuse, report);
  const actions = INLINE_ACTIONS.filter((name) => name in button);
  if (actions.length > 1)
    report('button', `a button has several actions (${actions.join(', ')}): one is kept`);
  for (const name of ['url', 'callback_data']) {
    if (name in button && typeof button[name] !== 'string')
      throw refuse(`Field "${name}" must be of type String`);
  }
  const used = actions.filter((name) => !['url', 'callback_data'].includes(name) || button[name] !== '');
  if (used.length === 0) throw refuse('Text buttons are unallowed in the inline keyboard');
  const data = button['callback_data'];
  if (typeof data === 'string' && data !== '' && Buffer.byteLength(data) > limits.callbackDataBytes) {
    throw badRequest('BUTTON_DATA_INVALID');
  }
  const url = button['url'];
  if (typeof url === 'string' && url !== '' && checkedLink(url) === undefined) {
    throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  }
  return text === '' ? undefined : { ...button };
}

function replyButton(button: unknown, chatType: string, report: Report): JsonObject | undefined {
  if (typeof button === 'string') return button === '' ? undefined : { text: button };
  const refuse = (reason: string): Error => badRequest(`can't parse keyboard button: ${reason}`);
  if (!isObject(button)) throw refuse('KeyboardButton must be a String or an Object');
  const text = buttonText(button, refuse, report);
  for (const name of ['request_contact', 'request_location']) {
    if (button[name] !== undefined && typeof button[name] !== 'boolean') {
      throw refuse(`Field "${name}" must be of type Boolean`);
    }
  }
  const actions = KEYBOARD_ACTIONS.filter((name) => button[name] !== undefined && button[name] !== false);
  if (actions.length > 1)
    report('button', `a button has several actions (${actions.join(', ')}): one is kept`);
  if (chatType !== 'private' && button['request_contact'] === true) {
    throw badRequest('phone number can be requested in private chats only');
  }
  if (chatType !== 'private' && button['request_location'] === true) {
    throw badRequest('location can be requested in private chats only');
  }
  return text === '' ? undefined : { ...button };
}

function buttonText(button: JsonObject, refuse: (reason: string) => Error, report: Report): string {
  const text = button['text'];
  if (text === undefined) throw refuse('Can\'t find field "text"');
  if (typeof text === 'number') return String(text);
  if (typeof text !== 'string') throw refuse('Field "text" must be of type String');
  if (!text.isWellFormed()) throw badRequest('strings must be encoded in UTF-8');
  if (text.trim() === '') report('button', 'a button has no text: it is not shown');
  return text.trim() === '' ? '' : text;
}
