import type { Passage } from '../ingest/passage.ts';
import type { Analysed } from './analysis.ts';
import type { Cells } from './cells.ts';
import type { QuestionType, TypePatterns } from './evidence.ts';
import { questionType } from './evidence.ts';
import type { GrowingLexicon, Lexicon } from './lexicon.ts';
import type { Postings } from './postings.ts';
import { buildPostings } from './postings.ts';
import type { Slices } from './slices.ts';
import type { Vocabulary } from './vocabulary.ts';

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
  /** Content forms of a passage's body, in order. */
  bodyOf(passage: number): Uint32Array;
  byStem: Postings;
  /** Bodies that hold a form, by form id. */
  formFrequency: Uint32Array;
  byRoot: Postings;
  /** Documents (or works that share a title) as one text each, titles included. */
  byGroup: Postings;
  groupOf: Uint32Array;
  evidence: Uint8Array;
  /** Tables, by passage; most have none. */
  cells: ReadonlyMap<number, Cells>;
  /** Passages that hold a stem in title or body, by stem id. */
  stemFrequency: Uint32Array;
  vocabulary: Vocabulary;
  /** Titles are headings that many passages share, not questions of their own. */
  sharedTitles: boolean;
}

/**
 * Below this share of distinct titles they are headings that many passages share ("Conditions", "Article 3"), and say
 * little about their passage.
 */
const DISTINCT_TITLES = 0.7;
/** Passages between two pauses. */
const PAUSE = 64;

export interface CollectionOptions {
  lexicon: GrowingLexicon;
  vocabulary: Vocabulary;
  patterns: TypePatterns;
  /**
   * Words of an alternate phrasing. Citizens' spellings are written there on purpose: read as a question would be, they
   * cannot teach the engine to misspell.
   */
  readAlternate(text: string): string[];
}

type Visit = (id: number) => void;

/** Puts analysed documents together for ranking. Same documents in the same order, same collection. */
export function* buildCollection(
  parts: readonly Analysed[],
  { lexicon: growing, vocabulary, patterns, readAlternate }: CollectionOptions,
): Slices<Collection> {
  const passages = parts.flatMap((part) => part.passages);
  const count = passages.length;
  const partOf = new Uint32Array(count);
  const placeIn = new Uint32Array(count);
  const evidence = new Uint8Array(count);
  const cells = new Map<number, Cells>();
  const groups = new Map<string, number>();
  const groupOf = new Uint32Array(count);
  const distinct = new Set<string>();
  const titleWords: Uint32Array[] = [];
  const titlePassage: number[] = [];
  const types: Titles['types'] = [];
  const firstTitle = new Uint32Array(count + 1);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    evidence.set(part.evidence, at);
    for (const [place, passage] of part.passages.entries()) {
      partOf[at] = index;
      placeIn[at] = place;
      const table = part.cells[place];
      if (table) cells.set(at, table);
      const group = passage.documentTitle.toLowerCase();
      if (!groups.has(group)) groups.set(group, groups.size);
      groupOf[at] = groups.get(group) ?? 0;
      distinct.add(passage.title.toLowerCase());
      const heading = part.headings[place] ?? new Uint32Array();
      titleWords.push(heading);
      types.push(part.types[place]);
      for (const text of passage.alternates) {
        const read = readAlternate(text);
        titleWords.push(growing.add(read));
        types.push(questionType(read, patterns));
      }
      while (titlePassage.length < titleWords.length) titlePassage.push(at);
      at += 1;
      firstTitle[at] = titleWords.length;
      if (at % PAUSE === 0) yield;
    }
  }

  const lexicon = growing.snapshot();
  const { stemOf, rootOf, stop } = lexicon;
  const bodyOf = (passage: number): Uint32Array => {
    const part = parts[partOf[passage] ?? 0];
    const place = placeIn[passage] ?? 0;
    return part ? part.body.subarray(part.offsets[place], part.offsets[place + 1]) : new Uint32Array();
  };
  const bodyStems = (passage: number, visit: Visit): void => {
    for (const id of bodyOf(passage)) visit(stemOf[id] ?? 0);
  };
  const titleStems = (title: number, visit: Visit): void => {
    for (const id of titleWords[title] ?? []) if (stop[id] !== 1) visit(stemOf[id] ?? 0);
  };
  const everyStem = (passage: number, visit: Visit): void => {
    bodyStems(passage, visit);
    for (let title = firstTitle[passage] ?? 0; title < (firstTitle[passage + 1] ?? 0); title += 1)
      titleStems(title, visit);
  };
  const members = Array.from({ length: groups.size }, (): number[] => []);
  groupOf.forEach((group, passage) => members[group]?.push(passage));
  const stems = lexicon.stemCount;
  return {
    passages,
    lexicon,
    titles: {
      passage: Uint32Array.from(titlePassage),
      words: titleWords,
      types,
      stems: yield* buildPostings(titleWords.length, stems, titleStems),
      wordFrequency: yield* frequencies(titleWords.length, lexicon.size, (title, visit) => {
        titleWords[title]?.forEach(visit);
      }),
    },
    firstTitle,
    bodyOf,
    // The words citizens use, where an entry lists them, are as good as its own.
    byStem: yield* buildPostings(count, stems, (passage, visit) => {
      bodyStems(passage, visit);
      for (let title = (firstTitle[passage] ?? 0) + 1; title < (firstTitle[passage + 1] ?? 0); title += 1)
        titleStems(title, visit);
    }),
    formFrequency: yield* frequencies(count, lexicon.size, (passage, visit) => {
      for (const id of bodyOf(passage)) visit(id);
    }),
    byRoot: yield* buildPostings(count, lexicon.rootCount, (passage, visit) => {
      for (const id of bodyOf(passage)) visit(rootOf[id] ?? 0);
    }),
    byGroup: yield* buildPostings(members.length, stems, (group, visit) => {
      for (const passage of members[group] ?? []) everyStem(passage, visit);
    }),
    groupOf,
    evidence,
    cells,
    stemFrequency: yield* frequencies(count, stems, everyStem),
    vocabulary,
    sharedTitles: count > 1 && distinct.size / count < DISTINCT_TITLES,
  };
}

/** In how many of `count` texts each id stands. */
function* frequencies(
  count: number,
  size: number,
  read: (index: number, visit: Visit) => void,
): Slices<Uint32Array> {
  const counts = new Uint32Array(size);
  const lastSeen = new Uint32Array(size);
  let index = 0;
  const visit = (id: number): void => {
    if (lastSeen[id] === index + 1) return;
    lastSeen[id] = index + 1;
    counts[id] = (counts[id] ?? 0) + 1;
  };
  for (; index < count; index += 1) {
    read(index, visit);
    if (index % PAUSE === 0) yield;
  }
  return counts;
}
