import type { Passage } from '../ingest/passage.ts';
import { plainText } from '../ingest/sections.ts';
import type { QuestionType, TypePatterns } from './evidence.ts';
import { evidenceOf, questionType } from './evidence.ts';
import { words } from './fold.ts';
import type { Postings } from './postings.ts';
import { buildPostings } from './postings.ts';
import { grams, root, stem } from './views.ts';

/** Everything known of a word of the collection; ids are dense from 0. */
export interface Lexicon {
  forms: string[];
  idOf: Map<string, number>;
  stemOf: Uint32Array;
  rootOf: Uint32Array;
  /** 1: a stop word, kept in titles only. */
  stop: Uint8Array;
  stems: Map<string, number>;
  roots: Map<string, number>;
  gramIds: Map<string, number>;
  /** Grams of form f are `grams[gramOffsets[f] … gramOffsets[f + 1])`. */
  gramOffsets: Uint32Array;
  grams: Uint32Array;
}

/** Every title and every alternate phrasing is a title of its own: the best one speaks for its passage. */
export interface Titles {
  passage: Uint32Array;
  /** Form ids with stop words, in order. */
  words: Uint32Array[];
  types: (QuestionType | undefined)[];
  stems: Postings;
  /** In how many titles a form stands, by form id. */
  wordFrequency: Uint32Array;
}

export interface Collection {
  passages: readonly Passage[];
  lexicon: Lexicon;
  titles: Titles;
  /** First title of each passage; its titles follow each other. Length: passages + 1. */
  firstTitle: Uint32Array;
  /** Content forms of passage p's body, in order: `body[bodyOffsets[p] … bodyOffsets[p + 1])`. */
  bodyOffsets: Uint32Array;
  body: Uint32Array;
  byStem: Postings;
  /** Bodies that hold a form, by form id. */
  formFrequency: Uint32Array;
  byRoot: Postings;
  /** Documents (or works that share a title) as one text each, titles included. */
  byGroup: Postings;
  groupOf: Uint32Array;
  evidence: Uint8Array;
  /** Passages that hold a stem in title or body, by stem id. */
  stemFrequency: Uint32Array;
  /** Words of bodies and titles, without those that only alternates have, with their occurrences. */
  vocabulary: ReadonlyMap<string, number>;
  /** Titles are headings that many passages share, not questions of their own. */
  sharedTitles: boolean;
}

class Interner {
  readonly ids = new Map<string, number>();
  add(key: string): number {
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(key, id);
    }
    return id;
  }
}

/** An interner that counts. */
class Forms extends Interner {
  readonly counts: number[] = [];
  addAll(list: readonly string[]): Uint32Array {
    return Uint32Array.from(list, (word) => {
      const id = this.add(word);
      this.counts[id] = (this.counts[id] ?? 0) + 1;
      return id;
    });
  }
}

/** Below this share of distinct titles, a title says little about its passage (RETRIEVAL: "shared headings"). */
const DISTINCT_TITLES = 0.7;

export interface IndexOptions {
  stopWords: ReadonlySet<string>;
  patterns: TypePatterns;
  /**
   * Words of an alternate phrasing, given what bodies and titles hold (word → occurrences). Citizens' spellings are
   * written there on purpose: read as a question would be, they cannot teach the engine to misspell. Default: as typed.
   */
  readAlternate?: (text: string, vocabulary: ReadonlyMap<string, number>) => string[];
}

