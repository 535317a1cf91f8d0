import type { Address, InboundEvent, MediaRef } from '../message/event.ts';
import type { PlatformCall, Reply } from '../message/outbound.ts';
import type { RawRequest, Route } from '../message/route.ts';
import type { SendPolicy } from './errors.ts';

/** What a channel can do, as data: the conversation and the pipeline read this, never the channel's name. */
export interface Capabilities {
  /** Longest text of one message, in the platform's own unit (see `textUnit`). */
  textLimit: number;
  textUnit: 'code points' | 'utf16';
  edits: boolean;
  /** Inline choices: most per message, per row, and longest label (characters). */
  choices: { total: number; perRow: number; label: number };
  /** Time after a person's last message in which we may write freely; later only templates. Absent: at any time. */
  window?: { ms: number };
  /**
   * Every message is followed by a `DeliveryStatus` under our reference, usually within this many milliseconds: a call
   * whose outcome is unknown waits that long before it is made again. Absent: the platform tells nothing.
   */
  tellsFateWithin?: number;
  /** People must press Start before they can write, so they were greeted. */
  opensWithStart: boolean;
  /** It says which pictures are of one album. */
  tellsAlbums?: true;
  /** Every other limit of the platform, by name. */
  limits?: Readonly<Record<string, number>>;
  typing: { /** Repeat this often while working, in ms. */ every: number } | false;
  /** Requests the platform accepts: per second in all, and per chat. */
  rate: {
    perSecond: number;
    perChatPerSecond: number;
    perGroupPerMinute: number;
    /** Messages one chat may get at once before its pace applies. */
    perChatBurst?: number;
  };
}

/**
 * What became of a message we sent, as the platform tells it later. Statuses come at least once and in no order:
 * keep the furthest (sent < delivered < read; failed is final).
 */
export interface DeliveryStatus {
  /** The reference given to `send`: our outbox id. */
  reference?: string;
  /** The platform's id of the message. */
  messageRef: string;
  state: 'sent' | 'delivered' | 'read' | 'failed';
  /** Why it failed: the platform's code and words, fit for staff, and what the code asks of us. */
  error?: { code: string; title: string; policy: SendPolicy };
  /** Epoch milliseconds by the platform's clock. */
  at: number;
}

/** One authentic thing a platform sent, ready for the inbox. */
export interface Incoming {
  /** Unique per (channel, account): the platform's update id, or a keyed digest where it would reveal a person. */
  dedupKey: string;
  /** Absent when the update belongs to no conversation, or is unusable. */
  address?: Address;
  /** The event's kind, or what the update is (`poll`, `channel_post`…) when no event is made of it. */
  kind: string;
  /** Raw JSON text of this one update: sealed in the inbox, given to `read` at the turn. */
  payload: string;
  /** Why it cannot be used: it becomes a dead letter, and is acknowledged. */
  unusable?: string;
  /** Best-effort call to fire right after the commit (answer a tap, mark as read), never stored. */
  signal?: PlatformCall;
  /** The fate of a message of ours: no event of a conversation. Such an item has no address. */
  status?: DeliveryStatus;
}

export type ReceiveOutcome = 'stored' | 'busy';

/** What the pipeline hands to a channel. `receive` resolves only after the rows are on disk. */
export interface ChannelContext {
  receive(items: Incoming[]): Promise<ReceiveOutcome>;
  /** Keyed digest of a value that must not be stored in clear (hex). */
  digest(value: string): string;
  log: ChannelLog;
}

export interface ChannelLog {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

export interface RenderContext {
  address: Address;
  /** What the reply answers, for edits in place. */
  event?: InboundEvent;
  /** Mark of part `i` of `n` (from 2), in the conversation's language: "(Suite 2/3)". */
  part(i: number, n: number): string;
  /** Label of the button that opens a list of choices, in the conversation's language: "Choisir". */
  openList?: string;
}

export interface FetchedMedia {
  bytes: Uint8Array;
  /** What the platform says it is: a hint, its content decides. */
  mime?: string;
}

export interface Sent {
  /** The platform's id of the message, when the call made one. */
  messageRef?: string;
}

export interface Channel {
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** Our bot or number; known after `start`. */
  readonly account: string;
  readonly capabilities: Capabilities;
  /** Webhook routes, mounted before `start`; empty when polling. */
  readonly routes: Route[];
  /** For the shared `/webhook` path: is this request ours, by its shape or headers (not its authenticity)? */
  recognises(request: RawRequest): boolean;
  /** Raw payload of one inbox row → its event. Pure. Throws only on a bug: the row becomes a dead letter. */
  read(payload: string): InboundEvent;
  /** A reply → the platform calls that make it, in order (long texts are split). Pure. */
  render(reply: Reply, context: RenderContext): PlatformCall[];
  /** `event`: what we are about to answer, for a platform that shows typing under one message. */
  typing(address: Address, event?: InboundEvent): PlatformCall | undefined;
  /** The same call for a conversation that moved to another chat id; absent where chats never move. */
  readdress?(call: PlatformCall, chat: string): PlatformCall;
  /** This call may be made outside the window (`capabilities.window`); absent: every call may. */
  outsideWindow?(call: PlatformCall): boolean;
  /**
   * Performs one call. Throws `SendError`, whose flags say what to do. `reference` (a message of ours, a dot, which try of
   * it this is) comes back in the message's
   * `DeliveryStatus` where the platform can carry it.
   */
  send(call: PlatformCall, signal: AbortSignal, reference?: string): Promise<Sent>;
  /**
   * The bytes of a file a person sent (`media.ref`), through the platform only. Throws `SendError`: code `media_gone`
   * (expired, withdrawn), `media_too_large` (over `maxBytes`, or over what the platform hands out), `media_untrusted` (an
   * address or a content that is not what the platform promised), or the codes and policies of any call.
   */
  fetchMedia(media: MediaRef, limits: { maxBytes: number; signal: AbortSignal }): Promise<FetchedMedia>;
  /** The platform has answered since `start`; absent: nothing to say. */
  reached?(): boolean;
  /** Registers commands and the webhook, or starts polling. */
  start(context: ChannelContext): Promise<void>;
  stop(): Promise<void>;
}
