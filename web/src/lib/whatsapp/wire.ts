import type {
  ChoiceList,
  DeliveryStatus,
  InlineButton,
  MediaView,
  PhoneMessage,
  PhonePerson,
  PhoneView,
} from '../phone/phone.ts';
import { WHATSAPP_API } from './address.ts';
import { faultsFromWire, type WireFaults } from './faults.ts';
import { readMarkup } from './markup.ts';

/** One person's view of the emulated WhatsApp, as `GET /simulator/api/whatsapp/state` and its stream give it. */
export interface WireState {
  business: { name: string; number: string };
  users: WireUser[];
  user: WireUser;
  chat: {
    typing: boolean;
    blocked: boolean;
    windowOpen: boolean;
    /** Seconds since 1970; 0: the person never wrote. */
    windowUntil: number;
    messages: WireMessage[];
  };
  violations: number;
}

export interface WireUser {
  /** wa_id, or user_id for who hides the number. */
  id: string;
  wa_id?: string;
  name?: string;
}

interface WireMedia {
  kind: string;
  name?: string;
  size?: number;
  id?: string;
}

export interface WireMessage {
  id: string;
  from: 'bot' | 'user';
  /** Seconds since 1970. */
  timestamp: number;
  kind: string;
  text: string;
  status?: DeliveryStatus;
  error?: number;
  /** Of a person's message: the business marked it as read. */
  read?: boolean;
  header?: string;
  footer?: string;
  buttons?: { id: string; title: string }[];
  list?: ChoiceList;
  url?: { text: string; url: string };
  asks?: 'contact' | 'location';
  media?: WireMedia;
  edited?: boolean;
  revoked?: boolean;
  replyTo?: string;
  reaction?: string;
}

/** What the page knows and the state does not say. */
export interface Aside {
  faults: Partial<WireFaults>;
  /** Words of the button that answers a request. */
  askLabels: { contact: string; location: string };
}

export function viewOf(state: WireState, aside: Aside): PhoneView {
  const { business, chat, user } = state;
  return {
    peer: { name: business.name },
    typing: chat.typing,
    blocked: chat.blocked,
    messages: chat.messages.map((message) => messageOf(message, chat.messages, aside)),
    keyboard: null,
    commands: [],
    people: state.users.map(personOf),
    person: personOf(user),
    faults: faultsFromWire(aside.faults),
    violations: state.violations,
    window: { open: chat.windowOpen, until: chat.windowUntil === 0 ? undefined : chat.windowUntil },
  };
}

function messageOf(message: WireMessage, all: readonly WireMessage[], aside: Aside): PhoneMessage {
  const { from, kind, media, replyTo } = message;
  const mine = from === 'user';
  // A person's words are shown as they typed them, and so is a card's content.
  const isMarked = kind !== 'contacts' && kind !== 'location';
  const { text, entities } = isMarked ? readMarkup(message.text) : { text: message.text, entities: [] };
  const quoted = replyTo === undefined ? undefined : all.find(({ id }) => id === replyTo);
  return {
    id: message.id,
    mine,
    date: message.timestamp,
    edited: message.edited ?? false,
    header: message.header,
    footer: message.footer,
    text: kind === 'contacts' || kind === 'location' ? '' : text,
    entities,
    buttons: buttonsOf(message, aside).map((button) => [button]),
    list: message.list,
    media: kind === 'location' ? { kind: 'location', name: message.text } : media && mediaOf(media),
    contact: kind === 'contacts' ? { phone: message.text } : undefined,
    quote: quoted && { mine: quoted.from === 'user', text: readMarkup(quoted.text).text },
    reaction: message.reaction,
    missing: message.revoked === true ? 'revoked' : kind === 'unsupported' ? kind : undefined,
    status: mine ? (message.read === true ? 'read' : 'delivered') : (message.status ?? 'sent'),
    failure: message.error,
  };
}

function buttonsOf({ buttons = [], url, asks, from }: WireMessage, { askLabels }: Aside): InlineButton[] {
  if (from === 'user') return [];
  return [
    ...buttons.map(({ id, title }) => ({ text: title, data: id })),
    ...(url ? [{ text: url.text, url: url.url }] : []),
    ...(asks ? [{ text: askLabels[asks], asks }] : []),
  ];
}

const KINDS: Record<string, MediaView['kind']> = {
  image: 'photo',
  voice: 'voice',
  audio: 'audio',
  video: 'video',
  document: 'document',
  sticker: 'sticker',
};

function mediaOf({ kind, name, size, id }: WireMedia): MediaView {
  const address = id === undefined ? undefined : `${WHATSAPP_API}/media/${encodeURIComponent(id)}`;
  return { kind: KINDS[kind] ?? 'other', name, size, address };
}

const personOf = ({ id, wa_id, name }: WireUser): PhonePerson => ({
  id,
  name: name ?? written(wa_id ?? id),
  number: wa_id === undefined ? null : written(wa_id),
});

/** `221770000001` → `+221 77 000 00 01`; other countries' numbers are only given their +. */
export const written = (wa_id: string): string =>
  `+${wa_id.replace(/^221(\d\d)(\d{3})(\d\d)(\d\d)$/, '221 $1 $2 $3 $4')}`;
