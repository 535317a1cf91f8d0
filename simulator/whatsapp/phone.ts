import type { JsonObject } from '../shared/json.ts';
import type { Events } from './events.ts';
import type { Faults } from './faults.ts';
import { webhookError } from './graph-error.ts';
import type { MediaKind } from './limits.ts';
import { sha256 } from './media-calls.ts';
import { reaches } from './message.ts';
import type { Content, SimMessage } from './message.ts';
import { fictitiousNumber } from './people.ts';
import { answerTo, CAPTIONED, card, editedFields } from './phone-fields.ts';
import type { WaUser } from './people.ts';
import { newWamid } from './store.ts';
import type { SimChat, SimMedia, Store } from './store.ts';

export interface SayOptions {
  /** Answers this message of the chat (wamid). */
  replyTo?: string;
  /** s since 1970; default now. */
  timestamp?: number;
  forwarded?: boolean;
  /** Any other fields of the message: referral, group_id… */
  extra?: JsonObject;
}

export interface FileOptions extends SayOptions {
  caption?: string;
  name?: string;
  mime?: string;
  bytes?: Uint8Array;
}

/** What a person does. Each returns the wamid the webhook gets. Throws on the impossible. */
export interface Phone {
  text(user: WaUser, text: string, opts?: SayOptions): string;
  /** Presses a reply button, a row of a list or a quick reply of a template that the bot has sent. */
  reply(user: WaUser, messageId: string, id: string): string;
  image(user: WaUser, opts?: FileOptions): string;
  document(user: WaUser, opts?: FileOptions): string;
  video(user: WaUser, opts?: FileOptions): string;
  sticker(user: WaUser, opts?: FileOptions & { animated?: boolean }): string;
  audio(user: WaUser, opts?: FileOptions & { voice?: boolean }): string;
  voice(user: WaUser, opts?: FileOptions): string;
  location(
    user: WaUser,
    place: { latitude: number; longitude: number; name?: string; address?: string },
    opts?: SayOptions,
  ): string;
  contacts(user: WaUser, cards: { name: string; phone: string; wa_id?: string }[]): string;
  /** Answers a request for the phone number; `phone` as in a wa_id, default the person's own. */
  shareNumber(user: WaUser, phone?: string): string;
  /** An empty emoji takes the reaction back. */
  reaction(user: WaUser, messageId: string, emoji: string): string;
  order(user: WaUser, items: { product: string; quantity: number; price: number }[], text?: string): string;
  edit(user: WaUser, messageId: string, text: string): string;
  revoke(user: WaUser, messageId: string): string;
  unsupported(user: WaUser): string;
  /** From now on the person has this number; the same object goes on working when it has a user_id. */
  changeNumber(user: WaUser, wa_id: string): string;
  /** Told twice: by a system message, and in the webhook field user_id_update. */
  changeUserId(user: WaUser, user_id: string): string;
  /** Any `value`; `messaging_product` and `metadata` are added when absent. */
  raw(value: object, field?: string): void;
  /** Reads what the bot has sent, up to this message or all. Writing does it too. */
  read(user: WaUser, messageId?: string): void;
  block(user: WaUser): void;
  unblock(user: WaUser): void;
}

interface Parts {
  store: Store;
  events: Events;
  faults: Faults;
  mediaUrl: (media: SimMedia) => string;
}

