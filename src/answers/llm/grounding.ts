import { words } from '../retrieval/fold.ts';
import { root, stem } from '../retrieval/views.ts';
import { MONTH } from './dates.ts';
import { NUMBER_RUN } from './number-words.ts';

/** Share of a sentence's words that the passages it cites must hold, by family: wording may differ, the subject may not. */
const HELD = 0.5;
const SHORTEST_WORD = 4;

/** Institutions; neither the currency, which is written in many ways, nor a box of the post. */
const ACRONYM = /(?<![\p{L}\p{N}])(?!(?:F?CFA|XOF|BP)(?!\p{L}))\p{Lu}{2,}(?![\p{L}\p{N}])/gu;
/** Longer ones, and those of a line in capitals, are words. */
const LONGEST_INSTITUTION = 7;

export const rootOf = (word: string): string => root(stem(word));

/** Acronyms of a text, folded; none of a line that is all in capitals. */
export function institutionsOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /\p{Ll}/u.test(line))
    .flatMap((line) => line.match(ACRONYM) ?? [])
    .filter((found) => found.length <= LONGEST_INSTITUTION)
    .flatMap(words);
}

/** No words of a subject: they are compared as figures. */
const FIGURE = new RegExp(`^(?:${NUMBER_RUN}|${MONTH}|fcfa|xof|francs?|euros?)$`, 'u');

/** Words of a sentence that say what it is about; `figures` too when asked. */
export function contentOf(text: string, stopWords: ReadonlySet<string>, figures = false): string[] {
  const acronyms = new Set((text.match(ACRONYM) ?? []).flatMap(words));
  return words(text).filter((word) =>
    /^\d/.test(word) || FIGURE.test(word)
      ? figures
      : (word.length >= SHORTEST_WORD && !stopWords.has(word)) || acronyms.has(word),
  );
}

export interface Ground {
  holds(word: string): boolean;
  /** Is this sentence about what these passages say? */
  carries(sentence: string): boolean;
  /** Does it name an institution, a place or a person that they do not? `strict`: also names that are no acronyms. */
  names(sentence: string, strict: boolean): boolean;
}

/** The words of the passages a sentence cites. */
export function groundOf(texts: readonly string[], stopWords: ReadonlySet<string>): Ground {
  const forms = new Set(texts.flatMap(words));
  const roots = new Set([...forms].map(rootOf));
  const held = (word: string): boolean => forms.has(word) || roots.has(rootOf(word));
  return {
    holds: held,
    carries(sentence) {
      // Figures and acronyms are words of the subject too.
      const content = contentOf(sentence, stopWords, true);
      return content.filter(held).length >= HELD * content.length;
    },
    names(sentence, strict) {
      const plain = sentence.replace(/[*_]/g, '');
      const acronyms = plain.match(ACRONYM) ?? [];
      // After the first word of the sentence, of a quotation or of what a colon announces.
      const names = strict ? (plain.match(/(?<=[\p{L}\p{N},;)] )\p{Lu}\p{Ll}[\p{L}'’-]*/gu) ?? []) : [];
      return [...acronyms, ...names].some((name) => !words(name).every(held));
    },
  };
}
