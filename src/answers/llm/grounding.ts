import { words } from '../retrieval/fold.ts';
import { root, stem } from '../retrieval/views.ts';

/** Share of a sentence's words that the passages it cites must hold, by family: wording may differ, the subject may not. */
const HELD = 0.5;
const SHORTEST_WORD = 4;

/** Institutions, not the currency, which is written in many ways. */
const ACRONYM = /(?<![\p{L}\p{N}])(?!F?CFA(?!\p{L})|XOF(?!\p{L}))\p{Lu}{2,}(?![\p{L}\p{N}])/gu;

const rootOf = (word: string): string => root(stem(word));

export interface Ground {
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
    carries(sentence) {
      // Figures and acronyms are words of the subject too.
      const acronyms = new Set((sentence.match(ACRONYM) ?? []).flatMap(words));
      const content = words(sentence).filter(
        (word) =>
          (word.length >= SHORTEST_WORD && !stopWords.has(word)) || /^\d/.test(word) || acronyms.has(word),
      );
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
