import { reaches } from './message.ts';
import type { SimMessage } from './message.ts';
import type { WaUser } from './people.ts';
import type { CallRecord, SimChat, StatusRecord, Store, Violation } from './store.ts';
import type { Delivery, Webhook } from './webhook.ts';

/** What tests look at. Live: read again after each change. `waId`: a wa_id, or the user_id of who has none. */
export interface SimState {
  readonly users: ReadonlyMap<string, WaUser>;
  readonly chats: ReadonlyMap<string, SimChat>;
  /** Oldest first; all chats' without an id. */
  messages(waId?: string): SimMessage[];
  /** What the person receives: messages that fail, or are about to, are not among them. */
  botMessages(waId?: string): SimMessage[];
  lastBotMessage(waId: string): SimMessage | undefined;
  typing(waId: string): boolean;
  /** wamids of people's messages that the business marked as read. */
  readonly readMarks: ReadonlySet<string>;
  readonly calls: readonly CallRecord[];
  /** With an address, those sent to it. */
  callsOf(name: string, to?: string): CallRecord[];
  readonly violations: readonly Violation[];
  readonly statuses: readonly StatusRecord[];
  /** Every POST made to the webhook, with its attempts. */
  readonly webhooks: readonly Delivery[];
  pendingWebhooks(): Delivery[];
  readonly webhookUrl: string | undefined;
  /** The customer service window; `until` in ms, 0: it never opened. */
  window(waId: string): { open: boolean; until: number };
}

export function createState(store: Store, webhook: Webhook): SimState {
  const chatOf = (id: string): SimChat | undefined => {
    const user = store.find(id);
    return user && store.chatWith(user);
  };
  const messages = (id?: string): SimMessage[] =>
    id === undefined
      ? [...store.chats.values()].flatMap((chat) => chat.messages)
      : [...(chatOf(id)?.messages ?? [])];
  const botMessages = (id?: string): SimMessage[] => messages(id).filter(reaches);
  return {
    users: store.users,
    chats: store.chats,
    messages,
    botMessages,
    lastBotMessage: (id) => botMessages(id).at(-1),
    typing: (id) => {
      const chat = chatOf(id);
      return chat !== undefined && store.isTyping(chat);
    },
    readMarks: store.readMarks,
    calls: store.calls,
    callsOf: (name, to) =>
      store.calls.filter((call) => call.name === name && (to === undefined || call.to === to)),
    violations: store.violations,
    statuses: store.statuses,
    webhooks: webhook.history,
    pendingWebhooks: () => webhook.pending(),
    get webhookUrl() {
      return webhook.url;
    },
    window: (id) => {
      const chat = chatOf(id);
      return chat
        ? { open: store.isOpen(chat), until: store.windowUntil(chat) ?? 0 }
        : { open: false, until: 0 };
    },
  };
}