export function createPhone({ store, events, faults, mediaUrl }: Parts): Phone {
  const opened = (user: WaUser, { replyTo }: SayOptions = {}): SimChat => {
    const chat = store.chatOf(user);
    if (chat.blocked) throw new Error(`${user.name ?? chat.key} has blocked the business: unblock it first`);
    if (replyTo !== undefined && store.message(replyTo)?.chat !== chat)
      throw new Error(`no message ${replyTo} in this chat`);
    return chat;
  };

  /** A message that opens the window. `content` is what the chat shows, `fields` what the webhook gets. */
  const say = (user: WaUser, content: Content, fields: JsonObject, opts: SayOptions = {}): string => {
    const chat = opened(user, opts);
    const now = store.now();
    const address = events.addressOf(chat.user);
    const id = newWamid(address);
    events.readUntil(chat);
    chat.lastInboundAt = now;
    const replied = opts.replyTo === undefined ? undefined : store.message(opts.replyTo);
    const context: JsonObject = {
      ...(replied
        ? { from: replied.message.from === 'bot' ? events.ownNumber : address, id: opts.replyTo }
        : {}),
      ...(opts.forwarded ? { forwarded: true } : {}),
    };
    const payload = events.message(chat.user, {
      ...(Object.keys(context).length > 0 ? { context } : {}),
      id,
      timestamp: String(opts.timestamp ?? Math.floor(now / 1000)),
      ...fields,
      ...opts.extra,
    });
    store.addMessage(chat, {
      ...content,
      id,
      from: 'user',
      at: now,
      payload,
      ...(opts.replyTo === undefined ? {} : { replyTo: opts.replyTo }),
    });
    return id;
  };

  const file = (kind: MediaKind, defaults: FileOptions, more: JsonObject = {}) => {
    return (user: WaUser, opts: FileOptions & { voice?: boolean; animated?: boolean } = {}): string => {
      const mime = opts.mime ?? defaults.mime ?? 'application/octet-stream';
      const name = opts.name ?? defaults.name;
      const bytes = opts.bytes ?? defaults.bytes ?? new Uint8Array(0);
      const { caption } = opts;
      opened(user, opts);
      const media = store.addMedia({ from: 'user', mime, bytes });
      const voice = kind === 'audio' ? (opts.voice ?? more['voice'] === true) : undefined;
      const described: JsonObject = {
        ...(caption === undefined || !CAPTIONED.includes(kind) ? {} : { caption }),
        ...(name === undefined || kind !== 'document' ? {} : { filename: name }),
        mime_type: mime,
        sha256: sha256(bytes, 'base64'),
        id: media.id,
        ...(faults.mediaUrlInWebhook ? { url: mediaUrl(media) } : {}),
        ...(voice === undefined ? {} : { voice }),
        ...(kind === 'sticker' ? { animated: opts.animated ?? false } : {}),
      };
      const shown = {
        kind,
        id: media.id,
        ...(name === undefined ? {} : { name }),
        ...(voice === true ? { voice } : {}),
      };
      return say(user, { kind, text: caption ?? '', media: shown }, { type: kind, [kind]: described }, opts);
    };
  };

  const botMessage = (chat: SimChat, id: string): SimMessage => {
    const found = chat.messages.find((message) => message.id === id);
    if (!found || !reaches(found)) throw new Error(`no message ${id} of the bot in this chat`);
    return found;
  };

  const ownMessage = (chat: SimChat, id: string): SimMessage => {
    const found = chat.messages.find((message) => message.id === id);
    if (found?.from !== 'user' || found.revoked)
      throw new Error(`no message ${id} of this person in this chat`);
    return found;
  };

  /** What the platform itself says about a person: no message of theirs, no window. */
  const system = (chat: SimChat, change: (known: WaUser) => void, body: JsonObject): string => {
    const id = newWamid(events.addressOf(chat.user));
    const before = { ...chat.user };
    const timestamp = String(Math.floor(store.now() / 1000));
    store.rename(chat.user, change);
    events.message(before, { id, timestamp, type: 'system', system: body }, false);
    return id;
  };

  return {
    text: (user, text, opts) =>
      say(user, { kind: 'text', text }, { type: 'text', text: { body: text } }, opts),

    reply(user, messageId, id) {
      const message = botMessage(opened(user), messageId);
      const answer = answerTo(message, id);
      if (!answer) throw new Error(`message ${messageId} offers no "${id}"`);
      const { title, fields } = answer;
      return say(user, { kind: 'interactive', text: title }, fields, { replyTo: messageId });
    },

    image: file('image', { mime: 'image/jpeg', bytes: new Uint8Array([0xff, 0xd8, 0xff, 0xd9]) }),
    document: file('document', {
      name: 'document.pdf',
      mime: 'application/pdf',
      bytes: Buffer.from('%PDF-1.4\n%%EOF\n'),
    }),
    video: file('video', { mime: 'video/mp4', bytes: Buffer.from('\0\0\0\x18ftypmp42') }),
    sticker: file('sticker', { mime: 'image/webp', bytes: Buffer.from('RIFF\x04\0\0\0WEBP') }),
    audio: file('audio', { mime: 'audio/ogg; codecs=opus', bytes: Buffer.from('OggS') }),
    voice: file('audio', { mime: 'audio/ogg; codecs=opus', bytes: Buffer.from('OggS') }, { voice: true }),

    location: (user, place, opts) =>
      say(
        user,
        {
          kind: 'location',
          text: [place.name, `${place.latitude}, ${place.longitude}`].filter(Boolean).join('\n'),
        },
        { type: 'location', location: { ...place } },
        opts,
      ),

    contacts: (user, cards) =>
      say(
        user,
        { kind: 'contacts', text: cards.map(({ name, phone }) => `${name} ${phone}`).join('\n') },
        { type: 'contacts', origin: 'other', contacts: cards.map(({ name, ...phone }) => card(name, phone)) },
      ),

    shareNumber(user, phone) {
      const chat = opened(user);
      const asked = chat.messages.findLast((message) => message.asks === 'contact' && reaches(message));
      if (!asked) throw new Error('nobody asked for the phone number');
      const wa_id = phone ?? fictitiousNumber(chat.user);
      store.tellNumber(chat.user, wa_id);
      const cards = [card(chat.user.name ?? wa_id, { phone: `+${wa_id}`, wa_id })];
      return say(
        user,
        { kind: 'contacts', text: `+${wa_id}` },
        { type: 'contacts', origin: 'contact_request', contacts: cards },
        { replyTo: asked.id },
      );
    },

    reaction(user, messageId, emoji) {
      const chat = opened(user);
      const message = botMessage(chat, messageId);
      if (emoji === '') delete message.reaction;
      else message.reaction = { to: messageId, emoji };
      const reaction = { message_id: messageId, ...(emoji === '' ? {} : { emoji }) };
      return say(user, { kind: 'reaction', text: emoji }, { type: 'reaction', reaction });
    },

    order: (user, items, text = '') =>
      say(
        user,
        { kind: 'order', text: text === '' ? `${items.length} article(s)` : text },
        {
          type: 'order',
          order: {
            catalog_id: '300000000000001',
            text,
            product_items: items.map(({ product, quantity, price }) => ({
              product_retailer_id: product,
              quantity,
              item_price: price,
              currency: 'XOF',
            })),
          },
        },
      ),

    edit(user, messageId, text) {
      const original = ownMessage(opened(user), messageId);
      const edit = { original_message_id: messageId, message: editedFields(original, text) };
      Object.assign(original, { text, edited: true });
      return say(user, { kind: 'edit', text }, { type: 'edit', edit });
    },

    revoke(user, messageId) {
      const original = ownMessage(opened(user), messageId);
      Object.assign(original, { text: '', revoked: true });
      delete original.media;
      return say(
        user,
        { kind: 'revoke', text: '' },
        { type: 'revoke', revoke: { original_message_id: messageId } },
      );
    },

    unsupported: (user) =>
      say(
        user,
        { kind: 'unsupported', text: '' },
        { type: 'unsupported', errors: [webhookError(131051)], unsupported: { type: 'poll' } },
      ),

    changeNumber(user, wa_id) {
      const chat = store.chatOf(user);
      const { name = '', wa_id: before } = chat.user;
      if (store.users.has(wa_id)) throw new Error(`${wa_id} is somebody's already`);
      return system(chat, (known) => (known.wa_id = wa_id), {
        body: `User ${name} changed from ${before ?? chat.key} to ${wa_id}`,
        wa_id,
        type: 'user_changed_number',
      });
    },

    changeUserId(user, user_id) {
      const chat = store.chatOf(user);
      const { user_id: previous } = chat.user;
      if (previous === undefined) throw new Error(`${chat.key} has no business-scoped id to change`);
      if (store.users.has(user_id)) throw new Error(`${user_id} is somebody's already`);
      const id = system(chat, (known) => (known.user_id = user_id), {
        body: `User ${chat.user.name ?? ''} changed from ${previous} to ${user_id}`,
        user_id,
        previous_user_id: previous,
        type: 'user_changed_user_id',
      });
      events.userIdUpdate(chat.user, previous, user_id);
      return id;
    },

    raw: (value, field) => events.value({ ...value }, 'raw', field),
    read: (user, messageId) => {
      const chat = store.chatOf(user);
      if (messageId !== undefined) botMessage(chat, messageId);
      events.readUntil(chat, messageId);
    },
    block: (user) => {
      const chat = store.chatOf(user);
      chat.blocked = true;
      store.changed(chat);
    },
    unblock: (user) => {
      const chat = store.chatOf(user);
      chat.blocked = false;
      store.changed(chat);
    },
  };
}
