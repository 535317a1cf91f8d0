import { plainText } from '../ingest/sections.ts';
import type { Collection } from './collection.ts';
import {
  ANSWER_FROM,
  UNSURE,
  calibrate,
  confidenceOf,
  rawConfidence,
  signalsOf,
  zoneOf,
} from './confidence.ts';
import type { Calibration, Signals } from './confidence.ts';
import { ownCounts } from './counts.ts';
import { words } from './fold.ts';
import type { Institutions } from './institutions.ts';
import { acronyms } from './institutions.ts';
import { meantBy } from './meant.ts';
import { isOfAnother } from './other-topic.ts';
import { idf } from './postings.ts';
import type { Query } from './query.ts';
import { lookUp } from './query.ts';
import type { Ranked } from './rank.ts';
import { asWritten, rank } from './rank.ts';
import type { Parts, Retriever, SearchOptions, SearchResult } from './retriever.ts';
import type { Slices } from './slices.ts';
import type { Synonyms } from './synonyms.ts';
import type { Knowledge, Understood } from './understand.ts';
import { understand } from './understand.ts';
import { isSomebodyElses } from './whose.ts';
import { stem } from './views.ts';

const SYNONYM_WEIGHT = 0.3;
/** A synonym speaks louder when the word itself is nowhere in the documents. */
const SYNONYM_OF_MISSING = 0.6;
const CONTEXT_WEIGHT = 0.6;
/** An institution of the context is only what was spoken of. */
const CONTEXT_PENALTY = 0.3;
/** Confidence in the entry that lists the question as it was asked. */
const WORD_FOR_WORD = 0.9;
/** Of a number that the person counts with and the documents do not. */
const OWN_COUNT_WEIGHT = 0.2;
/** Share of the idf mass of a follow-up's own words that a passage must hold. */
const OWN_SHARE = 0.4;
/** Penalty from which a passage belongs to an institution that was not asked about. */
const OTHER_INSTITUTION = 1;
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

interface Prepared {
  understood: Understood;
  query: Query;
  penalty: ((passage: number) => number) | undefined;
}

