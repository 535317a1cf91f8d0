import { badRequest } from './api-error.ts';
import { asApi, targetChat } from './context.ts';
import type { Context, Method } from './context.ts';
import { readFormatted } from './formatted.ts';
import type { Formatted } from './formatted.ts';
import { checkUpload, keepFile, newFileId } from './files.ts';
import { asText, isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { readMarkup } from './keyboards.ts';
import type { Media } from './message.ts';
import type { UploadedFile } from './request.ts';
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
  const chat = targetChat(context);
  return store(context, chat, caption, mediaOf(context, kind, args.text(kind), uploaded));
};

/** A new file, or one that is known by its id; addresses and ids given by hand are taken as they are. */
function mediaOf(context: Context, kind: string, given: string, uploaded: UploadedFile | undefined): Media {
  if (uploaded) {
    checkUpload(kind, uploaded);
    return keepFile(context.store, kind, uploaded);
  }
  const known = [...context.store.chats.values()]
    .flatMap((chat) => chat.messages)
    .find(({ media }) => media?.file_id === given)?.media;
  return known ?? { kind, file_id: given === '' ? newFileId(kind) : given };
}

/** One message for each item of the album. */
export const sendMediaGroup: Method = (context) => {
  const items = context.args.list('media').filter(isObject);
  if (items.length < 2 || items.length > 10) {
    throw badRequest(items.length === 0 ? 'parameter "media" is required' : 'album must have 2–10 items');
  }
  const chat = targetChat(context);
  const group = { media_group_id: newFileId('album') };
  const all = items.map((item) => {
    const kind = String(item['type']);
    const source = String(item['media']);
    const caption = asText(item['caption']);
    if (caption !== '' && (item['parse_mode'] ?? item['caption_entities']) !== undefined)
      context.report('album', 'captions of an album are shown here without their formatting');
    return { caption, media: mediaOf(context, kind, source, attached(context, source)) };
  });
  return all.map(({ caption, media }) => store(context, chat, { text: caption, entities: [] }, media, group));
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

function store(
  context: Context,
  chat: SimChat,
  formatted: Formatted,
  media?: Media,
  extra?: JsonObject,
): JsonObject {
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
    ...(extra ? { extra } : {}),
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

function attached({ args }: Context, value: string): UploadedFile | undefined {
  return value.startsWith('attach://') ? args.files.get(value.slice('attach://'.length)) : undefined;
}
