import { grams, root, stem } from './views.ts';

/** Everything known of a word of the collection; ids are dense from 0. Words met later are in the maps only. */
export interface Lexicon {
  size: number;
  idOf: ReadonlyMap<string, number>;
  stemOf: Uint32Array;
  rootOf: Uint32Array;
  /** 1: a stop word, kept in titles only. */
  stop: Uint8Array;
  stems: ReadonlyMap<string, number>;
  stemCount: number;
  roots: ReadonlyMap<string, number>;
  rootCount: number;
  gramIds: ReadonlyMap<string, number>;
  /** Grams of form f are `grams[gramOffsets[f] … gramOffsets[f + 1])`. */
  gramOffsets: Uint32Array;
  grams: Uint32Array;
}

/** The words of a collection, which only grows: ids given once stay. */
export interface GrowingLexicon {
  /** Ids of folded words, in order. */
  add(words: readonly string[]): Uint32Array;
  formOf(id: number): string;
  /** What is known now; it does not change when words are added. */
  snapshot(): Lexicon;
}

export function growLexicon(stopWords: ReadonlySet<string>): GrowingLexicon {
  const forms: string[] = [];
  const idOf = new Map<string, number>();
  const stems = new Map<string, number>();
  const roots = new Map<string, number>();
  const gramIds = new Map<string, number>();
  const stemOf: number[] = [];
  const rootOf: number[] = [];
  const stop: number[] = [];
  const gramOffsets: number[] = [0];
  const gramList: number[] = [];
  let last: Lexicon | undefined;

  function idFor(form: string): number {
    const known = idOf.get(form);
    if (known !== undefined) return known;
    const id = forms.length;
    forms.push(form);
    idOf.set(form, id);
    const stemmed = stem(form);
    stemOf.push(intern(stems, stemmed));
    rootOf.push(intern(roots, root(stemmed)));
    stop.push(stopWords.has(form) ? 1 : 0);
    for (const gram of grams(form)) gramList.push(intern(gramIds, gram));
    gramOffsets.push(gramList.length);
    return id;
  }

  return {
    add: (words) => Uint32Array.from(words, idFor),
    formOf: (id) => forms[id] ?? '',
    snapshot() {
      if (last?.size !== forms.length)
        last = {
          size: forms.length,
          idOf,
          stemOf: Uint32Array.from(stemOf),
          rootOf: Uint32Array.from(rootOf),
          stop: Uint8Array.from(stop),
          stems,
          stemCount: stems.size,
          roots,
          rootCount: roots.size,
          gramIds,
          gramOffsets: Uint32Array.from(gramOffsets),
          grams: Uint32Array.from(gramList),
        };
      return last;
    },
  };
}

function intern(ids: Map<string, number>, key: string): number {
  let id = ids.get(key);
  if (id === undefined) {
    id = ids.size;
    ids.set(key, id);
  }
  return id;
}
