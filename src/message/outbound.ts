import type { Rich } from './rich.ts';

/** One inline choice under a message. `id` comes back in a `tap` event: 1 to 64 bytes of printable ASCII. */
export interface Choice {
  id: string;
  label: string;
}

/** A button that opens an address instead of coming back to us. */
export interface LinkChoice {
  url: string;
  label: string;
}

export type InlineButton = Choice | LinkChoice;

/** A keyboard that replaces the person's own; asking for a phone number exists only here. */
export interface ReplyKeyboard {
  rows: { label: string; asksPhone?: boolean }[][];
  once?: boolean;
}

/** A file made for one person, such as what we hold of them. */
export interface Document {
  name: string;
  mime: string;
  text: string;
}

/** A reply as the conversation decides it; the channel renders and splits it. */
export interface Reply {
  body: Rich;
  /** Inline choices, row by row. Exclusive with `keyboard`. */
  choices?: InlineButton[][];
  keyboard?: ReplyKeyboard | 'remove';
  /**
   * The choices are worth no message of their own, such as a vote: where the platform would need one more for them, or has no
   * place for them, these words are written under the text instead.
   */
  asWords?: Rich;
  /**
   * Nothing new is said, a tap is acknowledged: where messages can be edited the choices under the tapped one become these;
   * elsewhere the emoji is put on what the person did; where neither can be, `body` is sent.
   */
  acknowledges?: { emoji?: string };
  /** Edit the tapped message in place where the channel can, send anew elsewhere. */
  inPlace?: boolean;
  /** Sent after the words. */
  document?: Document;
  /**
   * An approved template, the only thing a platform with a window lets through outside it; where the platform has no
   * window, `body` is sent.
   */
  template?: { name: string; language: string; parameters: string[] };
}

/**
 * One call to a platform: what one outbox row holds. `method` and `params` are the channel's own words.
 * `fallback` is tried once, at once, when the platform refuses the call for a reason that the channel says it cures
 * (markup refused → plain text; message to edit gone → send anew).
 */
export interface PlatformCall {
  method: string;
  params: Record<string, unknown>;
  fallback?: PlatformCall;
}
