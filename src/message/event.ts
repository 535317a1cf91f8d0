/** Everything that happens to a conversation is an event; the inbox stores them, `conversation.decide` reads them. */

/** How an id is to be read: `user` (Telegram id), `phone` (E.164), `bsuid` (WhatsApp business-scoped id), `visitor` (web). */
export type Scheme = 'user' | 'phone' | 'bsuid' | 'visitor';

/** One name a platform has for a person. `value` is the platform's id in its own scheme. */
export interface PlatformIdentity {
  scheme: Scheme;
  value: string;
}

/** Who wrote, as the platform names them. */
export interface Sender extends PlatformIdentity {
  /** Other ids the platform vouches for as the same person's. */
  aliases?: PlatformIdentity[];
  firstName?: string;
  lastName?: string;
  username?: string;
  /** BCP 47 tag the platform gives, a hint only. */
  language?: string;
  isBot?: boolean;
}

export type ChatKind = 'private' | 'group' | 'channel';

/** Where a conversation takes place. `chat` is the platform's chat id as a string (ids beyond 2^53 stay exact). */
export interface Address {
  channel: string;
  /** Our own number or bot on that channel: (channel, account, chat) is unique. */
  account: string;
  chat: string;
  kind: ChatKind;
}

export type MediaKind = 'photo' | 'document' | 'voice' | 'audio' | 'video' | 'sticker' | 'location' | 'other';

export interface MediaRef {
  kind: MediaKind;
  /** The platform's handle, to fetch it later. */
  ref?: string;
  name?: string;
  mime?: string;
  bytes?: number;
}

interface Base {
  /** Epoch milliseconds by the platform's clock. */
  sentAt?: number;
  sender?: Sender;
  /** The platform's id of the message this event is or belongs to. */
  messageRef?: string;
}

export type PlatformEvent =
  | (Base & {
      kind: 'text';
      text: string;
      /** In a group: the text mentions us, replies to us, or is a command for us. */ addressed: boolean;
    })
  | (Base & {
      kind: 'tap';
      data: string;
      /** Answer this id on the signal lane; absent where a tap needs no answer. */ tapRef?: string;
      editable: boolean;
    })
  | (Base & {
      kind: 'contact';
      phone: string;
      /** The platform vouches that the number is the sender's own. */
      own: boolean;
    })
  | (Base & {
      kind: 'media';
      media: MediaRef[];
      caption?: string;
      /** Messages of one album share it. */ album?: string;
    })
  | (Base & { kind: 'edited'; text?: string })
  | (Base & { kind: 'membership'; state: 'blocked' | 'joined' | 'left' })
  | (Base & {
      kind: 'moved';
      chat: string;
      /** The sender's new id, when the person and not only the chat changed name. */ identity?: PlatformIdentity;
    })
  /** Authentic, of a kind the product does not handle: stored, and answered politely when `direct` (a person expects a reply). */
  | (Base & { kind: 'other'; what: string; direct: boolean });

/** Events that no platform sends. They enter the same inbox, so a conversation keeps one order. */
export type InternalEvent =
  | (Base & { kind: 'staff_reply'; staffId: string; markdown: string })
  | (Base & { kind: 'take_over'; staffId: string })
  | (Base & { kind: 'hand_back'; staffId: string })
  | (Base & { kind: 'timer'; name: string });

export type InboundEvent = PlatformEvent | InternalEvent;
export type EventKind = InboundEvent['kind'];
