/**
 * Limits of the Bot API (10.1). Texts are counted in code points by Telegram and in UTF-16 units by us, of which there are never
 * fewer: only a text full of emoji makes a part more than it must.
 */
export const LIMITS = {
  /** Text of a message, after its markup is read. */
  text: 4096,
  /** The same before it, in UTF-8. */
  rawBytes: 32_768,
  caption: 1024,
  /** Kept of one message; the others are dropped without a word. */
  entities: 100,
  callbackDataBytes: 64,
  inlineButtons: 100,
  /** Shown of one row. */
  inlinePerRow: 8,
  keyboardButtons: 300,
  keyboardPerRow: 12,
  /** JSON of a keyboard (measured by bots, not published). */
  markupBytes: 10_240,
  /** Not Telegram's but ours: what a phone shows of a label on a button of its own row. */
  label: 64,
  callbackAnswer: 200,
  commands: 100,
  commandName: 32,
  commandDescription: 256,
  /** Largest file a bot may fetch, and send. */
  downloadBytes: 20_971_520,
  uploadBytes: 52_428_800,
  photoBytes: 10_485_760,
} as const;
