import { plainText } from '../ingest/sections.ts';
import type { Collection } from './collection.ts';
import { calibrate, confidenceOf, rawConfidence, signalsOf, zoneOf } from './confidence.ts';
import type { Calibration, Signals } from './confidence.ts';
import { words } from './fold.ts';
import type { Institutions } from './institutions.ts';
import { meantBy } from './meant.ts';
import { idf } from './postings.ts';
import type { Query } from './query.ts';
import { lookUp } from './query.ts';
import type { Ranked } from './rank.ts';
import { rank } from './rank.ts';
import type { Retriever, SearchResult } from './retriever.ts';
import type { Slices } from './slices.ts';
import type { Synonyms } from './synonyms.ts';
import type { Knowledge, Understood } from './understand.ts';
import { understand } from './understand.ts';
import { stem } from './views.ts';

const SYNONYM_WEIGHT = 0.3;
/** A synonym speaks louder when the word itself is nowhere in the documents. */
const SYNONYM_OF_MISSING = 0.6;
const CONTEXT_WEIGHT = 0.6;
/** Passages between two pauses. */
const PAUSE = 256;

export interface SearchParts {
  collection: Collection;
  knowledge: Knowledge;
  synonyms: Synonyms;
  institutions: Institutions;
  /** Titles and other phrasings, word for word, of each passage. */
  phrasings: readonly (readonly string[])[];
  /** Lines of a collection that hardly differed; absent: they are measured. */
  calibration?: Calibration | undefined;
}

/** Everything a search needs, put together; asks the off-topic bank to know where confidence begins. */
export function* createSearch(parts: SearchParts): Slices<Retriever> {
  const { collection, knowledge, synonyms, institutions } = parts;
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
      if (stemId === undefined || !word || (collection.stemFrequency[stemId] ?? 0) === 0) continue;
      query.expansions.push({
        stemId,
        of,
        weight: word.weight * (word.stemId === undefined ? SYNONYM_OF_MISSING : SYNONYM_WEIGHT),
      });
    }
    return { understood, query, asked: [...understood.all, ...(added?.all ?? [])] };
  }

  /** Whoever asks a title or another phrasing word for word gets its passage. Shared ones name none. */
  const verbatim = new Map<string, number | undefined>();
  for (const [p, list] of parts.phrasings.entries()) {
    for (const phrasing of new Set(list)) verbatim.set(phrasing, verbatim.has(phrasing) ? undefined : p);
    if (p % PAUSE === 0) yield;
  }

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

  function* measure(): Slices<Calibration> {
    const bank: number[] = [];
    for (const question of data.offTopic) {
      const { list, signals } = ranked(question);
      // What the desk has an entry for, to say who knows, is not off its topic.
      if (passages[list[0]?.passage ?? -1]?.kind !== 'redirect') bank.push(rawConfidence(signals));
      yield;
    }
    return calibrate(bank);
  }
  const calibration = parts.calibration ?? (yield* measure());

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
      const zone = list.length === 0 ? 'abstain' : zoneOf(confidence);
      const meant =
        zone === 'answer'
          ? undefined
          : meantBy(question, understood, collection, (word) => knowledge.speller?.guess(word));
      return {
        results,
        confidence,
        zone,
        ...(meant !== undefined && { meant }),
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
