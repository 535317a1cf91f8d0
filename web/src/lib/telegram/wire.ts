import type { Entity, InlineButton, PhoneView } from '../phone/phone.ts';
import { faultsFromWire, type WireFaults } from './faults.ts';

/** One person's view of the emulated Telegram, as `GET /simulator/api/telegram/state` and its stream give it. */
export interface WireState {
  bot: { id: number; username?: string; first_name: string };
  commands?: { command: string; description: string }[];
  users: WireUser[];
  user: WireUser & { blocked?: boolean };
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
  faults?: Partial<WireFaults>;
  violations?: number;
}

export interface WireUser {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
}

interface WireMessage {
  message_id: number;
  from: 'bot' | 'user';
  date: number;
  edit_date?: number;
  text?: string;
  entities?: Entity[];
  inline_keyboard?: { text: string; callback_data?: string; url?: string }[][];
  media?: { kind: string; name?: string };
  contact?: { phone_number: string };
}

/** `asked`: what this page last set, used for what the state does not say. */
export function viewOf(
  state: WireState,
  asked: { blocked: boolean; faults: Partial<WireFaults> },
): PhoneView {
  const { bot, chat } = state;
  return {
    peer: { name: bot.first_name, handle: bot.username },
    typing: chat.typing ?? false,
    blocked: state.user.blocked ?? chat.blocked ?? asked.blocked,
    messages: chat.messages.map((message) => ({
      id: message.message_id,
      mine: message.from === 'user',
      date: message.date,
      edited: message.edit_date !== undefined,
      text: message.text ?? '',
      entities: message.entities ?? [],
      buttons: (message.inline_keyboard ?? []).map((row) => row.map(buttonOf)),
      media: message.media,
      contact: message.contact && { phone: message.contact.phone_number },
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
    faults: faultsFromWire(state.faults ?? asked.faults),
    violations: state.violations ?? 0,
  };
}

const buttonOf = (wire: { text: string; callback_data?: string; url?: string }): InlineButton => ({
  text: wire.text,
  data: wire.callback_data,
  url: wire.url,
});

const personOf = (user: WireUser) => ({
  id: user.id,
  name: [user.first_name, user.last_name].filter(Boolean).join(' '),
});