/** Everything a search needs, put together; asks the off-topic bank to know where confidence begins. */
export function* createSearch(parts: SearchParts): Slices<Retriever> {
  const { collection, knowledge, synonyms, institutions } = parts;
  const { data } = knowledge;
  const { lexicon, passages } = collection;

  const isGeneral = (word: string): boolean => data.genericWords.has(word) || /^\d+$/.test(word);

  /** A word of French that could not be asked of any topic. */
  const isTopic = (form: string): boolean =>
    !isGeneral(form) && !data.askedWords.has(form) && knowledge.french?.has(form) === true;

  function isKnown(word: string): boolean {
    const frequency = (part: string) => collection.stemFrequency[lexicon.stems.get(part) ?? -1] ?? 0;
    return frequency(stem(word)) > 0 || synonyms.expand([word]).some(({ stem: part }) => frequency(part) > 0);
  }

  function partsOf({ all, content }: Understood): Parts {
    const kind = (word: string): Exclude<keyof Parts, 'all'> =>
      institutions.named(word) !== undefined
        ? 'institutions'
        : data.askedWords.has(word)
          ? 'asked'
          : data.countedWords.has(word) || /^\d+$/.test(word)
            ? 'counted'
            : isGeneral(word)
              ? 'generic'
              : 'topics';
    const found = Object.groupBy(content, kind);
    const { topics = [], institutions: named = [], asked = [], generic = [], counted = [] } = found;
    return { all, topics, institutions: named, asked, generic, counted };
  }

  /** Of the passages found, those that speak of the question's own words and of no institution but its own. */
  function onTopic(list: readonly Ranked[], own: readonly string[], prepared: Prepared): Ranked[] {
    const { understood, query, penalty } = prepared;
    const asked = new Set(understood.all.flatMap((word) => institutions.named(word) ?? []));
    /** The heading itself names others, whatever its document is about. */
    const isOther = (passage: number): boolean => {
      const named = [...acronyms(passages[passage]?.title ?? '')].filter((name) =>
        institutions.names.has(name),
      );
      return asked.size > 0 && named.length > 0 && !named.some((name) => asked.has(name));
    };
    const mine = query.words.flatMap(({ form, idf: value }, at) =>
      own.includes(form) ? [{ at, value }] : [],
    );
    const mass = mine.reduce((sum, { value }) => sum + value, 0);
    return list.filter(({ passage, held }) => {
      const share = mine.reduce((sum, { at, value }) => sum + value * (held[at] ?? 0), 0);
      const near = mass === 0 || share >= OWN_SHARE * mass;
      return near && (penalty?.(passage) ?? 0) < OTHER_INSTITUTION && !isOther(passage);
    });
  }

  function prepare(question: string, context: string | undefined): Prepared {
    const understood = understand(question, knowledge);
    const added = context === undefined ? undefined : understand(context, knowledge);
    const counts = ownCounts(understood.all, collection);
    const content = [
      ...understood.content.map((form) => ({ form, weight: counts.has(form) ? OWN_COUNT_WEIGHT : 1 })),
      ...(added?.content ?? []).map((form) => ({ form, weight: CONTEXT_WEIGHT })),
    ];
    const all = [
      ...understood.all.map((form) => ({ form, weight: 1 })),
      ...(added?.all ?? []).map((form) => ({ form, weight: CONTEXT_WEIGHT })),
    ];
    const query = lookUp(collection, content, all, understood.type ?? added?.type);
    for (const { stem: part, of } of synonyms.expand(query.words.map(({ form }) => form))) {
      const stemId = lexicon.stems.get(part);
      const word = query.words[of];
      if (word) query.named.stems.set(part, word.form);
      if (stemId === undefined || !word || (collection.stemFrequency[stemId] ?? 0) === 0) continue;
      query.expansions.push({
        stemId,
        of,
        weight: word.weight * (word.stemId === undefined ? SYNONYM_OF_MISSING : SYNONYM_WEIGHT),
      });
    }
    const before = added && institutions.penalty(added.all);
    const penalty =
      institutions.penalty(understood.all) ?? (before && ((passage) => CONTEXT_PENALTY * before(passage)));
    return { understood, query, penalty };
  }

  /** Whoever asks a title or another phrasing word for word gets its passage. Shared ones name none. */
  const verbatim = new Map<string, number | undefined>();
  for (const [p, list] of parts.phrasings.entries()) {
    for (const phrasing of new Set(list)) verbatim.set(phrasing, verbatim.has(phrasing) ? undefined : p);
    if (p % PAUSE === 0) yield;
  }
  // A title without words ("scan-0012") is not what "?" asks for.
  verbatim.delete('');

  /** Words a question in French is about, by their place. None when it names an institution. */
  function topicsOf({ language, all }: Understood, { words: asked }: Query): number[] {
    if (language !== 'fr' || all.some((word) => institutions.named(word) !== undefined)) return [];
    return asked.flatMap(({ form }, at) => (isTopic(form) ? [at] : []));
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
    { context, own, only }: SearchOptions = {},
  ): { understood: Understood; query: Query; list: Ranked[]; signals: Signals | undefined } {
    const prepared = prepare(question, context);
    const { understood, query, penalty } = prepared;
    if (query.words.length === 0) return { understood, query, list: [], signals: undefined };
    const all = verbatimFirst(question, rank(collection, query, penalty));
    const near = own ? onTopic(all, own, prepared) : all;
    const list = only ? near.filter(({ passage }) => isAmong(passage, only)) : near;
    return { understood, query, list, signals: signalsOf(collection, query, list) };
  }

  function isAmong(at: number, only: SearchOptions['only']): boolean {
    const passage = passages[at];
    return passage !== undefined && (only?.(passage) ?? true);
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

  function judged(
    question: string,
    searchOptions: SearchOptions = {},
  ): ReturnType<typeof ranked> & { confidence: number } {
    const found = ranked(question, searchOptions);
    const { query, list } = found;
    const [first] = list;
    const exact = first === undefined ? verbatim.get(words(question).join(' ')) : undefined;
    // "Où êtes-vous ?" has no word to search by, and is a phrasing of one entry.
    if (exact !== undefined && isAmong(exact, searchOptions.only))
      return { ...found, list: [asWritten(exact)], confidence: WORD_FOR_WORD };
    const confidence = confidenceOf(rawConfidence(found.signals), calibration);
    if (confidence < ANSWER_FROM || !first || passages[first.passage]?.kind === 'redirect')
      return { ...found, confidence };
    const topics = topicsOf(found.understood, query);
    const other =
      // "Combien coûte la cantine ?" where the nearest only has "combien coûte".
      (topics.length > 0 && topics.every((at) => (first.held[at] ?? 0) === 0)) ||
      isOfAnother(collection, query, first, isTopic) ||
      isSomebodyElses(question, found.understood.all, query, found.list, institutions);
    return { ...found, confidence: other ? UNSURE : confidence };
  }

  return {
    collection,
    calibration,
    institutions,
    weight: (form) => {
      const id = lexicon.stems.get(stem(form));
      return idf(passages.length, id === undefined ? 0 : (collection.stemFrequency[id] ?? 0));
    },
    isGeneric: (question) => {
      const { content } = understand(question, knowledge);
      return content.every(isGeneral);
    },
    parts: (question) => partsOf(understand(question, knowledge)),
    isKnown,
    search(question, k, searchOptions = {}) {
      const { understood, query, list, confidence, signals } = judged(question, searchOptions);
      const top = list[0]?.score ?? 1;
      const results = list
        .slice(0, Math.max(0, k))
        .flatMap((entry) => toResult(collection, query, entry, top));
      const zone = list.length === 0 ? 'abstain' : zoneOf(confidence);
      const meant = zone === 'answer' ? undefined : meantBy(question, understood, collection);
      const asked = meant !== undefined && zoneOf(judged(meant).confidence) === 'answer' ? meant : undefined;
      return {
        results,
        confidence,
        zone,
        ...(asked !== undefined && { meant: asked }),
        ...(signals && { signals }),
        understood,
      };
    },
  };
}

function toResult(collection: Collection, query: Query, entry: Ranked, top: number): SearchResult[] {
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
      held: query.words.flatMap(({ form }, at) => ((entry.held[at] ?? 0) > 0 ? [form] : [])),
    },
  ];
}
