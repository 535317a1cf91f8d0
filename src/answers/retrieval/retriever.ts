import type { Passage } from '../ingest/passage.ts';
import { plainText } from '../ingest/sections.ts';
import type { Collection } from './collection.ts';
import { buildIndex } from './collection.ts';
import type { Calibration, Signals, Zone } from './confidence.ts';
import { calibrate, confidenceOf, rawConfidence, signalsOf, zoneOf } from './confidence.ts';
import { words } from './fold.ts';
import type { WordList } from './french-words.ts';
import type { Institutions } from './institutions.ts';
import { findInstitutions } from './institutions.ts';
import type { LanguageData } from './language.ts';
import { languageData } from './language.ts';
import type { Query } from './query.ts';
import { idf } from './postings.ts';
import { lookUp } from './query.ts';
import type { Features, Ranked } from './rank.ts';
import { rank } from './rank.ts';
import { createSpeller } from './spelling.ts';
import type { Synonyms } from './synonyms.ts';
import { createSynonyms } from './synonyms.ts';
import type { Knowledge, Understood } from './understand.ts';
import { understand } from './understand.ts';
import { stem } from './views.ts';

export interface SearchResult {
  /** Passage id. */
  id: string;
  /** Document path without extension. */
  source: string;
  title: string;
  /** Plain text of the passage. */
  text: string;
  /** 0 to 1, the first result's share: comparable inside one search only. */
  score: number;
  passage: Passage;
  /** The title or alternate phrasing that matched best. */
  matched: string;
  features: Features;
  coverage: number;
}

export interface Search {
  results: SearchResult[];
  /** 0 to 1; 0.5 is where 95 % of far off-topic questions stay below. */
  confidence: number;
  zone: Zone;
  /** The question with its misspelled words replaced; absent: nothing was. */
  corrected?: string;
  /** Words nobody knows. */
  unknown: string[];
  /** What confidence is made of; absent: nothing was found. */
  signals?: Signals;
  understood: Understood;
}

export interface SearchOptions {
  /** Text of the previous topic, added at a lower weight: a follow-up. */
  context?: string;
}

export interface Retriever {
  search(question: string, k: number, options?: SearchOptions): Search;
  /** A question made of general words only, that has no topic of its own. */
  isGeneric(question: string): boolean;
  /** idf of a folded word, by its stem. */
  weight(form: string): number;
  readonly collection: Collection;
  readonly calibration: Calibration;
}

export interface RetrieverOptions {
  /** The desk's own synonym groups. */
  synonyms?: readonly (readonly string[])[];
  /** French words that are never corrected. */
  french?: WordList;
  data?: LanguageData;
}

const SYNONYM_WEIGHT = 0.3;
/** A synonym speaks louder when the word itself is nowhere in the documents. */
const SYNONYM_OF_MISSING = 0.6;
const CONTEXT_WEIGHT = 0.6;

/** Indexes passages and measures the off-topic bank on them; then every search is in memory, without I/O. */
export async function createRetriever(
  passages: readonly Passage[],
  options: RetrieverOptions = {},
): Promise<Retriever> {
  const data = options.data ?? (await languageData());
  const groups = [...data.synonyms, ...(options.synonyms ?? [])];
  const synonyms = createSynonyms(groups, data.stopWords);
  const knowledgeOf = (vocabulary: ReadonlyMap<string, number>): Knowledge => ({
    data,
    known: (form) => vocabulary.has(form) || synonyms.vocabulary.has(form),
    french: options.french,
    speller: options.french && createSpeller(targets(vocabulary, data, synonyms.vocabulary)),
  });
  let knowledge: Knowledge | undefined;
  const collection = buildIndex(passages, {
    stopWords: data.stopWords,
    patterns: data.patterns,
    readAlternate: (text, vocabulary) => understand(text, (knowledge ??= knowledgeOf(vocabulary))).all,
  });
  return assemble(
    collection,
    (knowledge ??= knowledgeOf(collection.vocabulary)),
    synonyms,
    findInstitutions(passages, options.synonyms ?? []),
  );
}

