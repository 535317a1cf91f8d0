import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import type { SimMessage } from './message.ts';
import { chatOf } from './people.ts';
import type { SimUser } from './people.ts';
import type { SimChat, Store } from './store.ts';

const SHOWN = 200;

/** What one person's phone shows, as the page of the simulator reads it. */
export function phoneState(store: Store, user: SimUser): JsonObject {
  const ref = chatOf(user);
  const chat = store.chats.get(ref.id);
  const mine = [...store.callbacks.values()].filter((callback) => callback.user_id === user.id);
  const answered = mine
    .filter((callback) => callback.answeredAt !== undefined)
    .sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0))
    .at(-1);
  const { bot } = store;
  return {
    bot: { id: bot.id, username: bot.username, first_name: bot.first_name },
    commands: commandsFor(store, user, ref.id),
    users: [...store.users.values()].filter((known) => known.chat === undefined),
    user,
    chat: {
      id: ref.id,
      blocked: chat?.blocked ?? false,
      typing: chat ? store.isTyping(chat) : false,
      keyboard: chat ? shownKeyboard(chat) : null,
      messages: (chat?.messages ?? [])
        .filter((message) => !message.deleted)
        .slice(-SHOWN)
        .map(shownMessage),
    },
    pendingCallbacks: mine
      .filter((callback) => callback.answeredAt === undefined)
      .map((callback) => callback.id),
    ...(answered ? { lastCallbackAnswer: { id: answered.id, ...answered.answer } } : {}),
    violations: store.violations.length,
  };
}

/** The narrowest scope that has commands, in the person's language or in none. */
export function commandsFor(store: Store, user: SimUser, chatId: number): JsonObject[] {
  for (const scope of [`chat:${chatId}:`, 'all_private_chats::', 'default::']) {
    for (const language of [user.language_code ?? '', '']) {
      const commands = store.commands.get(`${scope}|${language}`);
      if (commands) return commands.map(({ command, description }) => ({ command, description }));
    }
  }
  return [];
}

function shownKeyboard(chat: SimChat): JsonObject | null {
  const { keyboard } = chat;
  if (!keyboard) return null;
  return {
    keyboard: keyboard['keyboard'],
    resize_keyboard: keyboard['resize_keyboard'] === true,
    one_time_keyboard: keyboard['one_time_keyboard'] === true,
    ...(typeof keyboard['input_field_placeholder'] === 'string'
      ? { input_field_placeholder: keyboard['input_field_placeholder'] }
      : {}),
  };
}

function shownMessage(message: SimMessage): JsonObject {
  const rows = message.reply_markup?.['inline_keyboard'];
  const out: JsonObject = {
    message_id: message.message_id,
    from: message.from,
    date: message.date,
    text: message.text,
    entities: message.entities,
  };
  if (message.edit_date !== undefined) out['edit_date'] = message.edit_date;
  if (Array.isArray(rows))
    out['inline_keyboard'] = rows.map((row: unknown) => (Array.isArray(row) ? row.filter(isObject) : []));
  if (message.media) {
    const { kind, name, bytes, place, file_id } = message.media;
    // With an id, the bytes are at `media/{id}`.
    out['media'] = {
      kind,
      ...(bytes === undefined ? {} : { id: file_id }),
      ...(name === undefined ? {} : { name }),
      ...(bytes === undefined ? {} : { size: bytes.length }),
      ...(place ? { place } : {}),
    };
  }
  if (message.contact) out['contact'] = message.contact;
  if (message.reply_to !== undefined) out['reply_to'] = message.reply_to;
  return out;
}
