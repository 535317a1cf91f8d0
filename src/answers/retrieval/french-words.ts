import { fold } from './fold.ts';

/** A list of French words that answers one question: is this folded word French? */
export interface WordList {
  has(folded: string): boolean;
}

interface Ending {
  flag: string;
  /** What the dictionary form has in place of the ending. */
  strip: string;
}

/**
 * The Hunspell dictionary `dictionary-fr`, kept as hashes: 84 k stems in about 1 MB instead of the 60 MB of a Set of
 * every inflected form. A word is looked up by undoing each suffix rule whose ending it bears. Prefix rules (elision)
 * are not needed: `words` has removed them. Two stems may share a 32-bit hash: a false "yes" for about 1 word in 50,000.
 */
export function compactWords(aff: string, dic: Uint8Array): WordList {
  const { keys: sorted, flagsOf } = readStems(dic);
  const endings = readEndings(aff);

  /** Calls `accept` with the flags of each entry of a stem until it says yes. */
  function entry(stem: string, accept: (flags: Set<string>) => boolean): boolean {
    const base = hash(stem) * 65536;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? 0) < base) low = middle + 1;
      else high = middle;
    }
    for (; (sorted[low] ?? Infinity) < base + 65536; low += 1) {
      const flags = flagsOf[(sorted[low] ?? 0) - base];
      if (flags && accept(flags)) return true;
    }
    return false;
  }

  return {
    has(word) {
      if (entry(word, (flags) => !flags.has('()'))) return true;
      for (let length = 0; length <= Math.min(word.length, endings.longest); length += 1) {
        const rules = endings.rules.get(word.slice(word.length - length));
        if (!rules) continue;
        const start = word.slice(0, word.length - length);
        for (const { flag, strip } of rules) {
          if (start + strip !== '' && entry(start + strip, (flags) => flags.has(flag))) return true;
        }
      }
      return false;
    },
  };
}

/** Reads the French dictionary of the package `dictionary-fr` (MPL-2.0). */
export async function loadFrenchWords(): Promise<WordList> {
  const { default: dictionary } = await import('dictionary-fr');
  return compactWords(new TextDecoder().decode(dictionary.aff), dictionary.dic);
}

const NEWLINE = 10;
const SLASH = 47;

/**
 * Lines `stem[/flags][ morphology]`, after a first line with their count. Read byte by byte: a string per line would
 * leave 30 MB of garbage behind. Each key is hash(folded stem) × 65536 + index of its set of flags; sorted.
 */
function readStems(dic: Uint8Array): { keys: Float64Array; flagsOf: Set<string>[] } {
  const text = new TextDecoder();
  const folded = new Map<number, string>();
  const sets = new Map<number, number>();
  const flagsOf: Set<string>[] = [];
  const keys: number[] = [];
  for (let at = dic.indexOf(NEWLINE) + 1; at < dic.length; at += 1) {
    let value = OFFSET;
    while (at < dic.length && !isEnd(dic[at]) && dic[at] !== SLASH) {
      const byte = dic[at] ?? 0;
      const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      if (length === 1) value = mix(value, byte >= 65 && byte <= 90 ? byte + 32 : byte);
      else {
        const letter = (byte << 16) | ((dic[at + 1] ?? 0) << 8) | (length > 2 ? (dic[at + 2] ?? 0) : 0);
        let plain = folded.get(letter);
        if (plain === undefined) {
          plain = fold(text.decode(dic.subarray(at, at + length)));
          folded.set(letter, plain);
        }
        for (let part = 0; part < plain.length; part += 1) value = mix(value, plain.charCodeAt(part));
      }
      at += length;
    }
    const flagsAt = dic[at] === SLASH ? at + 1 : at;
    let flagHash = OFFSET;
    for (at = flagsAt; at < dic.length && !isEnd(dic[at]); at += 1) flagHash = mix(flagHash, dic[at] ?? 0);
    let set = sets.get(flagHash);
    if (set === undefined) {
      set = flagsOf.length;
      sets.set(flagHash, set);
      flagsOf.push(new Set(text.decode(dic.subarray(flagsAt, at)).match(/../gs) ?? []));
    }
    if (value !== OFFSET) keys.push((value >>> 0) * 65536 + set);
    while (at < dic.length && dic[at] !== NEWLINE) at += 1;
  }
  return { keys: Float64Array.from(keys).sort(), flagsOf };
}

const isEnd = (byte: number | undefined): boolean =>
  byte === NEWLINE || byte === 13 || byte === 32 || byte === 9;

/** Suffix rules by the folded ending they add: `SFX flag strip add[/flags] condition`. */
function readEndings(aff: string): { rules: Map<string, Ending[]>; longest: number } {
  const rules = new Map<string, Ending[]>();
  let longest = 0;
  for (const line of aff.split('\n')) {
    if (!line.startsWith('SFX')) continue;
    const [, flag = '', strip = '', added = '', condition] = line.split(/\s+/);
    if (condition === undefined) continue;
    const ending = added === '0' ? '' : fold(added.split('/')[0] ?? '');
    const rule = { flag, strip: strip === '0' ? '' : fold(strip) };
    const list = rules.get(ending) ?? [];
    if (!list.some((known) => known.flag === rule.flag && known.strip === rule.strip)) list.push(rule);
    rules.set(ending, list);
    longest = Math.max(longest, ending.length);
  }
  return { rules, longest };
}

/** FNV-1a, 32 bits. */
const OFFSET = 0x811c9dc5;
const mix = (value: number, code: number): number => Math.imul(value ^ code, 0x01000193);

function hash(word: string): number {
  let value = OFFSET;
  for (let at = 0; at < word.length; at += 1) value = mix(value, word.charCodeAt(at));
  return value >>> 0;
}
