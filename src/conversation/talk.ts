import { TALK } from '../desk/talk.ts';
import type { Talk } from '../desk/talk.ts';
import { fold } from '../message/fold.ts';
import type { Voice } from './texts.ts';

/** Longer is no small talk. */
const MOST_WORDS = 14;
const LONGEST_PHRASE = 10;
/** "hahahaha", "mdrrr", "lool", "xD": as long as one likes. */
const LAUGHTER = /^(?:(?:h[aeiou]){2,}h?|a?(?:ha){2,}h?|mdr+|ptdr+|lo+l|xd+)$/;

/** The small talk that this whole text is; undefined when any of it may ask something. `folded` as `fold` gives it. */
export function talkIn(folded: string, voice: Voice): Talk | undefined {
  const words = folded.split(' ');
  if (folded === '' || words.length > MOST_WORDS) return undefined;
  /** By how many words are covered: the talk to answer, `null` while none of them says anything. */
  const reached: (Talk | null | undefined)[] = [null];
  for (let from = 0; from < words.length; from += 1) {
    const before = reached[from];
    if (before === undefined) continue;
    const reach = (at: number, talk: Talk | null): void => {
      const known = reached[at];
      if (known === undefined || known === null) reached[at] = first(talk, before);
      else reached[at] = first(known, first(talk, before));
    };
    if (isAround(words[from] ?? '', voice)) reach(from + 1, null);
    for (let to = from + 1; to <= Math.min(words.length, from + LONGEST_PHRASE); to += 1) {
      const talk = talkOf(words.slice(from, to).join(' '), voice);
      if (talk !== undefined) reach(to, talk);
    }
  }
  return reached[words.length] ?? undefined;
}

const first = (a: Talk | null, b: Talk | null): Talk | null => {
  if (a === null || b === null) return a ?? b;
  return TALK.indexOf(a) <= TALK.indexOf(b) ? a : b;
};

function talkOf(phrase: string, voice: Voice): Talk | undefined {
  for (const texts of voice.texts) {
    const talk = texts.talk.phrases.get(phrase);
    if (talk !== undefined) return talk;
    if (texts.thanks.has(phrase)) return 'thanks';
    if (texts.words.get(phrase) === voice.desk.home) return 'hello';
  }
  return LAUGHTER.test(phrase) ? 'laugh' : undefined;
}

const isAround = (word: string, voice: Voice): boolean =>
  voice.texts.some(({ talk }) => talk.around.has(word));

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** What is meant instead, of a text that takes a question back: "non, je voulais dire la retraite" → "la retraite". */
export function correctionIn(text: string, voice: Voice): string | undefined {
  const folded = fold(text);
  for (const { talk } of voice.texts) {
    const begun = talk.corrections.find((one) => folded.startsWith(`${one} `));
    if (begun === undefined) continue;
    const last = [...text.matchAll(WORD)][begun.split(' ').length - 1];
    const rest = last && text.slice(last.index + last[0].length).replace(/^[^\p{L}\p{N}]+/u, '');
    if (rest) return rest;
  }
  return undefined;
}

const ROWS = ['azertyuiop', 'qsdfghjklm', 'wxcvbn', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Fingers on a keyboard: one letter again and again, a row of keys, consonants alone. */
export function isGibberish(folded: string): boolean {
  const words = folded.split(' ');
  return folded !== '' && words.length <= 5 && words.every(isNoise);
}

function isNoise(word: string): boolean {
  if (!/^[a-z]+$/.test(word)) return false;
  if (/^([a-z])\1{3,}$/.test(word) || /^[bcdfghjklmnpqrstvwxz]{6,}$/.test(word)) return true;
  return (
    word.length >= 5 && ROWS.some((row) => row.includes(word) || [...row].reverse().join('').includes(word))
  );
}
