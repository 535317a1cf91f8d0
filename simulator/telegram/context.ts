import { ApiError, badRequest, forbidden } from './api-error.ts';
import type { Args } from './args.ts';
import type { JsonObject } from '../shared/json.ts';
import { apiMessage } from './message.ts';
import type { SimMessage } from './message.ts';
import { apiUser } from './people.ts';
import type { SimChatRef } from './people.ts';
import type { Poller } from './polling.ts';
import type { Report, SimChat, Store } from './store.ts';
import type { MethodSpec } from './tables.ts';
import type { UpdateQueue } from './updates.ts';
import type { Webhook } from './webhook.ts';
import type { ServerResponse } from 'node:http';

/** What a method may use. */
export interface Context {
  method: string;
  spec: MethodSpec;
  args: Args;
  report: Report;
  store: Store;
  queue: UpdateQueue;
  poller: Poller;
  webhook: Webhook;
  allowHttpWebhook: boolean;
  res: ServerResponse | undefined;
  /** Beside `result` in the answer: "Webhook was set". */
  description?: string;
}

export type Method = (context: Context) => unknown;

/** The chat of `chat_id`, when the bot may write there. */
export function targetChat({ store, args }: Context): SimChat {
  const id = args.text('chat_id');
  const chat = id.startsWith('@')
    ? [...store.chats.values()].find((c) => c.type !== 'private' && `@${c.username ?? ''}` === id)
    : store.chats.get(Number(id));
  if (!chat) throw badRequest('chat not found');
  if (chat.migratedTo !== undefined) {
    throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.migratedTo });
  }
  if (chat.deactivated) throw forbidden('user is deactivated');
  if (chat.blocked) {
    throw forbidden(
      chat.type === 'private' ? 'bot was blocked by the user' : `bot was kicked from the ${chat.type} chat`,
    );
  }
  return chat;
}

export function asApi(store: Store, chat: SimChat, message: SimMessage): JsonObject {
  const from =
    message.from === 'bot' ? apiBot(store) : apiUser(store.users.get(message.user_id) ?? store.bot);
  const out = apiMessage(message, from, refOf(chat), chat.user);
  if (message.reply_to !== undefined) {
    const replied = store.message(chat, message.reply_to);
    if (replied) {
      const { reply_to: _r, ...flat } = replied;
      out['reply_to_message'] = asApi(store, chat, flat);
    }
  }
  return out;
}

export const apiBot = ({ bot }: Store): JsonObject => ({
  id: bot.id,
  is_bot: true,
  first_name: bot.first_name,
  username: bot.username,
});

export const refOf = ({ id, type, title, username }: SimChat): SimChatRef => ({
  id,
  type,
  ...(title === undefined ? {} : { title }),
  ...(username === undefined ? {} : { username }),
});

/** The message of `message_id`, which the bot may change. */
export function targetMessage(context: Context, chat: SimChat, what: string): SimMessage {
  const id = context.args.number('message_id');
  if (id === 0) throw badRequest('message identifier is not specified');
  const message = context.store.message(chat, id);
  if (!message) throw badRequest(`${what} not found`);
  return message;
}

export const conflict = (description: string): ApiError => new ApiError(409, `Conflict: ${description}`);
