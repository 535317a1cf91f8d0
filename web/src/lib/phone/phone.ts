/**
 * What a phone shows and what its owner can do, whatever the platform. A platform's client turns its own wire
 * format into this; the components know nothing else.
 */
export interface PhoneView {
  peer: { name: string; handle?: string | undefined };
  typing: boolean;
  blocked: boolean;
  messages: PhoneMessage[];
  keyboard: ReplyKeyboardView | null;
  commands: { command: string; description: string }[];
  people: PhonePerson[];
  person: PhonePerson;
  faults: Faults;
  violations: number;
  /** How long the business may still write freely; absent where the platform sets no such limit. */
  window?: WritingWindow | undefined;
}

/** `until`: seconds since 1970; absent when the person never wrote. */
export interface WritingWindow {
  open: boolean;
  until?: number | undefined;
}

export interface PhonePerson {
  id: string;
  name: string;
  /** As people write it, with its +. Null: hidden from the business. Absent: the platform does not show numbers. */
  number?: string | null | undefined;
}

export interface PhoneMessage {
  id: string;
  mine: boolean;
  /** Seconds since 1970. */
  date: number;
  edited: boolean;
  /** Above and below the text, where the platform has them. */
  header?: string | undefined;
  footer?: string | undefined;
  text: string;
  entities: Entity[];
  buttons: InlineButton[][];
  list?: ChoiceList | undefined;
  media?: MediaView | undefined;
  contact?: { phone: string } | undefined;
  /** What it answers. */
  quote?: { mine: boolean; text: string } | undefined;
  reaction?: string | undefined;
  /** Shown as such, without its text: taken back, or of a kind that the platform does not hand over. */
  missing?: 'revoked' | 'unsupported' | undefined;
  status?: DeliveryStatus | undefined;
  /** The platform's own code, when the status is `failed`. */
  failure?: number | undefined;
}

export type DeliveryStatus = 'sent' | 'delivered' | 'read' | 'failed';

/** A stretch of a message's text; offset and length in UTF-16 units, as Telegram counts and as JavaScript indexes. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string | undefined;
}

export interface MediaView {
  kind: 'photo' | 'voice' | 'audio' | 'video' | 'document' | 'sticker' | 'location' | 'other';
  name?: string | undefined;
  /** Bytes. */
  size?: number | undefined;
  /** Where the bytes are. */
  address?: string | undefined;
}

export interface InlineButton {
  text: string;
  data?: string | undefined;
  url?: string | undefined;
  /** Answers with the person's number or place instead of its words. */
  asks?: 'contact' | 'location' | undefined;
}

export interface ChoiceList {
  /** What opens it. */
  button: string;
  sections: { title?: string | undefined; rows: ChoiceRow[] }[];
}

export interface ChoiceRow {
  id: string;
  title: string;
  description?: string | undefined;
}

export interface ReplyKeyboardView {
  rows: { text: string; asksContact: boolean }[][];
  compact: boolean;
  once: boolean;
}

export type FileKind = 'photo' | 'document' | 'voice' | 'sticker';

/** A file that is ready to go. */
export interface Outgoing {
  base64: string;
  name: string;
  mime: string;
}

export type FaultName =
  'duplicates' | 'reorder' | 'batch' | 'drops' | 'rateLimit' | 'failStatus' | 'withoutPhone' | 'mediaGone';

export type EventName = 'changeNumber' | 'sendUnsupported';

/** What can go wrong between the desk and the platform; latency in milliseconds. */
export interface Faults {
  on: readonly FaultName[];
  latencyMs: number;
}

/** `off`: the server runs without this simulator. */
export type Link = 'connecting' | 'live' | 'lost' | 'off';

/** What the platform pops up over the conversation. */
export interface Notice {
  text: string;
  /** Must be dismissed by the person. */
  alert: boolean;
}

export interface PhoneClient {
  readonly platform: 'telegram' | 'whatsapp';
  /** As its owner calls it, the same in every language. */
  readonly platformName: string;
  readonly link: Link;
  /** Null until the first state arrives. */
  readonly view: PhoneView | null;
  readonly notice: Notice | null;
  /** Where the broken rules are listed as JSON. */
  readonly violationsUrl: string;
  /** The faults this platform can have, in the order to show them. */
  readonly faultNames: readonly FaultName[];
  /** What an empty conversation offers to write first. */
  readonly opener: string;
  /** Opens the connection; the returned function closes it. */
  start(): () => void;
  isWaiting(messageId: string, button: InlineButton): boolean;
  /** A notice made on this side: a file that cannot be sent, for example. */
  tell(text: string): void;
  dismissNotice(): void;
  /** The conversation is before somebody's eyes. */
  seen?(): void;
  /** Each action says whether the simulator took it; a refusal becomes a notice. */
  sendText(text: string): Promise<boolean>;
  tap(messageId: string, button: InlineButton): Promise<boolean>;
  /** No number: the person's own. */
  shareContact(otherNumber?: string): Promise<boolean>;
  /** Photos and documents may be several; the caption is then the first one's. */
  sendFiles(kind: FileKind, files: readonly Outgoing[], caption: string): Promise<boolean>;
  sendLocation(): Promise<boolean>;
  /** Where the platform lets bots see corrections. */
  edit?(messageId: string, text: string): Promise<boolean>;
  /** An empty emoji takes the reaction back. */
  react?(messageId: string, emoji: string): Promise<boolean>;
  setBlocked(blocked: boolean): Promise<boolean>;
  setFaults(faults: Partial<Faults>): Promise<boolean>;
  addPerson(firstName: string): Promise<boolean>;
  /** What happens to people on this platform beside what they write, by a name that the page has words for. */
  readonly events?: Partial<Record<EventName, () => Promise<boolean>>>;
  switchTo(personId: string): void;
}
