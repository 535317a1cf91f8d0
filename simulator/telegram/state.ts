import type { JsonObject } from '../shared/json.ts';
import type { SimMessage } from './message.ts';
import type { SimUser } from './people.ts';
import type { CallRecord, SimCallback, SimChat, Store, Violation } from './store.ts';
import type { SimUpdate, UpdateQueue } from './updates.ts';
import type { Webhook } from './webhook.ts';

export interface WebhookView {
  url: string;
  secretToken: string;
  maxConnections: number;
  lastError: { date: number; message: string } | undefined;
}

/** What tests look at. Live: read again after each change. */
export interface SimState {
  readonly users: ReadonlyMap<number, SimUser>;
  readonly chats: ReadonlyMap<number, SimChat>;
  /** Messages of a chat that are not deleted, oldest first; all chats' without an id. */
  messages(chatId?: number): SimMessage[];
  botMessages(chatId?: number): SimMessage[];
  lastBotMessage(chatId: number): SimMessage | undefined;
  keyboard(chatId: number): JsonObject | null;
  typing(chatId: number): boolean;
  readonly callbacks: ReadonlyMap<string, SimCallback>;
  /** `scope:chat:user|language` → commands; the default scope is `default::|`. */
  readonly commands: ReadonlyMap<string, JsonObject[]>;
  readonly webhook: WebhookView | null;
  /** A getUpdates is waiting. */
  readonly polling: boolean;
  /** Every update made, with its state and deliveries. */
  readonly updates: readonly SimUpdate[];
  pendingUpdates(): SimUpdate[];
  readonly calls: readonly CallRecord[];
  callsOf(method: string, chatId?: number): CallRecord[];
  readonly violations: readonly Violation[];
}

export function createState(
  store: Store,
  queue: UpdateQueue,
  webhook: Webhook,
  polling: () => boolean,
): SimState {
  const messages = (chatId?: number): SimMessage[] => {
    const chats = chatId === undefined ? [...store.chats.values()] : [store.chats.get(chatId)];
    return chats.flatMap((chat) => chat?.messages.filter((message) => !message.deleted) ?? []);
  };
  const botMessages = (chatId?: number): SimMessage[] =>
    messages(chatId).filter((message) => message.from === 'bot');
  return {
    users: store.users,
    chats: store.chats,
    messages,
    botMessages,
    lastBotMessage: (chatId) => botMessages(chatId).at(-1),
    keyboard: (chatId) => store.chats.get(chatId)?.keyboard ?? null,
    typing: (chatId) => {
      const chat = store.chats.get(chatId);
      return chat !== undefined && store.isTyping(chat);
    },
    callbacks: store.callbacks,
    commands: store.commands,
    get webhook() {
      const { settings, lastError } = webhook;
      if (!settings) return null;
      const { url, secretToken, maxConnections } = settings;
      return { url, secretToken, maxConnections, lastError };
    },
    get polling() {
      return polling();
    },
    updates: queue.history,
    pendingUpdates: () => queue.pending(),
    calls: store.calls,
    callsOf: (method, chatId) =>
      store.calls.filter(
        (call) =>
          call.method === method &&
          (chatId === undefined || String(call.params['chat_id']) === String(chatId)),
      ),
    violations: store.violations,
  };
}
