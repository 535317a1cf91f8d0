import { createHash } from 'node:crypto';
import { scrub, scrubName } from '../../lib/scrub.ts';
import type { Address, ChatKind, InboundEvent, PlatformEvent, Sender } from '../../message/event.ts';
import type { Incoming } from '../channel.ts';
import { spoken, type Us } from './addressed.ts';
import { child, type Fields, fieldsOf, get, integerIn, stringIn } from '../fields.ts';
import { idIn } from './fields.ts';
import { mediaOf } from './media.ts';
import { inspect } from './raw.ts';
import type { RawFacts } from './raw.ts';
import { NOT_FOR_US, whatIs } from './kinds.ts';
import { json } from '../../lib/json.ts';

export type { Us } from './addressed.ts';

/** Nesting beyond this is no update of Telegram's: real ones stay under 20. */
const DEEPEST = 64;
/** Keys whose numbers must be exact: a rounded one would be somebody else's. */
const ID_KEYS = ['update_id', 'id', 'message_id', 'migrate_to_chat_id'];
/** Of a card only: rounded it proves nothing, and its sender is told so. */
const CARD_KEY = 'user_id';
/** Who wrote, in a chat that we can answer: rounded it is nobody's id, and nothing they say is taken. */
const SENDER = 'from';
const CHANNEL = 'telegram';

/** Not an update at all: the sender gets 400 and nothing is stored. */
export interface Refused {
  refused: 'Invalid JSON' | 'Missing update_id';
}

export interface Accepted {
  incoming: Incoming;
  updateId: number;
}

/** Raw JSON text of one update → what the inbox stores. Never throws, whatever the text. */
export function toIncoming(raw: string, us: Us): Accepted | Refused {
  const update = fieldsOf(json(raw));
  if (update === undefined) return { refused: 'Invalid JSON' };
  const updateId = get(update, 'update_id');
  if (typeof updateId !== 'number' || !Number.isInteger(updateId)) return { refused: 'Missing update_id' };
  const facts = inspect(raw);
  // A rounded id is not unique: such an update is known by its whole text.
  const exact = idIn(update, 'update_id') !== undefined && !facts.inexact.has('update_id');
  const kept = { dedupKey: exact ? String(updateId) : textKey(raw), payload: raw };
  const unusable =
    idIn(update, 'update_id') === undefined
      ? 'update_id is beyond 2^52'
      : facts.depth > DEEPEST
        ? `nested ${String(facts.depth)} deep, at most ${String(DEEPEST)}`
        : ID_KEYS.filter((key) => spoils(key, update, facts)).map(
            (key) => `${key} is not an exact integer`,
          )[0];
  if (unusable !== undefined) return { updateId, incoming: { ...kept, kind: payloadKind(update), unusable } };

  const reading = interpret(update, us, facts);
  return { updateId, incoming: { ...kept, ...incomingOf(reading) } };
}

/** Is a number of this key not exact, and can nobody be answered for it? */
function spoils(key: string, update: Fields, { inexact, inexactIdsOf }: RawFacts): boolean {
  if (key !== 'id' || child(update, 'message') === undefined) return inexact.has(key);
  return [...inexactIdsOf].some((whose) => whose !== SENDER);
}

/** Key of an update that has no usable id of its own. */
export function textKey(raw: string): string {
  return `text:${createHash('sha256').update(raw).digest('hex')}`;
}

function incomingOf(reading: Reading): Omit<Incoming, 'dedupKey' | 'payload'> {
  const signal = reading.tapRef
    ? { signal: { method: 'answerCallbackQuery', params: { callback_query_id: reading.tapRef } } }
    : {};
  if ('unusable' in reading) return { kind: reading.kind, unusable: reading.unusable, ...signal };
  if (!reading.address) return { kind: reading.kind, ...signal };
  return { kind: reading.event.kind, address: reading.address, ...signal };
}

/** The event of a stored update. An update that belongs to no conversation reads as `other`. Throws on an unusable one. */
export function readUpdate(payload: string, us: Us): InboundEvent {
  const update = fieldsOf(json(payload));
  if (!update) throw new Error('The stored payload is not an update.');
  const reading = interpret(update, us, inspect(payload));
  if ('unusable' in reading) throw new Error(`Unusable update: ${reading.unusable}.`);
  return reading.event;
}

type Reading = { kind: string; tapRef?: string } & (
  { unusable: string } | { event: PlatformEvent; address?: Address }
);

/** The one payload of an update is named by the key beside `update_id`; future kinds have names we do not know. */
function payloadKind(update: Fields): string {
  const kind = Object.keys(update).find((key) => key !== 'update_id') ?? 'empty';
  return /^[a-z_]{1,64}$/.test(kind) ? kind : 'unknown';
}

