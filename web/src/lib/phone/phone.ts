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
}

export interface PhonePerson {
  id: number;
  name: string;
}

export interface PhoneMessage {
  id: number;
  mine: boolean;
  /** Seconds since 1970. */
  date: number;
  edited: boolean;
  text: string;
  entities: Entity[];
  buttons: InlineButton[][];
  media?: { kind: string; name?: string | undefined } | undefined;
  contact?: { phone: string } | undefined;
}

/** A stretch of a message's text; offset and length in UTF-16 units, as Telegram counts and as JavaScript indexes. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string | undefined;
}

export interface InlineButton {
  text: string;
  data?: string | undefined;
  url?: string | undefined;
}

export interface ReplyKeyboardView {
  rows: { text: string; asksContact: boolean }[][];
  compact: boolean;
  once: boolean;
}

export type Attachment = 'photo' | 'voice' | 'document';

/** What can go wrong between the desk and the platform; latency in milliseconds. */
export interface Faults {
  duplicates: boolean;
  drops: boolean;
  rateLimit: boolean;
  latencyMs: number;
}

/** `off`: the server runs without a simulator. */
export type Link = 'connecting' | 'live' | 'lost' | 'off';

/** What the platform pops up over the conversation. */
export interface Notice {
  text: string;
  /** Must be dismissed by the person. */
  alert: boolean;
}

export interface PhoneClient {
  readonly platform: 'telegram' | 'whatsapp';
  readonly link: Link;
  /** Null until the first state arrives. */
  readonly view: PhoneView | null;
  readonly notice: Notice | null;
  /** Where the broken rules are listed as JSON. */
  readonly violationsUrl?: string;
  /** Opens the connection; the returned function closes it. */
  start(): () => void;
  isWaiting(messageId: number, button: InlineButton): boolean;
  dismissNotice(): void;
  /** Each action says whether the simulator took it; a refusal becomes a notice. */
  sendText(text: string): Promise<boolean>;
  tap(messageId: number, button: InlineButton): Promise<boolean>;
  /** No number: the person's own. */
  shareContact(otherNumber?: string): Promise<boolean>;
  attach(kind: Attachment, text: string): Promise<boolean>;
  edit(messageId: number, text: string): Promise<boolean>;
  setBlocked(blocked: boolean): Promise<boolean>;
  setFaults(faults: Partial<Faults>): Promise<boolean>;
  addPerson(firstName: string): Promise<boolean>;
  switchTo(personId: number): void;
}
