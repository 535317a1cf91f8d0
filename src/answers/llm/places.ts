import { sentences } from '../ingest/split.ts';
import { words } from '../retrieval/fold.ts';
import type { Known } from './facts.ts';
import { factsOf, knownFacts } from './facts.ts';
import type { Ground } from './grounding.ts';
import { groundOf, institutionsOf } from './grounding.ts';
import type { Stretch } from './stretches.ts';
import { cellsOf, stretchesOf } from './stretches.ts';

/** Where something is said: one unit of a passage, or two that follow each other. */
export interface Place {
  /** With the lines that open the lists it is a point of: what is said, or denied, there. */
  statement: string;
  /** Title and headings above it: a question, which it answers. */
  title: string;
  /** What it holds, with its title. */
  known: Known;
  ground: Ground;
  institutions: ReadonlySet<string>;
  stretches: readonly Stretch[];
  /** The units it is made of, when there are two. */
  parts: readonly Place[];
}

export interface Page {
  ground: Ground;
  /** Its units, then each two that follow each other. */
  places: readonly Place[];
  /** Of all its units. */
  stretches: readonly Stretch[];
  /** Words it writes with a capital in the middle of a sentence, folded. */
  names: ReadonlySet<string>;
}

/** A sentence, a point of a list or a row of a table. */
interface Unit {
  text: string;
  title: string;
  /** The line that opens its list. */
  opening: string;
  /** The first row of its table. */
  header: string;
}

/** Units, or stretches, of one passage. What says more of them is no text of ours: nothing is held to it, or read in it. */
export const MOST_PARTS = 100;

/** Reads a passage: its title, then Markdown. */
export function pageOf(text: string, stopWords: ReadonlySet<string>): Page {
  const all = unitsOf(text);
  const units = all.length > MOST_PARTS ? [] : all;
  const [first = ''] = text.includes('\n') ? text.split('\n', 1) : [];
  // The date of a calendar is said of each row only when no row says it.
  const [date] = /\(\d{4}-\d{2}-\d{2}\)$/.exec(first) ?? [];
  const read = remembering(factsOf);
  const body = knownFacts(
    units.map((unit) => unit.text),
    read,
  );
  const [day] = read(date ?? '').filter(({ kind }) => kind === 'date');
  const title = day && body.holds(day) ? first.slice(0, -(date ?? '').length) : first;
  /** "La cotisation est annuelle." */
  const ofAll = units
    .map((unit) => unit.text)
    .filter((said) => read(said).some(({ kind }) => kind === 'period') && !/\d/.test(said));
  const stretches = new Map(
    units.map((unit): [Unit, Stretch[]] => {
      const around = `${unit.title}\n${unit.opening}`;
      return [
        unit,
        unit.header === ''
          ? stretchesOf(unit.text, stopWords, around)
          : cellsOf(unit.text, unit.header, stopWords, around),
      ];
    }),
  );
  const place = (own: readonly Unit[], parts: readonly Place[]): Place => {
    const joined = (part: (unit: Unit) => string): string => [...new Set(own.map(part))].join('\n');
    return {
      statement: joined((unit) => (unit.opening === '' ? unit.text : `${unit.opening}\n${unit.text}`)),
      title: joined((unit) => unit.title),
      known: knownFacts([...own.flatMap((unit) => [unit.text, unit.opening]), title, ...ofAll], read),
      ground: groundOf(
        own.flatMap((unit) => [unit.text, unit.title, unit.opening]),
        stopWords,
      ),
      institutions: new Set(own.flatMap((unit) => institutionsOf(unit.text))),
      stretches: own.flatMap((unit) => stretches.get(unit) ?? []),
      parts,
    };
  };
  const spread = [...stretches.values()].flat();
  const single = spread.length > MOST_PARTS ? [] : units.map((unit) => place([unit], []));
  return {
    ground: groundOf([text], stopWords),
    places: [
      ...single,
      ...single.slice(1).map((_, at) => place(units.slice(at, at + 2), single.slice(at, at + 2))),
    ],
    stretches: spread,
    names: new Set((text.match(NAME) ?? []).flatMap(words)),
  };
}

/** Reads each text once. */
function remembering<T>(read: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text) ?? read(text);
    made.set(text, known);
    return known;
  };
}

const NAME = /(?<=[\p{L}\p{N},;)] |\p{L}['’])\p{Lu}\p{Ll}{3,}/gu;

function unitsOf(text: string): Unit[] {
  const lines = text.split('\n');
  const first = lines.length > 1 ? (lines.shift() ?? '') : '';
  const units: Unit[] = [];
  let heading = '';
  let opening = '';
  let header = '';
  for (const [at, line] of lines.entries()) {
    const bare = line.trim();
    if (bare === '' || /^[|:\s-]+$/.test(bare)) continue;
    if (bare.startsWith('#')) {
      heading = bare;
      opening = '';
    }
    const row = bare.startsWith('|');
    if (!row) header = '';
    else if (/^\s*\|[|:\s-]+$/.test(lines[at + 1] ?? '')) {
      header = bare;
      continue;
    }
    const item = /^(?:[-*+•|]|\d{1,2}[.)])/.test(bare);
    for (const sentence of row ? [bare] : sentences(bare)) {
      units.push({
        text: sentence,
        title: `${first}\n${heading}`,
        opening: item ? opening : '',
        header,
      });
    }
    if (!item) opening = bare.endsWith(':') ? bare : '';
  }
  return units;
}
