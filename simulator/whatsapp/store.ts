import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../shared/json.ts';
import { limits } from './limits.ts';
import type { SimMessage, Status } from './message.ts';
import { keyOf, people } from './people.ts';
import type { WaUser } from './people.ts';
import type { Template } from './templates.ts';

/** Something the real platform would have ignored or repaired without a word. */
export interface Violation {
  call: string;
  rule: string;
  detail: string;
}

export type Report = (rule: string, detail: string) => void;

export interface CallRecord {
  id: number;
  /** `POST messages` (a send), `POST read`, `POST media`, `GET media`, `DELETE media`, `GET download`, `GET phone`. */
  name: string;
  /** `to` or `recipient`, as sent; empty when there is none. */
  to: string;
  /** JSON body; for an upload, its fields, the file as its name and size. */
  body: JsonObject;
  /** ms, of the simulator's clock. */
  at: number;
  finishedAt?: number;
  status?: number;
  response?: unknown;
  /** The call took effect (a fault may have hidden the answer). */
  executed: boolean;
  /** What became of the connection when there was no answer. */
  dropped?: 'reset' | 'hang';
}

export interface SimChat {
  /** The person's wa_id, or their user_id when they have none. */
  key: string;
  user: WaUser;
  messages: SimMessage[];
  /** ms; undefined: the person never wrote. */
  lastInboundAt?: number;
  /** ms; 0 when the bot is not typing. */
  typingUntil: number;
  typings: number;
  blocked: boolean;
}

export interface SimMedia {
  id: string;
  from: 'user' | 'business';
  mime: string;
  bytes: Uint8Array;
  /** ms */
  at: number;
  /** By the business; people keep what is in their chat. */
  deleted?: true;
}

export interface StatusRecord {
  id: string;
  status: Status;
  /** ms */
  at: number;
  /** Of a failure. */
  code?: number;
  callbackData?: string;
}

const KEPT = 100_000;
const DAY_MS = 86_400_000;

/** Everything the emulated platform remembers; every change is announced to who listens. */
export class Store {
  readonly users = new Map<string, WaUser>();
  readonly chats = new Map<string, SimChat>();
  readonly media = new Map<string, SimMedia>();
  readonly templates: Template[];
  readonly calls: CallRecord[] = [];
  readonly violations: Violation[] = [];
  readonly statuses: StatusRecord[] = [];
  /** wamids of people's messages that the business marked as read. */
  readonly readMarks = new Set<string>();
  readonly now: () => number;
  readonly windowMs: number;
  /** Numbers told by who hides theirs: messages to them arrive. */
  readonly #told = new Map<string, WaUser>();
  readonly #messages = new Map<string, { chat: SimChat; message: SimMessage }>();
  readonly #listeners = new Set<(chat: SimChat | undefined) => void>();
  #calls = 0;

  constructor(options: { now: () => number; windowMs: number; templates: readonly Template[] }) {
    this.now = options.now;
    this.windowMs = options.windowMs;
    this.templates = [...options.templates];
    for (const user of people) this.users.set(keyOf(user), { ...user });
  }

  listen(listener: (chat: SimChat | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(chat?: SimChat): void {
    for (const listener of this.#listeners) listener(chat);
  }

  violate(call: string, rule: string, detail: string): void {
    this.violations.push({ call, rule, detail });
    this.changed();
  }

  record(name: string, to: string, body: JsonObject): CallRecord {
    const call: CallRecord = { id: ++this.#calls, name, to, body, at: this.now(), executed: false };
    this.calls.push(call);
    if (this.calls.length > KEPT) this.calls.splice(0, KEPT / 10);
    return call;
  }

  /** By wa_id, by user_id, or by a number that was shared. */
  find(id: string): WaUser | undefined {
    return this.#known(id) ?? this.#told.get(id);
  }

  #known(id: string): WaUser | undefined {
    return (
      this.users.get(id) ??
      [...this.users.values()].find(({ wa_id, user_id }) => wa_id === id || user_id === id)
    );
  }

  tellNumber(user: WaUser, wa_id: string): void {
    if (!this.find(wa_id)) this.#told.set(wa_id, this.person(user));
  }

  /** Undefined: nothing was ever written. */
  chatWith(user: WaUser): SimChat | undefined {
    return this.chats.get(keyOf(user));
  }

  /** The known person this is, or a new one. A number that changed is found by the user_id. */
  person(user: WaUser): WaUser {
    const known = this.#known(user.user_id ?? keyOf(user)) ?? this.#known(keyOf(user));
    if (!known) {
      const added = { ...user };
      this.users.set(keyOf(added), added);
      return added;
    }
    if (user.name !== undefined) known.name = user.name;
    if (user.username !== undefined) known.username = user.username;
    if (user.user_id !== undefined) known.user_id ??= user.user_id;
    return known;
  }

  chatOf(user: WaUser): SimChat {
    const person = this.person(user);
    const key = keyOf(person);
    let chat = this.chats.get(key);
    if (!chat) {
      chat = { key, user: person, messages: [], typingUntil: 0, typings: 0, blocked: false };
      this.chats.set(key, chat);
    }
    return chat;
  }

  /** Chat and person go on under the new ids. */
  rename(user: WaUser, change: (known: WaUser) => void): SimChat {
    const chat = this.chatOf(user);
    this.users.delete(chat.key);
    this.chats.delete(chat.key);
    change(chat.user);
    chat.key = keyOf(chat.user);
    this.users.set(chat.key, chat.user);
    this.chats.set(chat.key, chat);
    this.changed();
    return chat;
  }

  addMessage(chat: SimChat, message: SimMessage): SimMessage {
    chat.messages.push(message);
    this.#messages.set(message.id, { chat, message });
    if (message.from === 'bot') chat.typingUntil = 0;
    this.changed(chat);
    return message;
  }

  message(id: string): { chat: SimChat; message: SimMessage } | undefined {
    return this.#messages.get(id);
  }

  addMedia(media: Omit<SimMedia, 'id' | 'at'>): SimMedia {
    const id = String(randomBytes(6).readUIntBE(0, 6) + 1_000_000_000_000_000);
    const added = { ...media, id, at: this.now() };
    this.media.set(id, added);
    return added;
  }

  /** Undefined when it never was, or is no longer kept. */
  keptMedia(id: string): SimMedia | undefined {
    const media = this.media.get(id);
    if (!media || media.deleted) return undefined;
    const days = media.from === 'user' ? limits.mediaIdInboundDays : limits.mediaIdUploadDays;
    return this.now() < media.at + days * DAY_MS ? media : undefined;
  }

  /** ms at which the customer service window closes; undefined: it never opened. */
  windowUntil(chat: SimChat): number | undefined {
    return chat.lastInboundAt === undefined ? undefined : chat.lastInboundAt + this.windowMs;
  }

  isOpen(chat: SimChat): boolean {
    return this.now() < (this.windowUntil(chat) ?? -Infinity);
  }

  isTyping(chat: SimChat): boolean {
    return chat.typingUntil > this.now();
  }
}

/** A message id holds the person's address, as the real ones do. */
export function newWamid(address: string): string {
  const head = Buffer.from([0x1c, 0x18, Math.min(address.length, 255)]);
  const tail = Buffer.from([0x15, 0x02, 0x00, 0x11, 0x18, 0x12]);
  const unique = randomBytes(9).toString('hex').toUpperCase();
  const bytes = Buffer.concat([head, Buffer.from(address), tail, Buffer.from(unique), Buffer.from([0])]);
  return `wamid.${bytes.toString('base64')}`;
}
