import { randomUUID } from 'node:crypto';
import { badRequest } from './api-error.ts';
import { asApi, targetChat } from './context.ts';
import type { Context, Method } from './context.ts';
import { readFormatted } from './formatted.ts';
import type { Formatted } from './formatted.ts';
import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { readMarkup } from './keyboards.ts';
import type { Media } from './message.ts';
import type { SimChat } from './store.ts';

const EMPTY: Formatted = { text: '', entities: [] };

export const sendMessage: Method = (context) => {
  const formatted = readFormatted(context.args, 'text', context.report);
  return store(context, targetChat(context), formatted);
};

/** sendPhoto, sendDocument, sendVoice, sendLocation, sendContact… : `sendX` stores a message with media `x`. */
export const sendMedia: Method = (context) => {
  const { args, method } = context;
  const kind = method
    .replace(/^send/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  const caption = args.has('caption') ? readFormatted(args, 'caption', context.report) : EMPTY;
  const uploaded = args.files.get(kind) ?? attached(context, args.text(kind));
  const media: Media = { kind, file_id: args.text(kind) || newFileId(kind) };
  if (uploaded) {
    media.file_id = newFileId(kind);
    media.name = uploaded.name;
    media.mime = uploaded.mime;
    media.bytes = uploaded.bytes;
    keepFile(context, media);
  }
  return store(context, targetChat(context), caption, media);
};

/** One message for each item of the album. */
export const sendMediaGroup: Method = (context) => {
  const items = context.args.list('media').filter(isObject);
  if (items.length < 2 || items.length > 10) {
    throw badRequest(items.length === 0 ? 'parameter "media" is required' : 'album must have 2–10 items');
  }
  const chat = targetChat(context);
  return items.map((item) =>
    store(context, chat, EMPTY, { kind: String(item['type']), file_id: newFileId(String(item['type'])) }),
  );
};

export const sendChatAction: Method = (context) => {
  const action = context.args.text('action').toLowerCase();
  if (!ACTIONS.has(action)) throw badRequest('wrong parameter action in request');
  const chat = targetChat(context);
  chat.typingUntil = context.store.now() + CHAT_ACTION_MS;
  chat.typings++;
  context.store.changed(chat.id);
  // So that whoever watches sees it end.
  setTimeout(() => context.store.changed(chat.id), CHAT_ACTION_MS + 10).unref();
  return true;
};

const CHAT_ACTION_MS = 5000;
const ACTIONS = new Set(
  'typing upload_photo record_video upload_video record_voice upload_voice record_audio upload_audio upload_document choose_sticker find_location record_video_note upload_video_note cancel'.split(
    ' ',
  ),
);

function store(context: Context, chat: SimChat, formatted: Formatted, media?: Media): JsonObject {
  const { args, report } = context;
  const shown = readMarkup(
    args.values['reply_markup'],
    { chatType: chat.type, inlineOnly: false, sending: true },
    report,
  );
  const replyTo = readReply(context, chat);
  if (shown?.kind === 'keyboard') chat.keyboard = shown.markup;
  if (shown?.kind === 'remove') chat.keyboard = null;
  const message = context.store.addMessage(chat, {
    from: 'bot',
    user_id: context.store.bot.id,
    date: context.store.date,
    ...formatted,
    ...(media ? { media } : {}),
    ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    ...(shown?.kind === 'inline' && shown.markup ? { reply_markup: shown.markup } : {}),
    ...(shown && shown.kind !== 'inline' ? { sent_markup: shown.markup } : {}),
  });
  return asApi(context.store, chat, message);
}

function readReply({ args, store: platform }: Context, chat: SimChat): number | undefined {
  const reply = args.object('reply_parameters');
  const id = Number(reply?.['message_id'] ?? 0);
  if (id === 0) return undefined;
  if (platform.message(chat, id)) return id;
  if (reply?.['allow_sending_without_reply'] === true) return undefined;
  throw badRequest('message to be replied not found');
}

function attached(
  { args }: Context,
  value: string,
): { name: string; mime: string; bytes: Buffer } | undefined {
  return value.startsWith('attach://') ? args.files.get(value.slice('attach://'.length)) : undefined;
}

const newFileId = (kind: string): string => `${kind}-${randomUUID()}`;

function keepFile(context: Context, media: Media): void {
  const bytes = media.bytes ?? new Uint8Array();
  context.store.files.set(media.file_id, { path: `${media.kind}s/${media.file_id}`, bytes });
}
