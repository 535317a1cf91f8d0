import { words } from './fold.ts';
import type { Slices } from './slices.ts';

/** Acronyms that a passage uses, folded: in its titles, and anywhere. */
export interface Named {
  title: ReadonlySet<string>;
  any: ReadonlySet<string>;
}

/** Names of institutions (acronyms of the titles) and which passage speaks of which. */
export interface Institutions {
  names: ReadonlySet<string>;
  /** The institution a folded word names, by itself or by another of its names. */
  named(word: string): string | undefined;
  /** The only institution that a passage's titles name; undefined: none, or several. */
  of(passage: number): string | undefined;
  /** Does a passage name it anywhere? */
  speaks(passage: number, name: string): boolean;
  /** The one that far more passages name than any other: the desk's own, which goes without saying. */
  own: string | undefined;
  /** What to take from a passage's score for a question whose folded words are given; undefined: none is named. */
  penalty(question: readonly string[]): ((passage: number) => number) | undefined;
}

const ACRONYM = /(?<![\p{L}\p{N}])\p{Lu}{2,6}(?![\p{L}\p{N}])/gu;

/** Title names another institution and not the one asked for; passage names none. */
const OTHER = 3;
const SILENT = 0.6;
const FAR_MORE = 1.5;

/**
 * Two documents of the same title must not be mixed when they belong to two institutions. The institutions of a
 * collection are the acronyms that its titles use in several passages, without any list to keep. `aliases` gives the
 * other names of an institution (a desk's synonym groups).
 */
export function* findInstitutions(
  passages: readonly Named[],
  aliases: readonly (readonly string[])[],
): Slices<Institutions> {
  const counts = new Map<string, number>();
  for (const { title } of passages) for (const name of title) counts.set(name, (counts.get(name) ?? 0) + 1);
  yield;
  const names = new Set([...counts].filter(([, count]) => count >= 2).map(([name]) => name));
  // The institution most passages belong to need not be named in each of them.
  const spoken = new Map<string, number>();
  for (const { any } of passages)
    for (const name of any) if (names.has(name)) spoken.set(name, (spoken.get(name) ?? 0) + 1);
  yield;
  const share = (name: string): number => (spoken.get(name) ?? 0) / Math.max(1, passages.length);
  const nameOf = new Map<string, string>([...names].map((name) => [name, name]));
  for (const group of aliases) {
    const single = group
      .map((phrase) => words(phrase))
      .filter((list) => list.length === 1)
      .map((list) => list[0] ?? '');
    const name = single.find((word) => names.has(word));
    if (name !== undefined) for (const word of single) if (!names.has(word)) nameOf.set(word, name);
  }
  return {
    names,
    named: (word) => nameOf.get(word),
    of(passage) {
      const own = [...(passages[passage]?.title ?? [])].filter((name) => names.has(name));
      return own.length === 1 ? own[0] : undefined;
    },
    speaks: (passage, name) => passages[passage]?.any.has(name) ?? false,
    own: ownOf(names, share),
    penalty(question) {
      const asked = new Set(question.flatMap((word) => nameOf.get(word) ?? []));
      if (asked.size === 0) return undefined;
      const rare = 1 - Math.max(...[...asked].map(share));
      return (passage) => {
        const own = passages[passage];
        if (!own || [...asked].some((name) => own.title.has(name))) return 0;
        if ([...own.title].some((name) => names.has(name))) return OTHER;
        return [...asked].some((name) => own.any.has(name)) ? 0 : SILENT * rare;
      };
    },
  };
}

function ownOf(names: ReadonlySet<string>, share: (name: string) => number): string | undefined {
  const [first, second] = [...names].sort((a, b) => share(b) - share(a));
  return first !== undefined && share(first) >= FAR_MORE * (second === undefined ? 0 : share(second))
    ? first
    : undefined;
}

const NONE: ReadonlySet<string> = new Set();

/** Acronyms of a text, folded. */
export function acronyms(text: string): ReadonlySet<string> {
  // A shouted heading is not a row of acronyms.
  if (text === text.toUpperCase() && /\s/.test(text)) return NONE;
  const found = text.match(ACRONYM);
  return found ? new Set(found.map((name) => name.toLowerCase())) : NONE;
}
