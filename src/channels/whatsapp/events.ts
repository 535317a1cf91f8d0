import { scrub, scrubName } from '../../lib/scrub.ts';
import type { MediaKind, MediaRef, PlatformEvent, Sender } from '../../message/event.ts';
import { child, type Fields, get } from '../fields.ts';
import { childrenIn, stringIn } from './fields.ts';
import { bsuidIdentity, type Person, phoneIdentity } from './people.ts';

interface Base {
  sentAt?: number;
  sender?: Sender;
  messageRef?: string;
}

/** Ids of the buttons that stand for a keyboard: what they bring back is the words themselves, as if typed. */
export const SAYS = 'say:';

const MEDIA: ReadonlyMap<string, MediaKind> = new Map([
  ['image', 'photo'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['document', 'document'],
  ['sticker', 'sticker'],
]);

/** Kinds nobody waits an answer to. `request_welcome` opens a chat in which nothing was said yet. */
const SILENT = new Set(['reaction', 'revoke', 'request_welcome', 'system', 'pin', 'group_message']);

/** What a message says. `type` is the platform's; a kind of the future becomes `other` under its own name. */
export function eventOf(message: Fields, base: Base, person: Person, inGroup: boolean): PlatformEvent {
  const type = stringIn(message, 'type') ?? 'unknown';
  const content = child(message, type) ?? {};
  const other = (what: string): PlatformEvent => ({
    ...base,
    kind: 'other',
    what,
    direct: !inGroup && !SILENT.has(what),
  });
  const text = type === 'text' ? stringIn(content, 'body') : undefined;
  if (text !== undefined) return { ...base, kind: 'text', text: scrub(text), addressed: !inGroup };
  // A group's other messages are its own affair.
  if (inGroup) return other('group_message');

  switch (type) {
    case 'interactive':
      return interactive(content, base) ?? other(nameOf(stringIn(content, 'type')));
    case 'button': {
      const data = stringIn(content, 'payload') ?? stringIn(content, 'text');
      return data === undefined ? other('button') : tap(data, base);
    }
    case 'location':
      return { ...base, kind: 'media', media: [{ kind: 'location' }] };
    case 'contacts':
      return contact(message, base) ?? other('contacts');
    case 'system':
      return change(content, person, base) ?? other('system');
    case 'edit':
      return { ...base, kind: 'edited', ...edited(content) };
    default: {
      const kind = MEDIA.get(type);
      return kind === undefined ? other(nameOf(type)) : media(kind, content, base);
    }
  }
}

function tap(data: string, base: Base): PlatformEvent {
  if (data.startsWith(SAYS))
    return { ...base, kind: 'text', text: scrub(data.slice(SAYS.length)), addressed: true };
  return { ...base, kind: 'tap', data: scrub(data), editable: false };
}

function interactive(content: Fields, base: Base): PlatformEvent | undefined {
  const reply = child(content, 'button_reply') ?? child(content, 'list_reply');
  const id = reply && stringIn(reply, 'id');
  return id === undefined ? undefined : tap(id, base);
}

function media(kind: MediaKind, content: Fields, base: Base): PlatformEvent {
  const caption = stringIn(content, 'caption');
  return {
    ...base,
    kind: 'media',
    media: [fileOf(kind === 'audio' && get(content, 'voice') === true ? 'voice' : kind, content)],
    ...(caption === undefined ? {} : { caption: scrub(caption) }),
  };
}

function fileOf(kind: MediaKind, content: Fields): MediaRef {
  const ref = scrubName(stringIn(content, 'id') ?? '');
  const name = scrubName(stringIn(content, 'filename') ?? '');
  const mime = scrubName(stringIn(content, 'mime_type') ?? '');
  return {
    kind,
    ...(ref === '' ? {} : { ref }),
    ...(name === '' ? {} : { name }),
    ...(mime === '' ? {} : { mime }),
  };
}

/**
 * A card proves nothing: anybody can send anybody's. Only the one that WhatsApp itself made when we asked
 * (`origin` is set by the platform) carries its sender's own number.
 */
function contact(message: Fields, base: Base): PlatformEvent | undefined {
  const cards = childrenIn(message, 'contacts');
  const [card] = cards;
  const phones = card ? childrenIn(card, 'phones') : [];
  const [phone] = phones;
  if (!card || !phone) return undefined;
  const verified = phoneIdentity(stringIn(phone, 'wa_id'))?.value;
  const shown = verified ?? scrubName(stringIn(phone, 'phone') ?? '').slice(0, 32);
  if (shown === '') return undefined;
  const context = child(message, 'context');
  const forwarded = ['forwarded', 'frequently_forwarded'].some(
    (key) => context && get(context, key) === true,
  );
  const asked = [message, card].some((each) => stringIn(each, 'origin') === 'contact_request');
  const alone = cards.length === 1 && phones.length === 1;
  return {
    ...base,
    kind: 'contact',
    phone: shown,
    own: asked && alone && verified !== undefined && !forwarded,
  };
}

/** The same person under a new number or id: their conversation goes on, a second one is not opened. */
function change(system: Fields, person: Person, base: Base): PlatformEvent | undefined {
  switch (stringIn(system, 'type')) {
    case 'user_changed_number':
    case 'customer_changed_number': {
      const phone = phoneIdentity(stringIn(system, 'wa_id') ?? stringIn(system, 'new_wa_id'));
      return phone && { ...base, kind: 'moved', chat: phone.value.slice(1), identity: phone };
    }
    case 'user_changed_user_id':
      return renamed(person, stringIn(system, 'user_id'), base);
    default:
      return undefined;
  }
}

/** A new business-scoped id moves the chat only of somebody whose phone we are not told. */
export function renamed(person: Person, bsuid: string | undefined, base: Base): PlatformEvent | undefined {
  const identity = bsuidIdentity(bsuid);
  if (!identity) return undefined;
  const chat = person.identity.scheme === 'phone' ? person.chat : identity.value;
  return { ...base, kind: 'moved', chat, identity };
}

function edited(content: Fields): { text?: string } {
  const message = child(content, 'message') ?? content;
  const text =
    stringIn(child(message, 'text') ?? {}, 'body') ??
    stringIn(child(message, stringIn(message, 'type') ?? '') ?? {}, 'caption');
  return text === undefined ? {} : { text: scrub(text) };
}

/** What is no plain word could hold somebody's words. */
export function nameOf(what: string | undefined): string {
  return what !== undefined && /^[a-z_]{1,40}$/.test(what) ? what : 'unknown';
}
