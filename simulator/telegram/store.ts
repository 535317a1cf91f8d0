import type { JsonObject } from '../shared/json.ts';
import type { SimMessage } from './message.ts';
import type { SimChatRef, SimUser } from './people.ts';
import { chatOf, people } from './people.ts';

/** Something the real platform would have ignored or repaired without a word. */
export interface Violation {
  method: string;
  rule: string;
  detail: string;
}

export type Report = (rule: string, detail: string) => void;

export interface CallRecord {
  id: number;
  /** As published, whatever the case it was called with. */
  method: string;
  params: JsonObject;
  /** ms, of the simulator's clock. */
  at: number;
  finishedAt?: number;
  status?: number;
  response?: unknown;
  /** The call took effect (a fault may have hidden the answer). */
  executed: boolean;
  /** What became of the connection when there was no answer. */
  dropped?: 'reset' | 'hang';
  /** Sent to a chat (or by a bot) that had been told to wait, before the wait was over. */
  early?: true;
}

export interface KeptFile {
  /** As `getFile` gives it. */
  path: string;
  bytes: Uint8Array;
  mime: string;
  /** file_unique_id */
  unique: string;
}

export interface SimCallback {
  id: string;
  user_id: number;
  chat_id: number;
  message_id: number;
  data: string;
  /** ms */
  at: number;
  answeredAt?: number;
  answer?: { text?: string; show_alert?: boolean; url?: string };
}

export interface SimChat extends SimChatRef {
  user?: SimUser;
  messages: SimMessage[];
  /** The reply keyboard under the text box. */
  keyboard: JsonObject | null;
  /** ms, of the simulator's clock; 0 when the bot is not typing. */
  typingUntil: number;
  typings: number;
  blocked: boolean;
  deactivated: boolean;
  migratedTo?: number;
}

const KEPT = 100_000;

/** Everything the emulated platform remembers; every change is announced to who listens. */
export class Store {
  readonly users = new Map<number, SimUser>(people.map((user) => [user.id, user]));
  readonly chats = new Map<number, SimChat>();
  readonly callbacks = new Map<string, SimCallback>();
  readonly calls: CallRecord[] = [];
  readonly violations: Violation[] = [];
  /** `scope|language` → commands. */
  readonly commands = new Map<string, JsonObject[]>();
  /** What setMyDescription and the like have set: `Description|fr` → parameters. */
  readonly settings = new Map<string, JsonObject>();
  /** `chat_id` as sent → until when (ms) a 429 told the bot to wait. */
  readonly waits = new Map<string, number>();
  /** By file_id. */
  readonly files = new Map<string, KeptFile>();
  readonly bot: SimUser & { is_bot: true };
  readonly now: () => number;
  readonly #listeners = new Set<(chatId: number | undefined) => void>();
  #messageId = 0;
  #callId = 0;

  constructor(bot: SimUser, now: () => number) {
    this.bot = { ...bot, is_bot: true };
    this.now = now;
  }

  /** Unix seconds. */
  get date(): number {
    return Math.floor(this.now() / 1000);
  }

  listen(listener: (chatId: number | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(chatId?: number): void {
    for (const listener of this.#listeners) listener(chatId);
  }

  violate(method: string, rule: string, detail: string): void {
    this.violations.push({ method, rule, detail });
    this.changed();
  }

  record(method: string, params: JsonObject): CallRecord {
    const call: CallRecord = { id: ++this.#callId, method, params, at: this.now(), executed: false };
    this.calls.push(call);
    if (this.calls.length > KEPT) this.calls.splice(0, KEPT / 10);
    return call;
  }

  /** A person has written to the bot, or added it to a group: from now on it may write there. */
  open(user: SimUser | undefined, ref: SimChatRef): SimChat {
    if (user) this.users.set(user.id, user);
    const known = this.chats.get(ref.id);
    if (known) {
      if (user && known.type === 'private') known.user = user;
      return known;
    }
    const chat: SimChat = {
      ...ref,
      messages: [],
      keyboard: null,
      typingUntil: 0,
      typings: 0,
      blocked: false,
      deactivated: false,
    };
    if (user && ref.type === 'private') chat.user = user;
    this.chats.set(ref.id, chat);
    return chat;
  }

  openFor(user: SimUser): SimChat {
    return this.open(user, chatOf(user));
  }

  /** Private chats and basic groups share one sequence; a supergroup or channel has its own. */
  nextMessageId(chat: SimChat): number {
    if (chat.type === 'private' || chat.type === 'group') return ++this.#messageId;
    return (chat.messages.at(-1)?.message_id ?? 0) + 1;
  }

  addMessage(
    chat: SimChat,
    message: Omit<SimMessage, 'message_id' | 'chat_id' | 'deleted' | 'edits'>,
  ): SimMessage {
    const added: SimMessage = {
      ...message,
      message_id: this.nextMessageId(chat),
      chat_id: chat.id,
      deleted: false,
      edits: [],
    };
    chat.messages.push(added);
    if (message.from === 'bot') chat.typingUntil = 0;
    this.changed(chat.id);
    return added;
  }

  message(chat: SimChat, messageId: number): SimMessage | undefined {
    return chat.messages.findLast((message) => message.message_id === messageId && !message.deleted);
  }

  edit(
    message: SimMessage,
    to: { text?: string; entities?: SimMessage['entities']; reply_markup?: JsonObject | undefined },
  ): void {
    const { date, text, entities } = message;
    message.edits.push({
      date: message.edit_date ?? date,
      text,
      entities,
      ...(message.reply_markup ? { reply_markup: message.reply_markup } : {}),
    });
    if (to.text !== undefined) message.text = to.text;
    if (to.entities) message.entities = to.entities;
    if (to.reply_markup) message.reply_markup = to.reply_markup;
    else if ('reply_markup' in to) delete message.reply_markup;
    message.edit_date = this.date;
    this.changed(message.chat_id);
  }

  isTyping(chat: SimChat): boolean {
    return chat.typingUntil > this.now();
  }
}
