import { fold } from '../message/fold.ts';
import type { TextKey } from './desk.ts';

/**
 * Talk that asks the documents nothing. When a message holds several, the first of this list is answered. `more`: what was
 * said is not enough. `lost`: it was not understood. `hello` opens the home page.
 */
export const TALK = [
  'human',
  'insult',
  'robot',
  'who',
  'lost',
  'more',
  'laugh',
  'goodbye',
  'thanks',
  'hello',
] as const;
export type Talk = (typeof TALK)[number];

/** `around`: words that change nothing beside another phrase. `correction`: how people begin when they take a question back. */
export const TALK_LISTS = [...TALK, 'around', 'correction'] as const;
export type TalkList = (typeof TALK_LISTS)[number];

/** What each talk is answered with; the others do something. */
export const TALK_TEXTS = {
  human: 'human_reply',
  insult: 'insult_reply',
  robot: 'robot_reply',
  who: 'who_reply',
  lost: 'lost_reply',
  laugh: 'laugh_reply',
  goodbye: 'goodbye_reply',
  thanks: 'thanks_reply',
} as const satisfies Partial<Record<Talk, TextKey>>;

export interface TalkWords {
  /** Folded phrases. */
  phrases: ReadonlyMap<string, Talk>;
  around: ReadonlySet<string>;
  /** The longest first. */
  corrections: readonly string[];
}

type Lists = Partial<Record<TalkList, string[] | undefined>>;

/** The lists of every layer together; a later layer says what a phrase is. */
export function buildTalk(layers: readonly Lists[]): TalkWords {
  const phrases = new Map<string, Talk>();
  const around = new Set<string>();
  const corrections = new Set<string>();
  for (const lists of layers) {
    for (const talk of TALK) for (const one of folded(lists[talk])) phrases.set(one, talk);
    for (const one of folded(lists.around)) around.add(one);
    for (const one of folded(lists.correction)) corrections.add(one);
  }
  return { phrases, around, corrections: [...corrections].sort((a, b) => b.length - a.length) };
}

const folded = (list: readonly string[] = []): string[] =>
  list.flatMap(phrasings).flatMap((one) => fold(one) || []);

/** "(me|nous) (frappe|tape)" stands for four phrasings. */
export function phrasings(words: string): string[] {
  const parts = words.split(/\(([^()]*)\)/);
  return parts.reduce<string[]>(
    (begun, part, at) => {
      // Odd parts were between brackets.
      const choices = at % 2 === 1 ? part.split('|') : [part];
      return begun.flatMap((start) => choices.map((choice) => start + choice));
    },
    [''],
  );
}
