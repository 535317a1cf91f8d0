/** Longest name kept, in UTF-16 units: platforms allow 64 to 128 characters, the rest is an attack. */
const NAME_LIMIT = 256;

/** Every control character but line feed and tab. */
const CONTROLS = /[^\P{Cc}\n\t]/gu;
/** Bidirectional marks, embeddings, overrides and isolates: they can turn the text around a name inside out. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Invisible characters that are not needed to join emoji (U+200D is). */
const INVISIBLE = /[\u200b\u2060\ufeff]/g;

/**
 * A text as every store and platform accepts it: no NUL, no control character but `\n` and `\t` (line ends become `\n`),
 * no lone surrogate (it becomes U+FFFD). PostgreSQL refuses NUL and lone surrogates that SQLite takes.
 */
export function scrub(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROLS, '').toWellFormed();
}

/** A name fit for one line: as `scrub`, without line breaks (U+2028 included), bidi controls or invisible characters; trimmed. */
export function scrubName(name: string): string {
  const line = scrub(name.slice(0, 4 * NAME_LIMIT))
    .replace(BIDI, '')
    .replace(INVISIBLE, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > NAME_LIMIT ? line.slice(0, NAME_LIMIT).toWellFormed().trimEnd() : line;
}
