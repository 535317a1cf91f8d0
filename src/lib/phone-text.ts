/** One number as it stands in a text, before anybody judges it. */
export type Isolated =
  | { ok: true; digits: string; international: boolean; groups: number[] }
  | { ok: false; reason: 'empty' | 'letters' | 'rounded' | 'long' | 'invalid' };

/** A number with its comment is shorter; what is longer is no cell of a directory. */
const MAX_TEXT = 200;

const INVISIBLE = /\p{Cf}|\p{Cc}/gu;
const ROUNDED = /^[^\p{L}\p{N}]*(\d)(?:[.,](\d*))?\s?E\s?\+?(\d{1,2})[^\p{L}\p{N}]*$/iu;
/** `771234567.0` and `771 234 567,00`: a number cell shown with decimals. */
const DECIMALS = /^(\+?\d{9,15}|\d{1,3}(?:[ .]\d{3}){2,4})[.,]0{1,2}$/;
const LINK = /(?:wa\.me\/|[?&]phone=)\+?(\d+)/i;
const SCHEME = /^(?:tel|sms|whatsapp)\s?:\s?/i;
const COMMENT = /\([^()]*\p{L}[^()]*\)/gu;

/** Finds the digits of the only number of a text, whatever script, spaces, dashes or words surround them. Never throws. */
export function isolateNumber(text: string): Isolated {
  const clean = tidy(text);
  if (clean.length > MAX_TEXT) return { ok: false, reason: 'long' };
  const plain = exact(clean);
  if (plain === undefined) return { ok: false, reason: 'rounded' };
  const region = /[+\d].*\d|\d/.exec(plain);
  if (!region) return { ok: false, reason: 'empty' };
  const [found] = region;
  const before = plain.slice(0, region.index);
  const after = plain.slice(region.index + found.length);
  // "+221 +221 77…": a contact saved twice.
  const number = found.replace(/^\++/, '+').replace(/^\+?(\d{1,3})\s?\+(?=\1)/, '+');
  if (/\p{L}/u.test(number) || /\p{L}$/u.test(before) || /^\p{L}/u.test(after))
    return { ok: false, reason: 'letters' };
  if (!/^\+?\s?[\d\s().\-/_]+$/.test(number)) return { ok: false, reason: 'invalid' };
  const digits = number.replace(/\D/g, '');
  const international = number.startsWith('+') || digits.startsWith('00');
  return {
    ok: true,
    digits: digits.startsWith('00') ? digits.slice(2) : digits,
    international,
    groups: number.split(/\D+/).flatMap((group) => (group === '' ? [] : [group.length])),
  };
}

/** Western digits, plain spaces and dashes, nothing invisible; comments and link dressing gone. */
function tidy(text: string): string {
  const western = text
    .slice(0, MAX_TEXT * 2)
    .normalize('NFKC')
    .replace(INVISIBLE, (mark) => (mark === '\n' || mark === '\t' || mark === '\r' ? ' ' : ''))
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/\s+/g, ' ')
    .trim();
  const link = LINK.exec(western)?.[1];
  return (link ?? western.replace(SCHEME, '').replace(COMMENT, ' ')).trim();
}

/** The number a spreadsheet meant; undefined when it has forgotten digits. */
function exact(text: string): string | undefined {
  const scientific = ROUNDED.exec(text);
  if (scientific) {
    const [, first = '', rest = '', power = ''] = scientific;
    return rest.length === Number(power) ? first + rest : undefined;
  }
  const decimals = DECIMALS.exec(text)?.[1];
  return decimals === undefined ? text : decimals;
}

/** What may stand between two numbers, from the clearest to the least clear. */
const SEPARATORS: readonly RegExp[] = [
  /[;|&\n\t]|\s(?:ou|et|or|and|puis)\s/i,
  /\s[/-]\s|\s?,\s?/,
  /(?=\+)/,
  /\//,
  /-/,
  // Words: "papa 77… maman 78…".
  /\s?(?:\p{L}[\p{L}'. ]*:?)\s/u,
];

/**
 * The numbers of a text that holds several, as it writes them; at most one piece when it cannot be cut so that a
 * piece `isNumber`. Never throws.
 */
export function splitNumbers(text: string, isNumber: (piece: string) => boolean): string[] {
  if (text.length > MAX_TEXT) return [];
  for (const separator of SEPARATORS) {
    const parts = text.split(separator).filter((part) => /\p{N}/u.test(part));
    if (parts.length > 1 && parts.some(isNumber)) {
      return parts.flatMap((part) => {
        const inner = isNumber(part) ? [] : splitNumbers(part, isNumber);
        return inner.length > 1 ? inner : [part];
      });
    }
  }
  return splitAtSpace(text.trim(), isNumber);
}

/** "77 123 45 67 78 123 45 67": only when exactly one space makes two numbers of it. */
function splitAtSpace(text: string, isNumber: (piece: string) => boolean): string[] {
  const cuts = [...text.matchAll(/\s+/g)]
    .map(({ index }) => [text.slice(0, index), text.slice(index).trim()])
    .filter((halves) => halves.every(isNumber));
  const [only] = cuts;
  return cuts.length === 1 && only ? only : [text];
}
