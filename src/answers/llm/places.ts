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
  text: string;
  /** With the lines that open the lists it is a point of: what is said, or denied, there. */
  statement: string;
  /** Title and headings above it: a question, which it answers. */
  title: string;
  /** What the text holds, and with its title. */
  own: Known;
  known: Known;
  ground: Ground;
  institutions: ReadonlySet<string>;
  stretches: readonly Stretch[];
  /** The units it is made of, when there are two. */
  parts: readonly Place[];
}

export interface Page {
  ground: Ground;
  institutions: ReadonlySet<string>;
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
  /** The sentence it goes on. */
  before: string;
  /** What else says what it is about: the header of its table, the sentence it goes on, the notes of the page. */
  context: string;
}

/** Reads a passage: its title, then Markdown. */
export function pageOf(text: string, stopWords: ReadonlySet<string>): Page {
  const units = unitsOf(text);
  const [first = ''] = text.includes('\n') ? text.split('\n', 1) : [];
  // The date of a calendar is said of each row only when no row says it.
  const [date] = /\(\d{4}-\d{2}-\d{2}\)$/.exec(first) ?? [];
  const body = knownFacts(units.map((unit) => unit.text));
  const [day] = factsOf(date ?? '').filter(({ kind }) => kind === 'date');
  const title = day && body.holds(day) ? first.slice(0, -(date ?? '').length) : first;
  /** "La cotisation est annuelle." */
  const ofAll = units
    .map((unit) => unit.text)
    .filter((said) => factsOf(said).some(({ kind }) => kind === 'period') && !/\d/.test(said));
  const stretches = new Map(
    units.map((unit) => {
      const around = `${unit.title}\n${unit.opening}`;
      return [
        unit,
        unit.header === ''
          ? stretchesOf(unit.text, stopWords, around, unit.before)
          : cellsOf(unit.text, unit.header, stopWords, around),
      ];
    }),
  );
  const place = (own: readonly Unit[]): Place => {
    const joined = (read: (unit: Unit) => string): string => [...new Set(own.map(read))].join('\n');
    return {
      text: joined((unit) => unit.text),
      statement: joined((unit) => (unit.opening === '' ? unit.text : `${unit.opening}\n${unit.text}`)),
      title: joined((unit) => unit.title),
      own: knownFacts(own.map((unit) => unit.text)),
      known: knownFacts([...own.flatMap((unit) => [unit.text, unit.opening, unit.header]), title, ...ofAll]),
      ground: groundOf(
        own.flatMap((unit) => [unit.text, unit.title, unit.opening, unit.header, unit.before, unit.context]),
        stopWords,
      ),
      institutions: new Set(own.flatMap((unit) => institutionsOf(unit.text))),
      stretches: own.flatMap((unit) => stretches.get(unit) ?? []),
      parts: own.length === 1 ? [] : own.map((unit) => place([unit])),
    };
  };
  return {
    ground: groundOf([text], stopWords),
    institutions: new Set(institutionsOf(text)),
    places: [
      ...units.map((unit) => place([unit])),
      ...units.slice(1).map((unit, at) => place([units[at] ?? unit, unit])),
    ],
    stretches: [...stretches.values()].flat(),
    names: new Set((text.match(NAME) ?? []).flatMap(words)),
  };
}

const NAME = /(?<=[\p{L}\p{N},;)] |\p{L}['’])\p{Lu}\p{Ll}{3,}/gu;

/** A sentence that begins so goes on about the one before. */
const GOES_ON =
  /^(?:il|elle|ils|elles|ce|cette|ces|cela|ceci|son|sa|ses|leurs?|celui|celle|it|this|these|they)(?!\p{L})/iu;
/** "Oui." says nothing without the sentence behind it. */
const withAnswers = (all: readonly string[]): string[] =>
  /^(?:oui|non|yes|no)[.!]$/i.test(all[0] ?? '') && all[1] !== undefined
    ? [`${all[0] ?? ''} ${all[1]}`, ...all.slice(2)]
    : [...all];
/** What is said of the whole page: how far to trust it. */
const NOTE = /(?<!\p{L})(?:à confirmer|à vérifier|démonstration|to be confirmed)(?!\p{L})/iu;

function unitsOf(text: string): Unit[] {
  const lines = text.replaceAll('**', '').split('\n');
  const first = lines.length > 1 ? (lines.shift() ?? '') : '';
  const units: Unit[] = [];
  const notes = lines
    .filter((line) => NOTE.test(line))
    .flatMap(sentences)
    .filter((said) => NOTE.test(said));
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
    let before = '';
    for (const sentence of row ? [bare] : withAnswers(sentences(bare))) {
      units.push({
        text: sentence,
        title: `${first}\n${heading}`,
        opening: item ? opening : '',
        header: header,
        before: GOES_ON.test(sentence) ? before : '',
        context: notes.join('\n'),
      });
      before = sentence;
    }
    if (!item) opening = bare.endsWith(':') ? bare : '';
  }
  return units;
}
