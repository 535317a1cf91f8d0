import type {
  Entity,
  InlineButton,
  MediaView,
  PhoneMessage,
  PhonePerson,
  PhoneView,
} from '../phone/phone.ts';
import { TELEGRAM_API } from './address.ts';
import { faultsFromWire, type WireFaults } from './faults.ts';

/** One person's view of the emulated Telegram, as `GET /simulator/api/telegram/state` and its stream give it. */
export interface WireState {
  bot: { id: number; username?: string; first_name: string };
  commands?: { command: string; description: string }[];
  users: WireUser[];
  user: WireUser;
  chat: {
    id: number;
    typing?: boolean;
    blocked?: boolean;
    keyboard?: null | {
      keyboard: { text: string; request_contact?: boolean }[][];
      resize_keyboard?: boolean;
      one_time_keyboard?: boolean;
    };
    messages: WireMessage[];
  };
  pendingCallbacks?: (string | number)[];
  lastCallbackAnswer?: { id?: string; text?: string; show_alert?: boolean } | null;
  violations?: number;
}

export interface WireUser {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
}

interface WireMedia {
  kind: string;
  name?: string;
  size?: number;
  id?: string;
  place?: { latitude: number; longitude: number };
}

interface WireMessage {
  message_id: number;
  from: 'bot' | 'user';
  date: number;
  edit_date?: number;
  text?: string;
  entities?: Entity[];
  inline_keyboard?: { text: string; callback_data?: string; url?: string }[][];
  media?: WireMedia;
  reply_to?: number;
  contact?: { phone_number: string };
}

/** `faults`: what the state does not say. */
export function viewOf(state: WireState, faults: Partial<WireFaults>): PhoneView {
  const { bot, chat } = state;
  return {
    peer: { name: bot.first_name, handle: bot.username },
    typing: chat.typing ?? false,
    blocked: chat.blocked ?? false,
    messages: chat.messages.map((message) => ({
      id: String(message.message_id),
      mine: message.from === 'user',
      date: message.date,
      edited: message.edit_date !== undefined,
      text: message.text ?? '',
      entities: message.entities ?? [],
      buttons: (message.inline_keyboard ?? []).map((row) => row.map(buttonOf)),
      media: message.media && mediaOf(message.media),
      contact: message.contact && { phone: message.contact.phone_number },
      quote: quoteOf(message.reply_to, chat.messages),
      // Telegram tells a bot nothing of what became of its messages.
      status: message.from === 'user' ? 'delivered' : undefined,
    })),
    keyboard: chat.keyboard
      ? {
          rows: chat.keyboard.keyboard.map((row) =>
            row.map(({ text, request_contact }) => ({ text, asksContact: request_contact ?? false })),
          ),
          compact: chat.keyboard.resize_keyboard ?? false,
          once: chat.keyboard.one_time_keyboard ?? false,
        }
      : null,
    commands: state.commands ?? [],
    people: state.users.map(personOf),
    person: personOf(state.user),
    faults: faultsFromWire(faults),
    violations: state.violations ?? 0,
  };
}

function quoteOf(id: number | undefined, all: readonly WireMessage[]): PhoneMessage['quote'] {
  const quoted = id === undefined ? undefined : all.find(({ message_id }) => message_id === id);
  return quoted && { mine: quoted.from === 'user', text: quoted.text ?? '' };
}

const buttonOf = (wire: { text: string; callback_data?: string; url?: string }): InlineButton => ({
  text: wire.text,
  data: wire.callback_data,
  url: wire.url,
});

const KINDS = ['photo', 'voice', 'audio', 'video', 'document', 'sticker', 'location'] as const;

function mediaOf({ kind, name, size, id, place }: WireMedia): MediaView {
  if (place) return { kind: 'location', name: `${place.latitude}, ${place.longitude}` };
  const address = id === undefined ? undefined : `${TELEGRAM_API}/media/${encodeURIComponent(id)}`;
  return { kind: KINDS.find((known) => known === kind) ?? 'other', name, size, address };
}

const personOf = (user: WireUser): PhonePerson => ({
  id: String(user.id),
  name: [user.first_name, user.last_name].filter(Boolean).join(' '),
});
