import type { JsonObject } from '../shared/json.ts';
import type { SimMessage } from './message.ts';
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
  const chat = [...store.chats.values()].find((one) => one.user === user);
  return {
    business,
    users: [...store.users.values()].map(shownUser),
    user: shownUser(user),
    chat: {
      id: keyOf(user),
      typing: chat !== undefined && store.isTyping(chat),
      blocked: chat?.blocked ?? false,
      windowOpen: chat !== undefined && store.isOpen(chat),
      messages: chat ? shownMessages(chat) : [],
    },
    violations: store.violations.length,
  };
}

/** `id` is what the control routes take as `user`. */
export const shownUser = (user: WaUser): JsonObject => ({ id: keyOf(user), ...user });

/** Reactions, edits and deletions are shown on the message they are about. */
const NOT_BUBBLES = ['reaction', 'edit', 'revoke'];

const shownMessages = (chat: SimChat): JsonObject[] =>
  chat.messages
    .filter(({ kind }) => !NOT_BUBBLES.includes(kind))
    .slice(-SHOWN)
    .map(shownMessage);

function shownMessage(message: SimMessage): JsonObject {
  const { id, from, at, kind, text, status, media, reaction } = message;
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
    media: media && { kind: media.voice === true ? 'voice' : media.kind, name: media.name, link: media.link },
    header,
    footer,
    asks,
    replyTo,
    reaction: reaction?.emoji,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
