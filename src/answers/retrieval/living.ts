import { systemClock } from '../../lib/clock.ts';
import type { Passage } from '../ingest/passage.ts';
import type { Analysed } from './analysis.ts';
import { analyse } from './analysis.ts';
import { buildCollection } from './collection.ts';
import type { Calibration } from './confidence.ts';
import { findInstitutions } from './institutions.ts';
import type { LanguageData } from './language.ts';
import { languageData } from './language.ts';
import type { GrowingLexicon } from './lexicon.ts';
import { growLexicon } from './lexicon.ts';
import type { Retriever, RetrieverOptions } from './retriever.ts';
import { createSearch } from './search.ts';
import type { Slices } from './slices.ts';
import { createPace } from './slices.ts';
import type { Heard } from './spelling.ts';
import { createSpeller } from './spelling.ts';
import type { Synonyms } from './synonyms.ts';
import { createSynonyms } from './synonyms.ts';
import type { Knowledge } from './understand.ts';
import { understand } from './understand.ts';
import { countWords } from './vocabulary.ts';

/**
 * A collection that changes while it answers. What is put is analysed at once and kept, so that replacing one document
 * of a thousand reads only that one; nothing is searched before `commit`. All work is done in slices of a few
 * milliseconds: the event loop goes on.
 */
export interface LivingCollection {
  /** Adds a document, or takes the place of the one of this name. No passages: the same as `remove`. */
  replace(document: string, passages: readonly Passage[]): Promise<void>;
  /** Nothing happens when there is none of this name. */
  remove(document: string): Promise<void>;
  /**
   * A retriever over everything put so far, documents in the order of their names. It never changes: whoever holds an
   * older one keeps answering from the older documents until it takes the new one, so no answer mixes two versions.
   * Commits follow each other.
   */
  commit(): Promise<Retriever>;
  /** Names of the documents put so far, in order. */
  documents(): string[];
}

/** Up to this share of changed passages, the off-topic bank is not asked again: its lines would be the same. */
const HARDLY = 0.02;

/** Synonyms and word lists belong to the collection: change them with a new one. */
export function createCollection(options: RetrieverOptions = {}): LivingCollection {
  const pace = createPace(options.clock ?? systemClock);
  const parts = new Map<string, Analysed>();
  const heard = new Map<string, Heard>();
  /** Lines measured last, and passages put or taken since. */
  let measured: { calibration: Calibration; passages: number } | undefined;
  let changed = 0;
  let tools: Promise<Tools> | undefined;
  /** One after the other: a document replaced twice keeps the last, and a commit sees what was asked before it. */
  let last: Promise<unknown> = Promise.resolve();

  async function open(): Promise<Tools> {
    const data = options.data ?? (await languageData());
    return {
      data,
      lexicon: growLexicon(data.stopWords),
      synonyms: createSynonyms([...data.synonyms, ...(options.synonyms ?? [])], data.stopWords),
    };
  }

  function next<T>(work: (tools: Tools) => Slices<T>): Promise<T> {
    const result = last.then(async () => pace.run(work(await (tools ??= open()))));
    last = result.catch(() => undefined);
    return result;
  }

  function* assemble({ data, lexicon, synonyms }: Tools): Slices<Retriever> {
    const all = inOrder(parts);
    const vocabulary = yield* countWords(all, lexicon);
    const knowledge: Knowledge = {
      data,
      known: (form) => vocabulary.has(form) || synonyms.vocabulary.has(form),
      french: options.french,
      speller:
        options.french &&
        (yield* createSpeller(
          targets(vocabulary.entries(), [...synonyms.vocabulary, ...data.stopWords], (form) =>
            vocabulary.has(form),
          ),
          heard,
        )),
    };
    const collection = yield* buildCollection(all, {
      lexicon,
      vocabulary,
      patterns: data.patterns,
      readAlternate: (text) => understand(text, knowledge).all,
    });
    const named = all.flatMap((part) => part.named);
    const institutions = yield* findInstitutions(named, options.synonyms ?? []);
    const phrasings = all.flatMap((part) => part.phrasings);
    const known = measured && changed <= HARDLY * measured.passages ? measured.calibration : undefined;
    const search = yield* createSearch({
      collection,
      knowledge,
      synonyms,
      institutions,
      phrasings,
      calibration: known,
    });
    if (known === undefined) {
      measured = { calibration: search.calibration, passages: phrasings.length };
      changed = 0;
    }
    return search;
  }

  const replace: LivingCollection['replace'] = (document, passages) =>
    next(function* ({ data, lexicon }) {
      const before = parts.get(document)?.passages.length ?? 0;
      if (passages.length === 0) parts.delete(document);
      else parts.set(document, yield* analyse(passages, lexicon, data));
      changed += before + passages.length;
    });

  return {
    replace,
    remove: (document) => replace(document, []),
    commit: () => next(assemble),
    documents: () => [...parts.keys()].sort(),
  };
}

interface Tools {
  data: LanguageData;
  lexicon: GrowingLexicon;
  synonyms: Synonyms;
}

function inOrder(parts: ReadonlyMap<string, Analysed>): Analysed[] {
  return [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

/** Words to correct towards: those of the documents, then those that only the tables have. */
function* targets(
  known: Iterable<{ form: string; frequency: number }>,
  extra: Iterable<string>,
  has: (form: string) => boolean,
): Generator<{ form: string; frequency: number }> {
  yield* known;
  for (const form of new Set(extra)) if (!has(form)) yield { form, frequency: 1 };
}