function interpret(update: Fields, us: Us, facts: RawFacts): Reading {
  const kind = ['message', 'edited_message', 'callback_query', 'my_chat_member'].find((key) =>
    Object.hasOwn(update, key),
  );
  if (kind === undefined) {
    const what = payloadKind(update);
    return { kind: what, event: { kind: 'other', what, direct: false } };
  }
  const content = child(update, kind);
  if (!content) return { kind, unusable: `${kind} is not an object` };
  if (kind === 'callback_query') return tap(content, us);
  const place = placeOf(kind, content, us, facts);
  if ('unusable' in place) return place;
  if (kind === 'my_chat_member') return { ...place, event: membership(content, place) };
  const id = idIn(content, 'message_id');
  if (id === undefined) return { kind, unusable: `${kind}.message_id is not an integer within 2^52` };
  const base = { ...place.base, messageRef: String(id) };
  return {
    ...place,
    event:
      kind === 'message'
        ? messageEvent(content, { ...place, base }, us, facts)
        : { ...base, kind: 'edited', ...said(content) },
  };
}

interface Base {
  sentAt?: number;
  sender?: Sender;
  messageRef?: string;
}

interface Place {
  kind: string;
  address: Address;
  base: Base;
  from: Fields | undefined;
  /** False: an id is there for whoever wrote, and it is nobody's. */
  isKnown: boolean;
}

function placeOf(
  kind: string,
  content: Fields,
  us: Us,
  facts: RawFacts,
): Place | { kind: string; unusable: string } {
  const chat = child(content, 'chat');
  const chatId = chat && idIn(chat, 'id');
  if (!chat || chatId === undefined)
    return { kind, unusable: `${kind}.chat.id is not an integer within 2^52` };
  const from = child(content, 'from');
  const isKnown = from === undefined || (idIn(from, 'id') !== undefined && !facts.inexactIdsOf.has(SENDER));
  if (!isKnown && kind !== 'message')
    return { kind, unusable: `${kind}.from.id is not an integer within 2^52` };
  const seconds = integerIn(content, 'edit_date') ?? integerIn(content, 'date');
  // Anonymous admins and channels speak through a shared account: it is nobody's identity.
  const sender = from && isKnown && !Object.hasOwn(content, 'sender_chat') ? senderOf(from) : undefined;
  return {
    kind,
    from,
    isKnown,
    address: addressOf(us, chatId, chatKind(stringIn(chat, 'type'), chatId)),
    base: {
      ...(seconds !== undefined && seconds > 0 && seconds < 2 ** 33 ? { sentAt: seconds * 1000 } : {}),
      ...(sender ? { sender } : {}),
    },
  };
}

function addressOf(us: Us, chat: number, kind: ChatKind): Address {
  return { channel: CHANNEL, account: String(us.id), chat: String(chat), kind };
}

function chatKind(type: string | undefined, id: number): ChatKind {
  if (type === 'private' || type === 'channel') return type;
  return type === 'group' || type === 'supergroup' || id < 0 ? 'group' : 'private';
}

/** Accounts Telegram itself speaks through: service messages, group anonymity, channel posts in groups. */
const SHARED_ACCOUNTS = new Set([777000, 1087968824, 136817688]);

function senderOf(from: Fields): Sender | undefined {
  const id = idIn(from, 'id');
  if (id === undefined || SHARED_ACCOUNTS.has(id)) return undefined;
  const names = {
    firstName: scrubName(stringIn(from, 'first_name') ?? ''),
    lastName: scrubName(stringIn(from, 'last_name') ?? ''),
    username: scrubName(stringIn(from, 'username') ?? ''),
  };
  const language = stringIn(from, 'language_code') ?? '';
  return {
    scheme: 'user',
    value: String(id),
    ...(names.firstName === '' ? {} : { firstName: names.firstName }),
    ...(names.lastName === '' ? {} : { lastName: names.lastName }),
    ...(names.username === '' ? {} : { username: names.username }),
    ...(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/.test(language) ? { language } : {}),
    ...(get(from, 'is_bot') === true ? { isBot: true } : {}),
  };
}

function said(content: Fields): { text?: string } {
  const text = stringIn(content, 'text') ?? stringIn(content, 'caption');
  return text === undefined ? {} : { text: scrub(text) };
}

