import { fold } from '../message/fold.ts';
import type { TextKey } from './desk.ts';

/**
 * Talk that asks the documents nothing. When a message holds several, the first of this list is answered. `more`: what was
 * said is not enough. `lost`: it was not understood. `erase`: everything about
 * them. `forget`: the documents they sent. `yes`, `no`: to nothing that was asked. `hello` opens the home page.
 */
export const TALK = [
  'erase',
  'forget',
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
  'yes',
  'no',
] as const;
export type Talk = (typeof TALK)[number];

/**
 * How several questions in one message are told apart. `asks`: what asks, before something it asks about. `next`: what may begin a
 * second question after one of `and`. `relative`: of those, what also goes on with a clause. `leans`: what makes the words after
 * `asks` depend on the question before. `pronouns`: after a hyphen they ask ("puis-je"). `little`: words a question is not about.
 * `refuses`: what says that the question after it is not asked.
 */
export const GRAMMAR = ['asks', 'and', 'next', 'relative', 'leans', 'pronouns', 'little', 'refuses'] as const;
export type Grammar = Readonly<Record<(typeof GRAMMAR)[number], ReadonlySet<string>>>;

/** `around`: words that change nothing beside another phrase. `correction`: how people begin when they take a question back. */
export const TALK_LISTS = [...TALK, 'around', 'correction', ...GRAMMAR] as const;
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
  yes: 'yes_reply',
  no: 'no_reply',
} as const satisfies Partial<Record<Talk, TextKey>>;

export interface TalkWords {
  /** Folded phrases. */
  phrases: ReadonlyMap<string, Talk>;
  around: ReadonlySet<string>;
  /** The longest first. */
  corrections: readonly string[];
  grammar: Grammar;
}

type Lists = Partial<Record<TalkList, string[] | undefined>>;

/** The lists of every layer together; a later layer says what a phrase is. */
export function buildTalk(layers: readonly Lists[]): TalkWords {
  const phrases = new Map<string, Talk>();
  const all = (list: TalkList): Set<string> => new Set(layers.flatMap((lists) => folded(lists[list])));
  for (const lists of layers) {
    for (const talk of TALK) for (const one of folded(lists[talk])) phrases.set(one, talk);
  }
  return {
    phrases,
    around: all('around'),
    corrections: [...all('correction')].sort((a, b) => b.length - a.length),
    grammar: {
      asks: all('asks'),
      and: all('and'),
      next: all('next'),
      relative: all('relative'),
      leans: all('leans'),
      pronouns: all('pronouns'),
      little: all('little'),
      refuses: all('refuses'),
    },
  };
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
