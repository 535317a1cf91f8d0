import type { JsonObject } from '../shared/json.ts';
import { apiChat } from './people.ts';
import type { SimChatRef, SimUser } from './people.ts';
import { uniqueId } from './unique-id.ts';

/** As in the Bot API; offsets and lengths are UTF-16 units. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  user?: JsonObject;
  custom_emoji_id?: string;
  unix_time?: number;
  date_time_format?: string;
}

export interface Media {
  /** photo, document, voice, audio, video, animation, sticker, video_note, location… */
  kind: string;
  file_id: string;
  name?: string;
  mime?: string;
  bytes?: Uint8Array;
  /** Of a photo, ascending; of a sticker, its one size. */
  sizes?: PhotoSize[];
  place?: { latitude: number; longitude: number };
}

export interface PhotoSize {
  file_id: string;
  file_unique_id: string;
  /** Pixels. */
  width: number;
  height: number;
  /** Bytes. */
  file_size: number;
}

export interface MessageVersion {
  date: number;
  text: string;
  entities: Entity[];
  reply_markup?: JsonObject;
}

export interface SimMessage extends MessageVersion {
  message_id: number;
  chat_id: number;
  from: 'bot' | 'user';
  user_id: number;
  edit_date?: number;
  /** The text is the media's caption when there is one. `reply_markup` is the inline keyboard it shows now. */
  media?: Media;
  contact?: JsonObject;
  reply_to?: number;
  /** The reply keyboard, removal or forced reply this message carried: Telegram does not let it be edited. */
  sent_markup?: JsonObject;
  deleted: boolean;
  /** Earlier versions, oldest first. */
  edits: MessageVersion[];
  /** Fields of the update that have no place above (forward_origin, via_bot…). */
  extra?: JsonObject;
}

/** The Message object Telegram gives for it. Shown markup is inline only. */
export function apiMessage(
  message: SimMessage,
  from: JsonObject,
  chat: SimChatRef,
  user?: SimUser,
): JsonObject {
  const out: JsonObject = {
    message_id: message.message_id,
    from,
    chat: apiChat(chat, user),
    date: message.date,
  };
  if (message.edit_date !== undefined) out['edit_date'] = message.edit_date;
  const [text, entities] = message.media ? ['caption', 'caption_entities'] : ['text', 'entities'];
  if (message.text !== '') out[text] = message.text;
  if (message.entities.length > 0) out[entities] = message.entities;
  if (message.media) out[message.media.kind] = apiMedia(message.media);
  if (message.contact) out['contact'] = message.contact;
  if (message.reply_markup) out['reply_markup'] = message.reply_markup;
  return { ...out, ...message.extra };
}

function apiMedia(media: Media): unknown {
  if (media.place) return media.place;
  const file: JsonObject = {
    file_id: media.file_id,
    file_unique_id: uniqueId(media.bytes ?? Buffer.from(media.file_id)),
    file_size: media.bytes?.byteLength ?? 1024,
  };
  if (media.kind === 'photo') return media.sizes ?? [{ ...file, width: 1280, height: 853 }];
  if (media.kind === 'sticker') {
    const { width = 512, height = 512 } = media.sizes?.[0] ?? {};
    return { ...file, type: 'regular', width, height, is_animated: false, is_video: false };
  }
  if (media.name !== undefined) file['file_name'] = media.name;
  if (media.mime !== undefined) file['mime_type'] = media.mime;
  if (['voice', 'audio', 'video', 'video_note', 'animation'].includes(media.kind)) file['duration'] = 3;
  return file;
}
