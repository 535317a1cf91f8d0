import type { Collection } from './collection.ts';
import { meaningsOf, relevantForms } from './meaning.ts';
import { idf } from './postings.ts';
import type { Query } from './query.ts';
import { massOf } from './query.ts';

export interface TitleMatch {
  /** tf-idf cosine of content stems. */
  cosine: number;
  /** The same over all words, stop words included ("c'est quoi", "combien de temps"). */
  words: number;
  /** Harmonic mean of the question's 4-grams the title holds and the title's the question holds. */
  grams: number;
  sameType: boolean;
  /** Index of the best title in `collection.titles`. */
  best?: number;
  /** Share of the question's idf mass held by title and body together. */
  coverage: number;
  /** For each word of the question: how surely title or body holds it, 0 to 1. */
  credits: Float64Array;
}

/** Reads one candidate's titles; `held` are the words its body already holds. */
export function titleMatcher(
  collection: Collection,
  query: Query,
): (passage: number, held: Float64Array) => TitleMatch {
  const { lexicon, titles, firstTitle, stemFrequency, passages } = collection;
  const byStem = meaningsOf(query);
  const count = passages.length;
  const titleCount = titles.words.length;
  const stemIdf = (stem: number) => idf(count, stemFrequency[stem] ?? 0);
  const wordIdf = (form: number) => Math.log(1 + titleCount / (1 + (titles.wordFrequency[form] ?? 0)));
  const mass = Math.max(1e-9, massOf(query));
  const norm = Math.sqrt(query.words.reduce((sum, word) => sum + (word.weight * word.idf) ** 2, 0)) || 1;
  const { all } = query;
  const allNorm =
    Math.sqrt([...all].reduce((sum, [form, weight]) => sum + (weight * wordIdf(form)) ** 2, 0)) || 1;
  const gramHits = relevantForms(collection, query, byStem).grams;

  function one(title: number): { cosine: number; words: number; grams: number; credits: Float64Array } {
    const credits = new Float64Array(query.words.length);
    const stems = new Set<number>();
    const forms = new Set<number>();
    const grams = new Set<number>();
    let dot = 0;
    let square = 0;
    let allDot = 0;
    let allSquare = 0;
    let gramMass = 0;
    let titleMass = 0;
    let titleHeld = 0;
    for (const form of titles.words[title] ?? []) {
      if (forms.has(form)) continue;
      forms.add(form);
      const weight = wordIdf(form);
      allSquare += weight * weight;
      allDot += (all.get(form) ?? 0) * weight * weight;
      if (lexicon.stop[form] === 1) continue;
      const stem = lexicon.stemOf[form] ?? 0;
      const value = stemIdf(stem);
      const hits = gramHits(form);
      titleMass += value;
      titleHeld +=
        (value * hits.length) /
        Math.max(1, (lexicon.gramOffsets[form + 1] ?? 0) - (lexicon.gramOffsets[form] ?? 0));
      for (const gram of hits) {
        if (grams.has(gram)) continue;
        grams.add(gram);
        gramMass += query.grams.get(gram) ?? 0;
      }
      if (stems.has(stem)) continue;
      stems.add(stem);
      square += value * value;
      const found = byStem.get(stem);
      if (!found) continue;
      credits[found.word] = Math.max(credits[found.word] ?? 0, found.credit);
      dot += value * value * (query.words[found.word]?.weight ?? 1) * (found.credit === 1 ? 1 : 0.3);
    }
    const covered = query.gramTotal === 0 ? 0 : gramMass / query.gramTotal;
    const used = titleMass === 0 ? 0 : titleHeld / titleMass;
    return {
      cosine: square === 0 ? 0 : Math.min(1, dot / (norm * Math.sqrt(square))),
      words: allSquare === 0 ? 0 : allDot / (allNorm * Math.sqrt(allSquare)),
      grams: covered + used === 0 ? 0 : (2 * covered * used) / (covered + used),
      credits,
    };
  }

  return (passage, held) => {
    const credits = held.slice();
    const match: TitleMatch = { cosine: 0, words: 0, grams: 0, sameType: false, coverage: 0, credits };
    let top = 0;
    for (let title = firstTitle[passage] ?? 0; title < (firstTitle[passage + 1] ?? 0); title += 1) {
      const found = one(title);
      match.cosine = Math.max(match.cosine, found.cosine);
      match.words = Math.max(match.words, found.words);
      match.grams = Math.max(match.grams, found.grams);
      if (query.type !== undefined && titles.types[title] === query.type) match.sameType = true;
      const sum = found.cosine + found.words + found.grams;
      if (sum > top) {
        top = sum;
        match.best = title;
      }
      found.credits.forEach((credit, word) => (credits[word] = Math.max(credits[word] ?? 0, credit)));
    }
    match.coverage =
      query.words.reduce((sum, word, at) => sum + word.weight * word.idf * (credits[at] ?? 0), 0) / mass;
    return match;
  };
}
