import { partsOf } from './clauses.ts';
import { factsOf } from './facts.ts';
import { contentOf, institutionsOf, rootOf } from './grounding.ts';
import type { Figure } from './kinds.ts';
import { isLike, keyOf, kindOf } from './kinds.ts';

/** Part of a sentence, or a cell of a table, with the figures of one thing and what is said of them. */
export interface Stretch {
  figures: readonly Figure[];
  /** Words by their roots and figures by their keys: 1 said there, less where it is said around. */
  said: ReadonlyMap<string, number>;
  /** Words of its title and opening. */
  around: ReadonlySet<string>;
  institutions: readonly string[];
}

/** What is said in its title, its opening or the stretch before it is half said of a stretch. */
const AROUND = 0.5;

/** A figure, not a word. */
const WEEKDAY = /^(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)s?$/;
/** "par enfant": another thing than "pour trois enfants". */
const EACH = /(?<!\p{L})(?:par|per|chaque|each|every) (\p{L}{4,})/giu;

const rootsOf = (text: string, stopWords: ReadonlySet<string>): string[] =>
  contentOf(text, stopWords)
    .filter((word) => !WEEKDAY.test(word))
    .map(rootOf);

/** Figures and words of one stretch. */
function read(text: string, stopWords: ReadonlySet<string>): { figures: Figure[]; words: string[] } {
  const words = rootsOf(text, stopWords);
  const figures: Figure[] = [];
  for (const fact of factsOf(text)) {
    // "un enfant": the first row, perhaps.
    const key = fact.kind === 'article' ? 'number 1' : keyOf(fact);
    const kind = kindOf(fact);
    if (kind !== undefined) figures.push({ key, kind });
    else if (fact.kind !== 'range' && (fact.kind !== 'article' || fact.key !== '')) words.push(key);
  }
  for (const [, word = ''] of text.matchAll(EACH))
    words.push(...rootsOf(word, stopWords).map((root) => `each ${root}`));
  return { figures, words };
}

/** Of one unit of a text. `around`: its title and opening. */
export function stretchesOf(text: string, stopWords: ReadonlySet<string>, around = ''): Stretch[] {
  const topic = new Set(rootsOf(around, stopWords));
  const shared = new Map<string, number>([...topic].map((word) => [word, AROUND]));
  let head: string[] = [];
  const all = new Set<string>();
  return partsOf(text).map((part) => {
    const said = new Map(shared);
    for (const word of all) said.set(word, Math.max(AROUND, said.get(word) ?? 0));
    const content = rootsOf(part.text, stopWords);
    const subject = rootsOf(part.head, stopWords);
    const { figures, words } = read(part.text, stopWords);
    // "8 après": of the birth too. "et 12 000 F pour trois": of the same fee.
    const goesOn = content.length === 0 ? all : subject.length === 0 ? head : [];
    for (const word of [...goesOn, ...words, ...figures.map(({ key }) => key)]) said.set(word, 1);
    if (subject.length > 0) head = subject;
    for (const word of content) all.add(word);
    return { figures, said, around: topic, institutions: institutionsOf(part.text) };
  });
}

/** Of a sentence: its parts, and the whole. "Pour 20 %, la rente est de 10 %" says one of the other. */
export function partsAndWhole(sentence: string, stopWords: ReadonlySet<string>): Stretch[] {
  const { figures, words } = read(sentence, stopWords);
  const whole = [...words, ...figures.map(({ key }) => key)].map((word): [string, number] => [word, 1]);
  return [
    ...stretchesOf(sentence, stopWords),
    { figures, said: new Map(whole), around: new Set(), institutions: [] },
  ];
}

/** Of a row: each cell with the name of its column, said of what the first cell names. */
export function cellsOf(row: string, header: string, stopWords: ReadonlySet<string>, around = ''): Stretch[] {
  const cells = (line: string): string[] => line.split('|').slice(1, -1);
  const [, ...names] = cells(header);
  const [label = '', ...others] = cells(row);
  const topic = new Set(rootsOf(around, stopWords));
  const shared = [...topic].map((word): [string, number] => [word, AROUND]);
  return others.map((cell, at) => {
    const { figures, words } = read(`| ${label} | ${names[at] ?? ''} | ${cell} |`, stopWords);
    const own = [...words, ...figures.map(({ key }) => key)].map((word): [string, number] => [word, 1]);
    return { figures, said: new Map([...shared, ...own]), around: topic, institutions: institutionsOf(row) };
  });
}

/**
 * Is a figure of a sentence said of what the text says another of? Its words then fit another figure of the same kind
 * better than its own. `own`: where the figures stand; `all`: what else the text says.
 */
export function isMoved(
  sentence: readonly Stretch[],
  own: readonly Stretch[],
  all: readonly Stretch[],
): boolean {
  return sentence.some((written) =>
    written.figures.some((figure) => {
      const homes = own.filter((home) => holds(home, figure));
      const rivals = all.filter((other) =>
        other.figures.some((its) => isLike(its, figure) && !holds(written, its)),
      );
      return homes.length > 0 && homes.every((home) => rivals.some((rival) => fits(written, rival, home)));
    }),
  );
}

/** Does it hold this figure? */
export const holds = ({ figures }: Stretch, figure: Figure): boolean =>
  figures.some(({ key }) => key === figure.key);

/** Do the words said of a figure fit a rival better than its home? Other figures, which stand at home too, say nothing for it. */
function fits(written: Stretch, rival: Stretch, home: Stretch): boolean {
  const figures = new Set(written.figures.map(({ key }) => key));
  let sum = 0;
  for (const [word, share] of written.said) {
    if (share < 1) continue;
    const more = (rival.said.get(word) ?? 0) - (home.said.get(word) ?? 0);
    if (figures.has(word)) sum += Math.max(0, more);
    // The title is the subject of all.
    else sum += home.around.has(word) ? Math.min(0, more) : more;
  }
  return sum > 0;
}
