/**
 * Makes a string safe for one log line: secrets, phone numbers and platform ids are masked, and what could break
 * or repaint a terminal line becomes visible text. Over-masking is accepted, under-masking is not.
 */
export type Redactor = (text: string) => string;

/** Longer strings are cut: a log line is not a place for a document. */
const MAX_LENGTH = 1_000;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // A Telegram bot token, also inside a URL (`/bot123:abc/…`) and percent-encoded.
  [/(?<!\d)\d{6,12}(?::|%3A)[\w-]{30,}/gi, '[token]'],
  // Access tokens of the Graph API, keys of OpenAI-like APIs, Slack tokens.
  [/\bEAA[A-Za-z0-9]{20,}/g, '[token]'],
  [/\b(?:sk|xox[abprs])-[\w-]{16,}/g, '[token]'],
  [/\b(Bearer|Basic|Digest)\s+[\w.~+/=-]{6,}/gi, '$1 [secret]'],
  [/\b(sha(?:1|256|512)=)[0-9a-f]{16,}/gi, '$1[signature]'],
  [/((?:token|secret|password|api[_-]?key|signature)["']?\s*[=:]\s*["']?)[^\s"'&,;}]{4,}/gi, '$1[secret]'],
  [/:\/\/[^\s/@:]*:[^\s/@]*@/g, '://[secret]@'],
  // International numbers with a plus or 00, then bare runs of digits (WhatsApp ids, chat ids), then Senegalese ones.
  [/(?:\+|(?<![\w.])00[\s\u00a0.-]?)[1-9](?:[\s\u00a0().-]{0,2}\d){6,14}/g, '[phone]'],
  [/(?<!\w|\w-|\d\.)\d{10,15}(?![\w]|\.\d|-\w)/g, '[number]'],
  [/(?<!\w|\w-|\d\.)(?:221[\s\u00a0.-]{0,2})?[37][0-9](?:[\s\u00a0.-]{0,2}\d){7}(?![\w]|-\w)/g, '[phone]'],
];

/** C0, DEL, C1, line and paragraph separators, and the marks that reorder text on screen. */
// eslint-disable-next-line no-control-regex -- control characters are what this removes
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Keeps a value on one line: every control character becomes `\xHH` or `\uHHHH`, visible. */
export function oneLine(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** `secrets`: literal values to mask wherever they appear (the configured tokens), also percent-encoded. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const literals = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((literal) => literal.length >= 6)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let safe = text;
    for (const literal of literals) safe = safe.replaceAll(literal, '[secret]');
    // Masked before it is cut, so that half a token never survives the cut.
    if (safe.length > 10 * MAX_LENGTH) safe = safe.slice(0, 10 * MAX_LENGTH);
    for (const [pattern, mask] of PATTERNS) safe = safe.replace(pattern, mask);
    if (safe.length > MAX_LENGTH) safe = `${safe.slice(0, MAX_LENGTH)}…`;
    return oneLine(safe);
  };
}

/** Names of fields whose value is never logged, whatever it is. */
const FORBIDDEN =
  /^(?:text|caption|question|payload|body|raw|phone|phone_?number|contact|username|(?:first|last)_?name|chat_?id|wa_?id|cookie|.*(?:token|secret|password|passphrase|authorization|signature|api_?key))$/i;

const MAX_DEPTH = 4;
const MAX_ITEMS = 20;

/** A copy of log fields with every string redacted and errors reduced to code and message. `stacks`: keep stack traces. */
export function redactFields(
  fields: Readonly<Record<string, unknown>>,
  redact: Redactor,
  stacks = false,
): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    const hidden = FORBIDDEN.test(key) && value !== undefined && value !== null;
    safe[redact(key)] = hidden ? '[redacted]' : redactValue(value, redact, stacks, 0);
  }
  return safe;
}

function redactValue(value: unknown, redact: Redactor, stacks: boolean, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return redact(value.toString());
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return redactError(value, redact, stacks, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[…]';
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redactValue(item, redact, stacks, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `… ${value.length - MAX_ITEMS} more`] : items;
  }
  const safe: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value).slice(0, MAX_ITEMS)) {
    const hidden = FORBIDDEN.test(key) && item !== undefined && item !== null;
    safe[redact(key)] = hidden ? '[redacted]' : redactValue(item, redact, stacks, depth + 1);
  }
  return safe;
}

function redactError(
  error: Error,
  redact: Redactor,
  stacks: boolean,
  depth: number,
): Record<string, unknown> {
  const safe: Record<string, unknown> = { name: redact(error.name) };
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' || typeof code === 'number') safe['code'] = redact(String(code));
  safe['message'] = redact(error.message);
  if (error.cause !== undefined && depth < MAX_DEPTH) {
    safe['cause'] = redactValue(error.cause, redact, stacks, depth + 1);
  }
  if (stacks && error.stack !== undefined) safe['stack'] = redact(error.stack);
  return safe;
}
