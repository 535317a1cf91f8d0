import { words } from './fold.ts';

/** Not written as words are: codes, addresses, placeholders. */
const CODE = /[\d{}[\]<>_@/\\=$#|]/;
/** "d'Aminata" too. */
const CAPITAL = /^\P{L}*(?:\p{L}{1,2}['’])?\p{Lu}/u;
const ENDS = /[.!?:…»"]$/u;
/** Above this share of capitals they say nothing, in as many words at least. */
const TITLE_CASE = 0.6;
const LEAST_WORDS = 4;

/**
 * Folded words of a question that are what they are, however like a word of the documents: what is no word, and, of
 * those that nobody knows, names (a capital inside a sentence).
 */
export function untouchedIn(question: string): ReadonlySet<string> {
  const tokens = question.split(/\s+/).filter((token) => /\p{L}/u.test(token));
  const capitals = tokens.filter((token) => CAPITAL.test(token)).length;
  const shouted = tokens.length >= LEAST_WORDS && capitals > TITLE_CASE * tokens.length;
  return new Set(
    tokens.flatMap((token, at) => {
      if (CODE.test(token)) return words(token);
      if (shouted || !CAPITAL.test(token)) return [];
      const begins = at === 0 || ENDS.test(tokens[at - 1] ?? '');
      // "Modou Fall est malade": a first name begins with its family name.
      return begins && (ENDS.test(token) || !CAPITAL.test(tokens[at + 1] ?? '')) ? [] : words(token);
    }),
  );
}
