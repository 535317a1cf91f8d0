import type { Passage } from './ingest/passage.ts';
import { words } from './retrieval/fold.ts';
import { acronyms } from './retrieval/institutions.ts';
import type { Retriever } from './retrieval/retriever.ts';
import { stem } from './retrieval/views.ts';

/** Whose passages are whose, for a conversation that is about one institution while sections of all have the same names. */
export interface Whose {
  /** Institutions that these folded words name, each by one name. */
  named(list: readonly string[]): string[];
  /** The one that a passage's titles say it belongs to; undefined: none, or that is not sure. */
  of(passage: Passage): string | undefined;
  /** May it be said of this institution? Not when its titles name only others. */
  isFor(passage: Passage, institution: string): boolean;
  /** Does it belong to nobody, or to this one? */
  isOpen(passage: Passage, institution: string): boolean;
  /** Does its own heading name an institution? */
  isNamed(passage: Passage): boolean;
  /**
   * What a document of somebody else's is about, by a word of its title that no heading of this institution has: "la retraite"
   * after the family allowances' fund. `institution`: the only one those titles name. Undefined: there is none.
   */
  subject(topics: readonly string[], institution: string): { institution?: string } | undefined;
}

interface Titled {
  stems: ReadonlySet<string>;
  names: readonly string[];
}

const shelves = new WeakMap<Retriever, Whose>();

/** Made once per index. */
export function whoseOf(index: Retriever): Whose {
  const known = shelves.get(index);
  if (known) return known;
  const whose = create(index);
  shelves.set(index, whose);
  return whose;
}

function create({ institutions, collection }: Retriever): Whose {
  const { passages, lexicon, titles, firstTitle } = collection;
  const documents = new Map<string, Titled>();
  const inText = (text: string): string[] =>
    [...acronyms(text)].filter((name) => institutions.names.has(name));
  for (const { documentTitle: title } of passages)
    if (!documents.has(title))
      documents.set(title, { stems: new Set(words(title).map(stem)), names: inText(title) });
  // Where titles of documents name institutions, an acronym that only headings have (SMIG) is a thing they speak of.
  const first = new Set([...documents.values()].flatMap(({ names }) => names));
  const isOne = (name: string): boolean => first.size === 0 || first.has(name);
  const namesIn = (text: string): string[] => inText(text).filter(isOne);
  const namesOf = ({ title, documentTitle }: Passage) => {
    const document = documents.get(documentTitle)?.names ?? [];
    return { heading: namesIn(title), document: document.filter(isOne) };
  };

  function of(passage: Passage): string | undefined {
    const { heading, document } = namesOf(passage);
    const [name, ...more] = heading.length === 0 ? document : heading;
    if (name === undefined || more.length > 0) return undefined;
    if (heading.length === 0 || document.length === 0) return name;
    if (document.length === 1) return document[0] === name ? name : undefined;
    // "Does the one pay for the other?", in a document about both.
    return namesIn(passage.text).every((other) => other === name) ? name : undefined;
  }

  const named: Whose['named'] = (list) => [
    ...new Set(list.flatMap((word) => institutions.named(word) ?? []).filter(isOne)),
  ];

  /** Of those who stand in its titles; undefined: nobody does. */
  function titledFor(passage: Passage, institution: string): boolean | undefined {
    const { heading, document } = namesOf(passage);
    if (heading.length > 0)
      return heading.includes(institution) || (document.length === 1 && document[0] === institution);
    return document.length > 0 ? document.includes(institution) : undefined;
  }

  function hasTitled(word: string, institution: string): boolean {
    const id = lexicon.stems.get(word);
    if (id === undefined) return false;
    for (let at = titles.stems.offsets[id] ?? 0; at < (titles.stems.offsets[id + 1] ?? 0); at += 1) {
      const title = titles.stems.docs[at] ?? 0;
      const owner = titles.passage[title] ?? -1;
      const passage = passages[owner];
      // Citizens' phrasings mix what a heading tells apart.
      if (passage && title === firstTitle[owner] && of(passage) === institution) return true;
    }
    return false;
  }

  return {
    named,
    of,
    isFor(passage, institution) {
      // What belongs to nobody is the desk's own, when the desk is one institution's.
      const open = institutions.own === undefined || institutions.own === institution;
      return titledFor(passage, institution) ?? (open || acronyms(passage.text).has(institution));
    },
    isOpen: (passage, institution) => titledFor(passage, institution) ?? true,
    isNamed: (passage) => namesOf(passage).heading.length > 0,
    subject(topics, institution) {
      const list = topics.map(stem);
      const titled = [...documents.values()];
      const mine = titled.filter(({ names }) => names.includes(institution));
      const others = titled.filter(({ names }) => !names.includes(institution));
      const about = list.filter(
        (word) => !mine.some(({ stems }) => stems.has(word)) && !hasTitled(word, institution),
      );
      const found = others.filter(({ stems }) => about.some((word) => stems.has(word)));
      if (found.length === 0) return undefined;
      const names = new Set(found.flatMap((document) => document.names.filter(isOne)));
      const [name] = names;
      return names.size === 1 && name !== undefined ? { institution: name } : {};
    },
  };
}
