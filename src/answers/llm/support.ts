import { words } from '../retrieval/fold.ts';
import { plainOf } from './amounts.ts';
import { scheduleIn } from './dates.ts';
import type { Fact } from './facts.ts';
import { factsOf } from './facts.ts';
import type { Ground } from './grounding.ts';
import { contentOf, institutionsOf, rootOf } from './grounding.ts';
import { amountsIn, linksOf } from './links.ts';
import { denies, deniesAlike } from './negation.ts';
import type { Page, Place } from './places.ts';
import { pageOf } from './places.ts';

/** Share of a sentence's words that must stand where its figures stand. */
const NEAR = 0.6;
/** The same for one clause of it. */
const CLAUSE_NEAR = 0.5;
/** Between two sentences that are joined, each with its subject and verb: they are judged one by one. */
const JOINT =
  / ?;|,? (?:mais|et|puis|car) (?=(?:c['’]est|ils?|elles?|vous|on|nous)(?!\p{L}))|,? (?:but|and) (?=(?:it|they|you|he|she)(?!\p{L}))/u;
const CLAUSE = /[,;:](?!\d)| (?:et|puis|mais|and|then|but) /;

/** A sentence as it is compared with places. */
interface Written {
  text: string;
  facts: readonly Fact[];
  content: readonly string[];
  institutions: ReadonlySet<string>;
  /** Those with figures and words of their own. */
  clauses: readonly { facts: readonly Fact[]; content: readonly string[] }[];
}

export interface Support {
  /**
   * Does one of these passages say all of this sentence, in one place? `same`: written in its language, so that words
   * can be compared.
   */
  says(sentence: string, cited: readonly number[], same: boolean): boolean;
}

/** What the passages say, read once. */
export function supportOf(passages: readonly string[], stopWords: ReadonlySet<string>): Support {
  const pages = passages.map((text) => once(() => pageOf(text, stopWords)));
  const grounds = once(() => pages.map((page) => page().ground));
  const spread = (word: string): number => grounds().filter((ground) => ground.holds(word)).length;
  /** Acronyms of any passage, by which a sentence may call them in small letters too. */
  const named = once(() => new Set(pages.flatMap((page) => [...page().institutions])));
  const roots = (text: string): string[] => contentOf(text, stopWords).map(rootOf);

  /** Words, those that few passages hold counting more: they say which passage it is about. */
  function near(content: readonly string[], ground: Ground): boolean {
    const held = content.filter((word) => ground.holds(word));
    if (held.length < NEAR * content.length) return false;
    const weight = (all: readonly string[]): number =>
      all.reduce((sum, word) => sum + (spread(word) === 0 ? 0 : 1 / spread(word)), 0);
    return weight(held) >= NEAR * weight(content);
  }

  function read(text: string): Written {
    const content = contentOf(text, stopWords);
    return {
      text,
      facts: figuresOf(text),
      content: content.length < 2 ? contentOf(text, stopWords, true) : content,
      institutions: new Set([
        ...institutionsOf(text),
        ...words(text).filter((word) => word.length > 2 && named().has(word)),
      ]),
      clauses: text
        .split(CLAUSE)
        .map((clause) => ({ facts: figuresOf(clause), content: contentOf(clause, stopWords) }))
        .filter((clause) => clause.facts.length > 0 && clause.content.length > 1),
    };
  }

  /** Names the institutions of the sentence, and no other beside them. */
  const isOf = ({ institutions }: Written, place: Place, page: Page): boolean =>
    institutions.size === 0 ||
    ([...place.institutions].every((name) => institutions.has(name)) &&
      [...institutions].every((name) => (institutions.size > 1 ? place : page).ground.holds(name)));

  const isAlike = ({ text }: Written, place: Place, same: boolean): boolean =>
    same ? deniesAlike(text, place.statement, place.title, roots) : denies(text) === denies(place.statement);

  /** The figures of the sentence, of what it says them, clause by clause. */
  function tells(written: Written, place: Place, same: boolean): boolean {
    const { text, facts, clauses, content } = written;
    if (!holdsAll(place, facts) || !facts.some((fact) => place.own.holds(fact))) return false;
    if (!isOrdered(text, place)) return false;
    // Two units are read as one only for what neither says alone.
    if (place.parts.some((part) => holdsAll(part, facts))) return false;
    if (!same) return true;
    const parts = place.parts.length === 0 ? [place] : place.parts;
    return (
      near(content, place.ground) &&
      clauses.every((clause) =>
        parts.some(
          (part) =>
            holdsAll(part, clause.facts) &&
            countHeld(clause.content, part.ground) >= CLAUSE_NEAR * clause.content.length,
        ),
      )
    );
  }

  function holding(written: Written, page: Page, same: boolean): boolean {
    const { facts, content, institutions } = written;
    if (![...institutions].every((name) => page.ground.holds(name))) return false;
    if (facts.length > 0)
      return page.places.some(
        (place) => tells(written, place, same) && isOf(written, place, page) && isAlike(written, place, same),
      );
    if (!same) return true;
    const units = page.places.filter(({ parts }) => parts.length === 0);
    const most = Math.max(0, ...units.map(({ ground }) => countHeld(content, ground)));
    const best = units.filter(({ ground }) => countHeld(content, ground) === most);
    return (
      most > 0 &&
      best.every((place) => isAlike(written, place, same)) &&
      (institutions.size === 0 ||
        (near(content, page.ground) && best.some((place) => isOf(written, place, page))))
    );
  }

  const saysAtOnce = (sentence: string, cited: readonly number[], same: boolean): boolean => {
    const written = read(sentence);
    return cited.some((at) => {
      const page = pages[at]?.();
      if (!page || !holding(written, page, same)) return false;
      // Nothing of another passage may be mixed in with figures or names.
      if (!same || (written.facts.length === 0 && written.institutions.size === 0)) return true;
      const others = cited.filter((other) => other !== at).flatMap((other) => pages[other]?.() ?? []);
      return written.content.every(
        (word) => page.ground.holds(word) || !others.some(({ ground }) => ground.holds(word)),
      );
    });
  };

  return {
    says(sentence, cited, same) {
      if (saysAtOnce(sentence, cited, same)) return true;
      const joined = sentence.split(JOINT);
      return joined.length > 1 && joined.every((one) => saysAtOnce(one, cited, same));
    },
  };
}

const figuresOf = (text: string): Fact[] => factsOf(text).filter(({ kind }) => kind !== 'article');

const holdsAll = ({ known }: Place, facts: readonly Fact[]): boolean =>
  facts.every((fact) => known.holds(fact));

const countHeld = (content: readonly string[], ground: Ground): number =>
  content.filter((word) => ground.holds(word)).length;

/** Figures and dates in the order of the documents, each said of whom they say it: 14 % of the one and 6 % of the other. */
function isOrdered(sentence: string, place: Place): boolean {
  if (!follows(valuesIn(sentence), valuesIn(place.text))) return false;
  if (!follows(datesIn(sentence), datesIn(place.text))) return false;
  const hours = scheduleIn(plainOf(place.text));
  // Days behind hours have hours of their own.
  const many = /\d:\d\d,\d(?:,|$)/.test(hours.join());
  if (many && !follows(scheduleIn(plainOf(sentence)), hours)) return false;
  const links = linksOf(place.text);
  return linksOf(sentence).every(
    ({ value, label }) =>
      value === undefined ||
      links.some((link) => link.value === value && link.label === label) ||
      !links.some((link) => link.value !== undefined && link.value !== value && link.label === label),
  );
}

/** Do those of the first that the second holds stand in its order? */
function follows<T>(written: readonly T[], known: readonly T[]): boolean {
  let at = 0;
  for (const value of written.filter((one) => known.includes(one))) {
    at = known.indexOf(value, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

const datesIn = (text: string): string[] =>
  factsOf(text).flatMap(({ kind, key }) => (kind === 'date' ? [key] : []));

/** Values of a text in order, one that is said twice ("quatorze (14)") once. */
const valuesIn = (text: string): number[] =>
  amountsIn(plainOf(text))
    .map(({ value }) => value)
    .filter((value, at, all) => value !== all[at - 1]);

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