/** Indexes passages for ranking. Pure: same passages, same collection. */
export function buildIndex(passages: readonly Passage[], options: IndexOptions): Collection {
  const { stopWords, patterns } = options;
  const forms = new Forms();
  const titleWords: Uint32Array[] = [];
  const titlePassage: number[] = [];
  const titleTypes: (QuestionType | undefined)[] = [];
  const firstTitle = new Uint32Array(passages.length + 1);
  const bodies: Uint32Array[] = [];
  const evidence = new Uint8Array(passages.length);
  const groups = new Interner();
  const groupOf = new Uint32Array(passages.length);
  const distinct = new Set<string>();
  const headings = passages.map(({ title }) => words(title));
  passages.forEach((passage, index) => {
    const about = passage.title.startsWith(passage.documentTitle) ? [] : words(passage.documentTitle);
    const read = [...about, ...(headings[index] ?? []), ...words(plainText(passage.text))];
    bodies.push(forms.addAll(read.filter((word) => !stopWords.has(word))));
    forms.addAll(headings[index] ?? []);
    evidence[index] = evidenceOf(passage.text);
    groupOf[index] = groups.add(passage.documentTitle.toLowerCase());
    distinct.add(passage.title.toLowerCase());
  });
  const vocabulary = new Map([...forms.ids].map(([form, id]) => [form, forms.counts[id] ?? 0]));
  const readAlternate = options.readAlternate ?? words;
  passages.forEach((passage, index) => {
    firstTitle[index] = titleWords.length;
    for (const list of [
      headings[index] ?? [],
      ...passage.alternates.map((text) => readAlternate(text, vocabulary)),
    ]) {
      titleWords.push(forms.addAll(list));
      titlePassage.push(index);
      titleTypes.push(questionType(list, patterns));
    }
  });
  firstTitle[passages.length] = titleWords.length;

  const lexicon = describe(forms, stopWords);
  const { stemOf, rootOf, stop } = lexicon;
  const { body, bodyOffsets } = flatten(bodies);
  const bodyOf = (passage: number) => body.subarray(bodyOffsets[passage], bodyOffsets[passage + 1]);
  const stemsOf = (ids: Uint32Array): Uint32Array => ids.map((id) => stemOf[id] ?? 0);
  const titleStems = titleWords.map((ids) => stemsOf(ids.filter((id) => stop[id] !== 1)));
  const everyStem = function* (passage: number): Generator<number> {
    for (const id of bodyOf(passage)) yield stemOf[id] ?? 0;
    for (let title = firstTitle[passage] ?? 0; title < (firstTitle[passage + 1] ?? 0); title += 1)
      yield* titleStems[title] ?? [];
  };
  const members = Array.from({ length: groups.ids.size }, (): number[] => []);
  groupOf.forEach((group, passage) => members[group]?.push(passage));
  const groupText = function* (group: number): Generator<number> {
    for (const passage of members[group] ?? []) yield* everyStem(passage);
  };
  const stems = lexicon.stems.size;
  return {
    passages,
    lexicon,
    titles: {
      passage: Uint32Array.from(titlePassage),
      words: titleWords,
      types: titleTypes,
      stems: buildPostings(titleStems.length, stems, (title) => titleStems[title] ?? []),
      wordFrequency: frequencies(titleWords.length, forms.ids.size, (title) => titleWords[title] ?? []),
    },
    firstTitle,
    bodyOffsets,
    body,
    byStem: buildPostings(passages.length, stems, (passage) => stemsOf(bodyOf(passage))),
    formFrequency: frequencies(passages.length, forms.ids.size, bodyOf),
    byRoot: buildPostings(passages.length, lexicon.roots.size, (passage) =>
      bodyOf(passage).map((id) => rootOf[id] ?? 0),
    ),
    byGroup: buildPostings(members.length, stems, groupText),
    groupOf,
    evidence,
    stemFrequency: frequencies(passages.length, stems, everyStem),
    vocabulary,
    sharedTitles: passages.length > 1 && distinct.size / passages.length < DISTINCT_TITLES,
  };
}

function describe(forms: Interner, stopWords: ReadonlySet<string>): Lexicon {
  const list = [...forms.ids.keys()];
  const stems = new Interner();
  const roots = new Interner();
  const gramIds = new Interner();
  const stemOf = new Uint32Array(list.length);
  const rootOf = new Uint32Array(list.length);
  const stop = new Uint8Array(list.length);
  const gramOffsets = new Uint32Array(list.length + 1);
  const gramList: number[] = [];
  list.forEach((form, id) => {
    const stemmed = stem(form);
    stemOf[id] = stems.add(stemmed);
    rootOf[id] = roots.add(root(stemmed));
    stop[id] = stopWords.has(form) ? 1 : 0;
    for (const gram of grams(form)) gramList.push(gramIds.add(gram));
    gramOffsets[id + 1] = gramList.length;
  });
  return {
    forms: list,
    idOf: forms.ids,
    stemOf,
    rootOf,
    stop,
    stems: stems.ids,
    roots: roots.ids,
    gramIds: gramIds.ids,
    gramOffsets,
    grams: Uint32Array.from(gramList),
  };
}

/** In how many of `count` texts each id stands. */
function frequencies(count: number, size: number, textOf: (index: number) => Iterable<number>): Uint32Array {
  const counts = new Uint32Array(size);
  const lastSeen = new Uint32Array(size);
  for (let index = 0; index < count; index += 1) {
    for (const id of textOf(index)) {
      if (lastSeen[id] === index + 1) continue;
      lastSeen[id] = index + 1;
      counts[id] = (counts[id] ?? 0) + 1;
    }
  }
  return counts;
}

function flatten(bodies: readonly Uint32Array[]): { bodyOffsets: Uint32Array; body: Uint32Array } {
  const bodyOffsets = new Uint32Array(bodies.length + 1);
  bodies.forEach((ids, index) => (bodyOffsets[index + 1] = (bodyOffsets[index] ?? 0) + ids.length));
  const body = new Uint32Array(bodyOffsets[bodies.length] ?? 0);
  bodies.forEach((ids, index) => body.set(ids, bodyOffsets[index]));
  return { bodyOffsets, body };
}
