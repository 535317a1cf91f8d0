import type { Collection } from './collection.ts';
import type { QuestionType } from './evidence.ts';
import type { WeightedTerm } from './postings.ts';
import { idf } from './postings.ts';
import { grams, root, stem } from './views.ts';

/** A content word of the question, looked up in the collection. */
export interface QueryWord {
  form: string;
  /** Ids in the collection; absent: the collection does not have it. */
  formId?: number;
  stemId?: number;
  rootId?: number;
  weight: number;
  /** idf over whole passages (title and body). */
  idf: number;
}

/** A question ready to be ranked. */
export interface Query {
  words: QueryWord[];
  /** Synonyms, as stems: each stands for the word at `of` (index in `words`). */
  expansions: { stemId: number; of: number; weight: number }[];
  /** Every word with its stop words, for titles: its weight by form id. */
  all: Map<number, number>;
  type: QuestionType | undefined;
  /** What names a cell of a table: every folded word, known or not; the stem of each content word and synonym, and its word. */
  named: { all: ReadonlySet<string>; stems: Map<string, string> };
  /** Weight of each gram of the question, by gram id; the sum with unknown grams is `gramTotal`. */
  grams: Map<number, number>;
  gramTotal: number;
}

export interface WordWeight {
  form: string;
  weight: number;
}

/** Longer questions are cut here: nobody asks with more content words, and hostile text must stay cheap. */
const MAX_WORDS = 40;

export function lookUp(
  collection: Collection,
  content: readonly WordWeight[],
  allWords: readonly WordWeight[],
  type: QuestionType | undefined,
): Query {
  const { lexicon, stemFrequency } = collection;
  const count = collection.passages.length;
  /** A word that was once in the documents, or is only in newer ones, is not there. */
  const held = (id: number | undefined) =>
    id !== undefined && (stemFrequency[id] ?? 0) > 0 ? id : undefined;
  const seen = new Map<string, QueryWord>();
  for (const { form, weight } of content) {
    const known = seen.get(form);
    if (known) {
      known.weight = Math.max(known.weight, weight);
      continue;
    }
    if (seen.size >= MAX_WORDS) break;
    const stemmed = stem(form);
    const stemId = held(lexicon.stems.get(stemmed));
    const rootId = lexicon.roots.get(root(stemmed));
    const formId = lexicon.idOf.get(form);
    seen.set(form, {
      form,
      weight,
      ...(formId !== undefined && { formId }),
      ...(stemId !== undefined && { stemId }),
      ...(rootId !== undefined && { rootId }),
      idf: idf(count, stemId === undefined ? 0 : (stemFrequency[stemId] ?? 0)),
    });
  }
  const words = [...seen.values()];
  const gramWeights = new Map<number, number>();
  let gramTotal = 0;
  for (const word of words) {
    const list = grams(word.form);
    const each = (word.weight * word.idf) / list.length;
    for (const gram of list) {
      gramTotal += each;
      const id = lexicon.gramIds.get(gram);
      if (id !== undefined) gramWeights.set(id, (gramWeights.get(id) ?? 0) + each);
    }
  }
  const written = (id: number) =>
    (collection.formFrequency[id] ?? 0) + (collection.titles.wordFrequency[id] ?? 0) > 0;
  const all = new Map<number, number>();
  for (const { form, weight } of allWords.slice(0, 2 * MAX_WORDS)) {
    const id = lexicon.idOf.get(form);
    if (id !== undefined && written(id)) all.set(id, Math.max(all.get(id) ?? 0, weight));
  }
  const named = {
    all: new Set(allWords.map(({ form }) => form)),
    stems: new Map(words.map(({ form }) => [stem(form), form])),
  };
  return { words, expansions: [], all, type, named, grams: gramWeights, gramTotal };
}

/** The idf mass of a question: what a passage would hold if it held every word. */
export const massOf = (query: Query): number =>
  query.words.reduce((sum, word) => sum + word.weight * word.idf, 0);

/** The terms of one view, repeated words counted once, synonyms included in the stem view. */
export function termsOf(query: Query, view: 'stem' | 'root'): WeightedTerm[] {
  const weights = new Map<number, number>();
  const put = (id: number | undefined, weight: number) => {
    if (id !== undefined) weights.set(id, Math.max(weights.get(id) ?? 0, weight));
  };
  for (const word of query.words) put(view === 'stem' ? word.stemId : word.rootId, word.weight);
  if (view === 'stem') for (const { stemId, weight } of query.expansions) put(stemId, weight);
  return [...weights].map(([id, weight]) => ({ id, weight }));
}