function assemble(
  collection: Collection,
  knowledge: Knowledge,
  synonyms: Synonyms,
  institutions: Institutions,
): Retriever {
  const { data } = knowledge;
  const { lexicon, passages } = collection;

  function prepare(
    question: string,
    context: string | undefined,
  ): { understood: Understood; query: Query; asked: string[] } {
    const understood = understand(question, knowledge);
    const added = context === undefined ? undefined : understand(context, knowledge);
    const content = [
      ...understood.content.map((form) => ({ form, weight: 1 })),
      ...(added?.content ?? []).map((form) => ({ form, weight: CONTEXT_WEIGHT })),
    ];
    const query = lookUp(collection, content, [...understood.all, ...(added?.all ?? [])], understood.type);
    for (const { stem: part, of } of synonyms.expand(query.words.map(({ form }) => form))) {
      const stemId = lexicon.stems.get(part);
      const word = query.words[of];
      if (stemId === undefined || !word) continue;
      query.expansions.push({
        stemId,
        of,
        weight: word.weight * (word.stemId === undefined ? SYNONYM_OF_MISSING : SYNONYM_WEIGHT),
      });
    }
    return { understood, query, asked: [...understood.all, ...(added?.all ?? [])] };
  }

  /** Titles and other phrasings, word for word: whoever asks one of them gets its passage. Shared ones name none. */
  const verbatim = new Map<string, number | undefined>();
  passages.forEach((passage, p) => {
    for (const phrasing of new Set(
      [passage.title, ...passage.alternates].map((text) => words(text).join(' ')),
    ))
      verbatim.set(phrasing, verbatim.has(phrasing) ? undefined : p);
  });

  function verbatimFirst(question: string, list: Ranked[]): Ranked[] {
    const wanted = verbatim.get(words(question).join(' '));
    const found = list.find(({ passage }) => passage === wanted);
    const [first] = list;
    if (!found || !first || found === first) return list;
    return [{ ...found, score: first.score }, ...list.filter((entry) => entry !== found)];
  }

  function ranked(
    question: string,
    context?: string,
  ): { understood: Understood; list: Ranked[]; signals: Signals | undefined } {
    const { understood, query, asked } = prepare(question, context);
    if (query.words.length === 0) return { understood, list: [], signals: undefined };
    const penalty = institutions.penalty(asked);
    const list = verbatimFirst(question, rank(collection, query, penalty && { penalty }));
    return { understood, list, signals: signalsOf(collection, query, list) };
  }

  const calibration = calibrate(data.offTopic.map((question) => rawConfidence(ranked(question).signals)));

  return {
    collection,
    calibration,
    weight: (form) => {
      const id = lexicon.stems.get(stem(form));
      return idf(passages.length, id === undefined ? 0 : (collection.stemFrequency[id] ?? 0));
    },
    isGeneric: (question) => {
      const { content } = understand(question, knowledge);
      return content.every((word) => data.genericWords.has(word) || /^\d+$/.test(word));
    },
    search(question, k, searchOptions = {}) {
      const { understood, list, signals } = ranked(question, searchOptions.context);
      const confidence = confidenceOf(rawConfidence(signals), calibration);
      const top = list[0]?.score ?? 1;
      const results = list.slice(0, Math.max(0, k)).flatMap((entry) => toResult(collection, entry, top));
      return {
        results,
        confidence,
        zone: results.length === 0 && k > 0 ? 'abstain' : zoneOf(confidence),
        ...(understood.corrections.length > 0 && {
          corrected: replaceWords(question, understood.corrections),
        }),
        unknown: understood.unknown,
        ...(signals && { signals }),
        understood,
      };
    },
  };
}

function toResult(collection: Collection, entry: Ranked, top: number): SearchResult[] {
  const passage = collection.passages[entry.passage];
  if (!passage) return [];
  const title =
    entry.bestTitle === undefined ? 0 : entry.bestTitle - (collection.firstTitle[entry.passage] ?? 0);
  return [
    {
      id: passage.id,
      source: passage.document,
      title: passage.title,
      text: plainText(passage.text),
      score: Math.max(0, Math.min(1, entry.score / Math.max(1e-9, top))),
      passage,
      matched: [passage.title, ...passage.alternates][title] ?? passage.title,
      features: entry.features,
      coverage: entry.coverage,
    },
  ];
}

/** Words to correct towards, with how often each occurs. */
function targets(
  vocabulary: ReadonlyMap<string, number>,
  data: LanguageData,
  extra: ReadonlySet<string>,
): { form: string; frequency: number }[] {
  const counts = new Map(vocabulary);
  for (const word of [...extra, ...data.stopWords]) counts.set(word, counts.get(word) ?? 1);
  return [...counts].map(([form, frequency]) => ({ form, frequency }));
}

/** The question as typed, with the misspelled words replaced (found without regard to case and accents). */
function replaceWords(question: string, corrections: Understood['corrections']): string {
  const meant = new Map(corrections.map(({ typed, searched }) => [typed, searched]));
  return question.slice(0, 500).replace(/[\p{L}\p{M}\p{N}]+/gu, (word) => {
    const folded = word
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase();
    return meant.get(folded) ?? word;
  });
}