function messageEvent(message: Fields, place: Place, us: Us, facts: RawFacts): PlatformEvent {
  const { base, address, from, isKnown } = place;
  const group = address.kind !== 'private';
  const other = (what: string, direct: boolean): PlatformEvent => ({
    ...base,
    kind: 'other',
    what,
    direct: direct && !group,
  });

  if (Object.hasOwn(message, 'migrate_to_chat_id')) {
    const chat = idIn(message, 'migrate_to_chat_id');
    return chat === undefined
      ? other('migrate_to_chat_id', false)
      : { ...base, kind: 'moved', chat: String(chat) };
  }
  // Two bots that answer each other never stop; a channel's post copied into its group is not a question.
  const byBot = from !== undefined && base.sender?.isBot === true;
  if (byBot || get(message, 'is_automatic_forward') === true) return other('not_a_person', false);

  const text = stringIn(message, 'text');
  if (!isKnown && (text !== undefined || !Object.hasOwn(message, 'contact')))
    return other('unknown_sender', true);
  if (text !== undefined) return { ...base, kind: 'text', ...spoken(scrub(text), message, us, group) };
  const contact = child(message, 'contact');
  const phone = contact && scrubName(stringIn(contact, 'phone_number') ?? '').slice(0, 32);
  if (contact && phone) {
    const own = isKnown && !facts.inexact.has(CARD_KEY) && isOwn(contact, message, place);
    return { ...base, kind: 'contact', phone, own };
  }

  const media = mediaOf(message);
  if (!media) {
    const what = whatIs(message);
    return other(what, !NOT_FOR_US.has(what));
  }
  const caption = stringIn(message, 'caption');
  const heard = spoken(scrub(caption ?? ''), message, us, group);
  // A group's pictures are its own affair.
  if (group && !heard.addressed) return other('group_media', false);
  const album = stringIn(message, 'media_group_id');
  return {
    ...base,
    kind: 'media',
    media: [media],
    ...(caption === undefined ? {} : { caption: heard.text }),
    ...(album === undefined ? {} : { album: scrubName(album) }),
  };
}

/**
 * Telegram sets `user_id` on the server, so a card that carries its sender's own id, sent by that person in private,
 * proves the number. A forwarded, edited or bot-made card proves nothing: anybody can send anybody's card.
 */
function isOwn(contact: Fields, message: Fields, { from, address }: Place): boolean {
  const user = idIn(contact, 'user_id');
  const has = (key: string): boolean => Object.hasOwn(message, key);
  return (
    user !== undefined &&
    from !== undefined &&
    user === idIn(from, 'id') &&
    address.kind === 'private' &&
    address.chat === String(user) &&
    get(from, 'is_bot') !== true &&
    ![
      'forward_origin',
      'forward_from',
      'forward_date',
      'edit_date',
      'via_bot',
      'sender_chat',
      'business_connection_id',
    ].some(has)
  );
}

function tap(query: Fields, us: Us): Reading {
  const kind = 'callback_query';
  const tapRef = stringIn(query, 'id');
  if (tapRef === undefined || !/^[\x21-\x7e]{1,64}$/.test(tapRef))
    return { kind, unusable: 'callback_query.id is not a usable string' };
  const from = child(query, 'from');
  const fromId = from && idIn(from, 'id');
  if (!from || fromId === undefined)
    return { kind, tapRef, unusable: 'callback_query.from.id is not an integer within 2^52' };
  const message = child(query, 'message');
  const chat = message && child(message, 'chat');
  const chatId = chat ? idIn(chat, 'id') : fromId;
  if (chatId === undefined)
    return { kind, tapRef, unusable: 'callback_query.message.chat.id is not an integer within 2^52' };
  const messageId = message && idIn(message, 'message_id');
  const sender = senderOf(from);
  const base: Base = {
    ...(sender ? { sender } : {}),
    ...(chat && messageId !== undefined ? { messageRef: String(messageId) } : {}),
  };
  const data = stringIn(query, 'data');
  return {
    kind,
    tapRef,
    address: addressOf(us, chatId, chat ? chatKind(stringIn(chat, 'type'), chatId) : 'private'),
    event:
      data === undefined
        ? { ...base, kind: 'other', what: 'tap_without_data', direct: false }
        : {
            ...base,
            kind: 'tap',
            data: scrub(data),
            tapRef,
            // Without the message, or with one too old to be shown (date 0), there is nothing to edit.
            editable:
              chat !== undefined && messageId !== undefined && (integerIn(message ?? {}, 'date') ?? 0) > 0,
          },
  };
}

function membership(change: Fields, { base, address }: Place): PlatformEvent {
  const status = (key: string): string | undefined => {
    const member = child(change, key);
    return member && stringIn(member, 'status');
  };
  const before = status('old_chat_member');
  const now = status('new_chat_member');
  if (address.kind === 'private') {
    if (now === 'kicked') return { ...base, kind: 'membership', state: 'blocked' };
    if (now === 'member') return { ...base, kind: 'membership', state: 'joined' };
  } else {
    if (now === 'kicked' || now === 'left') return { ...base, kind: 'membership', state: 'left' };
    const wasOut = before === undefined || before === 'left' || before === 'kicked';
    if (wasOut && (now === 'member' || now === 'administrator' || now === 'restricted'))
      return { ...base, kind: 'membership', state: 'joined' };
  }
  return { ...base, kind: 'other', what: 'my_chat_member', direct: false };
}
