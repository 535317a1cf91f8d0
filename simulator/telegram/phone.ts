import { apiBot, asApi, refOf } from './context.ts';
import { asText, isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { keepFile, newFileId } from './files.ts';
import type { Entity, SimMessage } from './message.ts';
import { apiChat, apiUser } from './people.ts';
import type { SimChatRef, SimUser } from './people.ts';
import type { SimChat, Store } from './store.ts';
import type { UpdateQueue } from './updates.ts';

export interface SayOptions {
  /** Answers this message of the chat. */
  replyTo?: number;
  /** Unix seconds; default now. */
  date?: number;
  entities?: Entity[];
  /** In a group, delivered although the bot's privacy mode would not show it. */
  force?: boolean;
  /** Any other fields of the Message: forward_origin, via_bot, media_group_id… */
  extra?: JsonObject;
}

export interface FileOptions extends SayOptions {
  caption?: string;
  name?: string;
  mime?: string;
  bytes?: Uint8Array;
}

/** One file of an album: photos and videos go together, documents and music with their like. */
export interface AlbumItem extends FileOptions {
  kind: 'photo' | 'video' | 'document' | 'audio';
}

export interface ContactOptions {
  phone: string;
  /** Default: the person's own id. null: a card without a Telegram account. */
  userId?: number | null;
  forwarded?: boolean;
  firstName?: string;
}

/** What a person does. Each returns the update_id, or 0 when the bot gets no update of it. Throws on the impossible. */
export interface Phone {
  text(user: SimUser, text: string, opts?: SayOptions): number;
  tap(user: SimUser, messageId: number, data: string): number;
  contact(user: SimUser, opts: ContactOptions): number;
  photo(user: SimUser, opts?: FileOptions): number;
  voice(user: SimUser, opts?: FileOptions): number;
  document(user: SimUser, opts?: FileOptions): number;
  video(user: SimUser, opts?: FileOptions): number;
  sticker(user: SimUser, opts?: FileOptions): number;
  /** 2 to 10 files sent at once: as many messages, with one `media_group_id`. */
  album(user: SimUser, items: readonly AlbumItem[]): number[];
  location(user: SimUser, place: { latitude: number; longitude: number }): number;
  edit(user: SimUser, messageId: number, text: string): number;
  block(user: SimUser): number;
  unblock(user: SimUser): number;
  /** Any update; `update_id` is added when absent. Its chat is opened, so that the bot may answer. */
  raw(update: object): number;
}

export function createPhone(store: Store, queue: UpdateQueue): Phone {
  // Of the clock, so that the next start does not give them again to a bot that remembers.
  let albums = store.now();
  const opened = (user: SimUser): SimChat => {
    const chat = store.openFor(user);
    if (chat.blocked) throw new Error(`${user.first_name} has blocked the bot: unblock it first`);
    return chat;
  };

  const say = (user: SimUser, opts: SayOptions, content: Partial<SimMessage> & { text: string }): number => {
    const chat = opened(user);
    const message = store.addMessage(chat, {
      from: 'user',
      user_id: user.id,
      date: opts.date ?? store.date,
      entities: opts.entities ?? commandsIn(content.text),
      ...(opts.replyTo === undefined ? {} : { reply_to: opts.replyTo }),
      ...(opts.extra ? { extra: opts.extra } : {}),
      ...content,
    });
    hideOneTime(chat, message);
    if (chat.type !== 'private' && opts.force !== true && !forUs(store, chat, message)) return 0;
    return queue.add('message', asApi(store, chat, message));
  };

  const file =
    (kind: string, defaults: FileOptions) =>
    (user: SimUser, opts: FileOptions = {}) => {
      const { name = defaults.name, mime = defaults.mime, bytes = defaults.bytes ?? SMALLEST } = opts;
      const media = keepFile(store, kind, {
        bytes,
        ...(name === undefined ? {} : { name }),
        ...(mime === undefined ? {} : { mime }),
      });
      return say(user, opts, { text: opts.caption ?? '', media });
    };

  const kinds = {
    photo: file('photo', {}),
    video: file('video', { mime: 'video/mp4' }),
    audio: file('audio', { mime: 'audio/mpeg' }),
    document: file('document', { name: 'document.pdf', mime: 'application/pdf' }),
  };

  const membership = (user: SimUser, from: string, to: string): number => {
    const chat = store.openFor(user);
    chat.blocked = to === 'kicked';
    store.changed(chat.id);
    const bot = apiBot(store);
    return queue.add('my_chat_member', {
      chat: apiChat(refOf(chat), chat.user),
      from: apiUser(user),
      date: store.date,
      old_chat_member: { user: bot, status: from, ...(from === 'kicked' ? { until_date: 0 } : {}) },
      new_chat_member: { user: bot, status: to, ...(to === 'kicked' ? { until_date: 0 } : {}) },
    });
  };

  return {
    text: (user, text, opts = {}) => say(user, opts, { text }),

    tap(user, messageId, data) {
      const chat = opened(user);
      const message = store.message(chat, messageId);
      if (message?.from !== 'bot') throw new Error(`no message ${messageId} of the bot in this chat`);
      const versions = [message.reply_markup, ...message.edits.map((edit) => edit.reply_markup)];
      // A press may cross an edit: the button of an earlier version still counts.
      if (!versions.some((markup) => dataIn(markup).includes(data))) {
        throw new Error(`message ${messageId} has no button with "${data}"`);
      }
      const id = String(BigInt(user.id) * 4294967296n + BigInt(store.callbacks.size + 1));
      store.callbacks.set(id, {
        id,
        user_id: user.id,
        chat_id: chat.id,
        message_id: messageId,
        data,
        at: store.now(),
      });
      store.changed(chat.id);
      return queue.add('callback_query', {
        id,
        from: apiUser(user),
        message: asApi(store, chat, message),
        chat_instance: String(chat.id * 31),
        data,
      });
    },

    contact(user, opts) {
      const userId = opts.userId === undefined ? user.id : opts.userId;
      const contact: JsonObject = {
        phone_number: opts.phone,
        first_name: opts.firstName ?? user.first_name,
        ...(userId === null ? {} : { user_id: userId }),
      };
      const origin = { type: 'user', date: store.date, sender_user: apiUser(user) };
      return say(user, opts.forwarded ? { extra: { forward_origin: origin } } : {}, { text: '', contact });
    },

    photo: kinds.photo,
    video: kinds.video,
    document: kinds.document,
    voice: file('voice', { mime: 'audio/ogg' }),
    sticker: file('sticker', { mime: 'image/webp', bytes: Buffer.from('RIFF\x04\0\0\0WEBP') }),

    album(user, items) {
      if (items.length < 2 || items.length > 10) throw new Error('an album has 2 to 10 files');
      const families = new Set(items.map(({ kind }) => (kind === 'video' ? 'photo' : kind)));
      if (families.size > 1) throw new Error('documents and music are grouped only with their like');
      const media_group_id = `1390${++albums}`;
      return items.map(({ kind, ...opts }) =>
        kinds[kind](user, { ...opts, extra: { ...opts.extra, media_group_id } }),
      );
    },

    location: (user, place) =>
      say(user, {}, { text: '', media: { kind: 'location', file_id: newFileId('location'), place } }),

    edit(user, messageId, text) {
      const chat = opened(user);
      const message = store.message(chat, messageId);
      if (message?.from !== 'user' || message.user_id !== user.id) {
        throw new Error(`no message ${messageId} of ${user.first_name} in this chat`);
      }
      store.edit(message, { text, entities: commandsIn(text) });
      return queue.add('edited_message', asApi(store, chat, message));
    },

    block: (user) => membership(user, 'member', 'kicked'),
    unblock: (user) => membership(user, 'kicked', 'member'),

    raw(update) {
      const body: JsonObject = { ...update };
      openChatsOf(store, body);
      return queue.addRaw(body);
    },
  };
}

const SMALLEST = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);

