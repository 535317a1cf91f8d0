import type { Collection } from './collection.ts';
import type { Postings } from './postings.ts';
import { stem } from './views.ts';

/** Passages read to see whether a number is said of a word. */
const READ = 200;
const NOTHING = new Uint32Array();

/**
 * Numbers of a question that count something of which no passage says that number: in "combien pour 7 enfants ?" the 7
 * is the person's own, and a passage with "7 %" is no nearer for it.
 */
export function ownCounts(
  all: readonly string[],
  { lexicon, byStem, bodyOf, titles }: Collection,
): ReadonlySet<string> {
  const idOf = (word: string): number | undefined => lexicon.stems.get(stem(word));
  const isSaid = (number: number, counted: number): boolean => {
    const follows = (forms: Uint32Array): boolean =>
      forms.some(
        (form, at) =>
          lexicon.stemOf[form] === number && lexicon.stemOf[forms[at + 1] ?? Infinity] === counted,
      );
    const inAny = (postings: Postings, formsOf: (at: number) => Uint32Array | undefined): boolean => {
      const from = postings.offsets[number] ?? 0;
      const to = Math.min(postings.offsets[number + 1] ?? 0, from + READ);
      return postings.docs.subarray(from, to).some((at) => follows(formsOf(at) ?? NOTHING));
    };
    return inAny(titles.stems, (title) => titles.words[title]) || inAny(byStem, bodyOf);
  };
  const own = new Set<string>();
  for (const [at, word] of all.entries()) {
    if (!/^\d+$/.test(word)) continue;
    const number = idOf(word);
    const counted = idOf(all[at + 1] ?? '');
    if (counted === undefined) continue;
    if (number === undefined || !isSaid(number, counted)) own.add(word);
  }
  return own;
}
