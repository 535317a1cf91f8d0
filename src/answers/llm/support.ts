import { words } from '../retrieval/fold.ts';
import type { Fact } from './facts.ts';
import { figuresOf } from './facts.ts';
import type { Ground } from './grounding.ts';
import { contentOf, institutionsOf, rootOf } from './grounding.ts';
import { denies, deniesAlike } from './negation.ts';
import type { Page, Place } from './places.ts';
import { pageOf } from './places.ts';
import type { Stretch } from './stretches.ts';
import { holds, isMoved, partsAndWhole } from './stretches.ts';

/** Share of a sentence's words that must stand where its figures stand. */
const NEAR = 0.5;
/** Between two sentences that are joined, each with its subject and verb: they are judged one by one. */
const JOINT = / ?;|,? (?:mais|et|puis|car) (?=(?:c['’]est|ils?|elles?|vous|on|nous)(?!\p{L}))/u;

/** A sentence as it is compared with places. */
interface Written {
  text: string;
  facts: readonly Fact[];
  content: readonly string[];
  institutions: ReadonlySet<string>;
  stretches: readonly Stretch[];
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
  /** Acronyms of any passage, by which a sentence may call them in small letters too. */
  const named = once(() => new Set(passages.flatMap(institutionsOf)));
  const roots = (text: string): string[] => contentOf(text, stopWords).map(rootOf);

  function read(text: string): Written {
    return {
      text,
      facts: figuresOf(text),
      content: contentOf(text, stopWords),
      institutions: new Set([
        ...institutionsOf(text),
        ...words(text).filter((word) => word.length > 2 && named().has(word)),
      ]),
      stretches: partsAndWhole(text, stopWords),
    };
  }

  /** Names the institutions of the sentence, and no other beside them where its figures stand. */
  function isOf({ institutions, stretches }: Written, place: Place, page: Page): boolean {
    if (institutions.size === 0) return true;
    const figures = stretches.flatMap((stretch) => stretch.figures);
    const homes = place.stretches.filter((home) => figures.some((figure) => holds(home, figure)));
    const named = homes.length > 0 ? homes.flatMap((home) => home.institutions) : [...place.institutions];
    return (
      named.every((name) => institutions.has(name)) &&
      [...institutions].every((name) => page.ground.holds(name))
    );
  }

  const isAlike = ({ text }: Written, place: Place, same: boolean): boolean =>
    same ? deniesAlike(text, place.statement, place.title, roots) : denies(text) === denies(place.statement);

  /** The figures of the sentence, of what it says them; `around`: what all the passages it cites say. */
  function tells(
    written: Written,
    place: Place,
    page: Page,
    around: readonly Stretch[],
    same: boolean,
  ): boolean {
    const { facts, content } = written;
    if (!holdsAll(place, facts)) return false;
    // Two units are read as one only for what neither says alone.
    if (place.parts.some((part) => holdsAll(part, facts))) return false;
    if (!same) return true;
    // The Inspection has 48 hours only where the Inspection stands.
    if (content.some((word) => page.names.has(word) && !place.ground.holds(word))) return false;
    if (isMoved(written.stretches, place.stretches, around)) return false;
    // Words that the whole passage lacks are wording.
    const known = content.filter((word) => page.ground.holds(word));
    return countHeld(known, place.ground) >= NEAR * known.length;
  }

  function holding(written: Written, page: Page, around: readonly Stretch[], same: boolean): boolean {
    const { facts, content } = written;
    if (facts.length > 0)
      return page.places.some(
        (place) =>
          tells(written, place, page, around, same) &&
          isOf(written, place, page) &&
          isAlike(written, place, same),
      );
    if (!same) return true;
    const units = page.places.filter(({ parts }) => parts.length === 0);
    const most = Math.max(0, ...units.map(({ ground }) => countHeld(content, ground)));
    const best = units.filter(({ ground }) => countHeld(content, ground) === most);
    return (
      best.every((place) => isAlike(written, place, same)) && best.some((place) => isOf(written, place, page))
    );
  }

  const saysAtOnce = (sentence: string, cited: readonly number[], same: boolean): boolean => {
    const written = read(sentence);
    const all = cited.flatMap((at) => pages[at]?.() ?? []);
    const around = all.flatMap(({ stretches }) => stretches);
    return all.some((page) => holding(written, page, around, same));
  };

  return {
    says(sentence, cited, same) {
      if (saysAtOnce(sentence, cited, same)) return true;
      const joined = sentence.split(JOINT);
      return joined.length > 1 && joined.every((one) => saysAtOnce(one, cited, same));
    },
  };
}

const holdsAll = ({ known }: Place, facts: readonly Fact[]): boolean =>
  facts.every((fact) => known.holds(fact));

const countHeld = (content: readonly string[], ground: Ground): number =>
  content.filter((word) => ground.holds(word)).length;

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
