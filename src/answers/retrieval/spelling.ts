import type { Slices } from './slices.ts';

/** Optimal string alignment distance (insert, delete, replace, swap neighbours), or `limit + 1` when above `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return Math.min(limit + 1, previous[b.length] ?? 0);
}

/** How a folded French word sounds, roughly: spellings heard alike share it ("kotisasion", "cotisations"). */
export function phonetic(word: string): string {
  return word
    .replace(/eaux?|aux?/g, 'o')
    .replace(/ph/g, 'f')
    .replace(/([ts])ch/g, 'ch')
    .replace(/ch/g, '8')
    .replace(/h/g, '')
    .replace(/qu?/g, 'k')
    .replace(/cc(?=[eiy])/g, 'ks')
    .replace(/x(?=.)/g, 'ks')
    .replace(/sc(?=[eiy])|c(?=[eiy])/g, 's')
    .replace(/c/g, 'k')
    .replace(/gu(?=[eiy])/g, '9')
    .replace(/g(?=[eiy])/g, 'j')
    .replace(/9/g, 'g')
    .replace(/gn/g, '7')
    .replace(/t(?=i[oea]n)/g, 's')
    .replace(/ai[lh]+e?s?$|ay+e?s?$/g, '4')
    .replace(/ei[lh]+e?s?$|ey+e?s?$/g, '5')
    .replace(/(?:ain|ein|aim|im|in|yn)(?![aeiouyn\d])/g, '6')
    .replace(/(?:an|am|en|em)(?![aeiouymn\d])/g, '1')
    .replace(/(?:on|om)(?![aeiouymn\d])/g, '3')
    .replace(/ai|ei|er$|ez$|et$/g, 'e')
    .replace(/oi/g, 'w')
    .replace(/ou/g, 'u')
    .replace(/oe|eu/g, 'e')
    .replace(/y/g, 'i')
    .replace(/z/g, 's')
    .replace(/(.)\1+/g, '$1')
    .replace(/(?<=..)(?:e?nt|[estdpxz])+$/g, '')
    .replace(/(.)\1+/g, '$1');
}

/** Consonants in order, doubled ones once: what SMS writing keeps. */
export const skeleton = (word: string): string =>
  word
    .replace(/ph/g, 'f')
    .replace(/qu|c(?![eiyh])/g, 'k')
    .replace(/[aeiouyh]/g, '')
    .replace(/(.)\1+/g, '$1');

function isWithin(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}

const letters = (word: string): number => {
  let mask = 0;
  for (let at = 0; at < word.length; at += 1) mask |= 1 << (word.charCodeAt(at) & 31);
  return mask;
};

function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export interface Speller {
  /** The word of the vocabulary that was most likely meant; `undefined`: leave it. */
  correct(word: string): string | undefined;
}

/** A wrong word is one edit away up to this length, two above. */
const SHORT = 7;
const editsIn = (word: string): number => (word.length <= SHORT ? 1 : 2);

/** Near enough to ask whether it was meant: heard alike, or few edits and the same beginning. */
export function isClose(typed: string, meant: string): boolean {
  if (phonetic(typed) === phonetic(meant)) return true;
  const edits = editsIn(typed);
  return typed[0] === meant[0] && distance(typed, meant, edits) <= edits;
}

const LONGEST = 30;

/** How a word sounds and its consonants: worth keeping from one speller to the next. */
export interface Heard {
  sound: string;
  bone: string;
}

/** Words between two pauses. */
const PAUSE = 256;

/**
 * `vocabulary` are folded words to correct towards, with how often each occurs. Only call it for words that neither
 * the documents nor French know: that guard is what keeps clean questions clean.
 */
export function* createSpeller(
  vocabulary: Iterable<{ form: string; frequency: number }>,
  heard = new Map<string, Heard>(),
): Slices<Speller> {
  const list: { form: string; frequency: number }[] = [];
  const sounds: string[] = [];
  const bones = new Map<string, number[]>();
  for (const entry of vocabulary) {
    const { form } = entry;
    if (form.length < 3 || /\d/.test(form)) continue;
    let known = heard.get(form);
    if (known === undefined) {
      known = { sound: phonetic(form), bone: skeleton(form) };
      heard.set(form, known);
    }
    const id = list.push(entry) - 1;
    sounds.push(known.sound);
    if (id % PAUSE === 0) yield;
    if (known.bone.length < 3) continue;
    const same = bones.get(known.bone);
    if (same) same.push(id);
    else bones.set(known.bone, [id]);
  }
  const masks = Uint32Array.from(list, ({ form }) => letters(form));
  const soundMasks = Uint32Array.from(sounds, letters);

  function nearest(word: string): { form: string; cost: number } | undefined {
    const limit = editsIn(word);
    const sound = phonetic(word);
    const soundLimit = sound.length >= 5 ? 1 : 0;
    const mask = letters(word);
    const soundMask = letters(sound);
    let found: { form: string; cost: number } | undefined;
    const offer = (id: number, cost: number) => {
      const entry = list[id];
      if (!entry) return;
      // Among equals: same first letter, then the more frequent word.
      const total =
        cost + (entry.form[0] === word[0] ? 0 : 0.35) - Math.min(0.3, Math.log(1 + entry.frequency) / 30);
      if (found === undefined || total < found.cost) found = { form: entry.form, cost: total };
    };
    for (let id = 0; id < list.length; id += 1) {
      const form = list[id]?.form ?? '';
      const gap = Math.abs(form.length - word.length);
      if (gap <= limit && bits((masks[id] ?? 0) ^ mask) <= 2 * limit) {
        const edits = distance(word, form, limit);
        if (edits <= limit) offer(id, edits);
      }
      if (gap <= 3 && sound.length >= 3 && bits((soundMasks[id] ?? 0) ^ soundMask) <= 2 * soundLimit) {
        const edits = distance(sound, sounds[id] ?? '', soundLimit);
        if (edits <= soundLimit) offer(id, 0.8 + 0.9 * edits + 0.1 * gap);
      }
    }
    const bone = skeleton(word);
    // Vowels left out on purpose ("nvel"): every letter typed is in the word, in order.
    if (bone.length >= 3)
      for (const id of bones.get(bone) ?? []) if (isWithin(word, list[id]?.form ?? '')) offer(id, 1.6);
    return found;
  }

  const memory = new Map<string, string | undefined>();
  return {
    correct(word) {
      if (word.length < 4 || word.length > LONGEST || !/^\p{L}+$/u.test(word)) return undefined;
      if (memory.has(word)) return memory.get(word);
      let found = nearest(word);
      // An article glued to its noun: "lakotisasion", "lemail", "dutravail".
      const glued = /^(?:les|des|du|de|la|le|l|d)(?=[a-z]{4,}$)/.exec(word);
      if (glued && (found === undefined || found.cost > 1)) {
        const inner = word.slice(glued[0].length);
        const candidate = list.some(({ form }) => form === inner)
          ? { form: inner, cost: 0.5 }
          : nearest(inner);
        if (candidate && candidate.cost + 0.2 < (found?.cost ?? Infinity)) found = candidate;
      }
      if (memory.size > 5000) memory.clear();
      memory.set(word, found?.form);
      return found?.form;
    },
  };
}