function commandsIn(text: string): Entity[] {
  return [...text.matchAll(/(?<=^|\s)\/[a-z0-9_]{1,32}(@\w+)?/gi)].map((match) => ({
    type: 'bot_command',
    offset: match.index,
    length: match[0].length,
  }));
}

/** Privacy mode: in a group the bot sees commands, mentions of it and answers to it. */
function forUs(store: Store, chat: SimChat, message: SimMessage): boolean {
  const mention = `@${store.bot.username ?? ''}`;
  const command = /^\/\w+(@\w+)?/.exec(message.text);
  if (command) return command[1] === undefined || command[1].toLowerCase() === mention.toLowerCase();
  if (message.text.toLowerCase().includes(mention.toLowerCase())) return true;
  return message.reply_to !== undefined && store.message(chat, message.reply_to)?.from === 'bot';
}

function hideOneTime(chat: SimChat, message: SimMessage): void {
  if (chat.keyboard?.['one_time_keyboard'] !== true) return;
  const rows = chat.keyboard['keyboard'];
  const buttons = Array.isArray(rows) ? rows.flat().filter(isObject) : [];
  if (message.contact || buttons.some((button) => button['text'] === message.text)) chat.keyboard = null;
}

export function dataIn(markup: JsonObject | undefined): unknown[] {
  const rows = markup?.['inline_keyboard'];
  return Array.isArray(rows)
    ? rows.flat().map((button: unknown) => (isObject(button) ? button['callback_data'] : ''))
    : [];
}

const CHAT_TYPES: readonly SimChatRef['type'][] = ['group', 'supergroup', 'channel'];

function openChatsOf(store: Store, update: JsonObject): void {
  for (const payload of Object.values(update)) {
    if (!isObject(payload)) continue;
    const pressed = isObject(payload['message']) ? payload['message'] : undefined;
    const { chat } = pressed ?? payload;
    const { from } = payload;
    if (!isObject(chat) || typeof chat['id'] !== 'number') continue;
    const type = CHAT_TYPES.find((name) => name === chat['type']) ?? 'private';
    const person =
      isObject(from) && typeof from['id'] === 'number' ? personIn(store, from['id'], from) : undefined;
    store.open(person, { id: chat['id'], type });
    const { id, data } = payload;
    if (!pressed || typeof id !== 'string' || !person) continue;
    const message_id = Number(pressed['message_id']);
    const at = store.now();
    store.callbacks.set(id, {
      id,
      user_id: person.id,
      chat_id: chat['id'],
      message_id,
      data: asText(data),
      at,
    });
  }
}

const personIn = (store: Store, id: number, from: JsonObject): SimUser =>
  store.users.get(id) ?? { id, first_name: asText(from['first_name']) };
