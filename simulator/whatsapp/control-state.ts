import type { JsonObject } from '../shared/json.ts';
import type { ShownMedia, SimMessage } from './message.ts';
import { keyOf } from './people.ts';
import type { WaUser } from './people.ts';
import type { SimChat, Store } from './store.ts';

const SHOWN = 200;

/** What one person's phone shows, as the page of the simulator reads it. Times in seconds since 1970. */
export function phoneState(
  store: Store,
  business: { name: string; number: string },
  user: WaUser,
): JsonObject {
  const chat = store.chatWith(user);
  return {
    business,
    users: [...store.users.values()].map(shownUser),
    user: shownUser(user),
    chat: {
      id: keyOf(user),
      typing: chat !== undefined && store.isTyping(chat),
      blocked: chat?.blocked ?? false,
      windowOpen: chat !== undefined && store.isOpen(chat),
      /** 0: the person never wrote. */
      windowUntil: Math.floor(((chat && store.windowUntil(chat)) ?? 0) / 1000),
      messages: chat ? shownMessages(store, chat) : [],
    },
    violations: store.violations.length,
  };
}

/** `id` is what the control routes take as `user`. */
export const shownUser = (user: WaUser): JsonObject => ({ id: keyOf(user), ...user });

/** Reactions, edits and deletions are shown on the message they are about. */
const NOT_BUBBLES = ['reaction', 'edit', 'revoke'];

const shownMessages = (store: Store, chat: SimChat): JsonObject[] =>
  chat.messages
    .filter(({ kind }) => !NOT_BUBBLES.includes(kind))
    .slice(-SHOWN)
    .map((message) => shownMessage(store, message));

function shownMessage(store: Store, message: SimMessage): JsonObject {
  const { id, from, at, kind, text, status, media, reaction, edited, revoked } = message;
  const { header, footer, buttons, list, url, asks, replyTo, error } = message;
  const all = {
    id,
    from,
    timestamp: Math.floor(at / 1000),
    kind,
    text,
    status,
    error,
    buttons,
    list,
    url,
    media: media && shownMedia(store, media),
    header,
    footer,
    asks,
    replyTo,
    reaction: reaction?.emoji,
    edited,
    revoked,
    /** A person's message: the business has marked it as read. */
    read: from === 'user' ? store.readMarks.has(id) : undefined,
  };
  return defined(all);
}

/** With an `id`, the bytes are at `media/{id}`. */
function shownMedia(store: Store, { id, kind, voice, name, link }: ShownMedia): JsonObject {
  const kept = id === undefined ? undefined : store.media.get(id);
  const size = kept?.bytes.byteLength;
  return defined({ kind: voice === true ? 'voice' : kind, name, link, id, mime: kept?.mime, size });
}

const defined = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
