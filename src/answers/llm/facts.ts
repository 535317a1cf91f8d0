import { fold } from '../retrieval/fold.ts';
import { NUMBER_RUN, NUMBER_WORDS, scaleOf, valueOf } from './number-words.ts';

/**
 * What a sentence may not invent. `number` keys are `value|unit`, the unit empty when none is known; `article` is
 * "un", "une" or "one" with a unit; `phone` keys are digits; `date` is day-month; the others are as written, folded.
 */
export interface Fact {
  kind:
    | 'number'
    | 'phone'
    | 'date'
    | 'month'
    | 'weekday'
    | 'time'
    | 'email'
    | 'link'
    | 'mark'
    | 'word'
    | 'article';
  key: string;
  /** A number alone in a cell of a table, whose header names its unit: it may stand with any. */
  anyUnit?: boolean;
}

const MONTHS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['janvier', 'january'],
    ['fevrier', 'february'],
    ['mars', 'march'],
    ['avril', 'april'],
    ['mai', 'may'],
    ['juin', 'june'],
    ['juillet', 'july'],
    ['aout', 'august'],
    ['septembre', 'september'],
    ['octobre', 'october'],
    ['novembre', 'november'],
    ['decembre', 'december'],
  ].flatMap((names, at) => names.map((name) => [name, at + 1])),
);
const WEEKDAYS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['lundi', 'monday'],
    ['mardi', 'tuesday'],
    ['mercredi', 'wednesday'],
    ['jeudi', 'thursday'],
    ['vendredi', 'friday'],
    ['samedi', 'saturday'],
    ['dimanche', 'sunday'],
  ].flatMap((names, at) => names.map((name) => [name, at + 1])),
);
const MONTH = Object.keys(MONTHS).join('|');
const WEEKDAY = Object.keys(WEEKDAYS).join('|');

/** Figures that are said without a figure; Wolof numbers, which we do not count, must stand as they are. */
const FIGURATIVE =
  /(?<![\p{L}\p{N}])(?:moitie|tiers|quart|double|triple|dizaines?|douzaines?|quinzaines?|vingtaines?|trentaines?|centaines?|milliers?|gratuit\p{L}*|half|third|quarter|twice|thrice|dozens?|free|naar|nett|fukk|temeer|junni)(?![\p{L}\p{N}])/gu;

const FRENCH_FIGURES: Readonly<Record<string, string>> = {
  half: 'moitie',
  third: 'tiers',
  tiers: 'tiers',
  quarter: 'quart',
  twice: 'double',
  thrice: 'triple',
  dozen: 'douzaine',
  dozens: 'douzaine',
  free: 'gratuit',
};

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^ ?(?:%|pour ?cent|percent|per cent)/, '%'],
  [/^ ?(?:f ?cfa|fcfa|cfa|francs?|xof|f)(?![\p{L}\p{N}])/u, 'F'],
  [/^ ?(?:€|euros?|eur)(?![\p{L}\p{N}])/u, 'EUR'],
  [/^ ?(?:\$|dollars?|usd)(?![\p{L}\p{N}])/u, 'USD'],
  [/^[ -]?(?:jours?|days?)(?![\p{L}\p{N}])/u, 'day'],
  [/^[ -]?(?:semaines?|weeks?)(?![\p{L}\p{N}])/u, 'week'],
  [/^[ -]?(?:mois|months?)(?![\p{L}\p{N}])/u, 'month'],
  [/^[ -]?(?:ans?|annees?|years?)(?![\p{L}\p{N}])/u, 'year'],
  [/^[ -]?(?:heures?|hours?)(?![\p{L}\p{N}])/u, 'hour'],
  [/^[ -]?(?:minutes?|mn|min)(?![\p{L}\p{N}])/u, 'minute'],
];

/** Spellings without effect on what is read: width, Arabic digits, invisible characters. "- Taux : 8" is a row of one cell. */
function plainOf(text: string): string {
  return fold(
    text
      .replace(/^([ \t]*[-*] [^\n:|]{1,80} ?: )([^\n|]{1,60})$/gm, '$1| $2 |')
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15)),
  );
}

/** Every figure, date, time, telephone, address and link of a text, whoever wrote it. */
export function factsOf(text: string): Fact[] {
  const facts: Fact[] = [];
  let rest = plainOf(text);
  const add = (kind: Fact['kind'], key: string, anyUnit = false): void =>
    void facts.push({ kind, key, ...(anyUnit && { anyUnit }) });
  /** Takes what matches out of the text, so that nothing is read twice. */
  const take = (pattern: RegExp, read: (found: string, groups: (string | undefined)[]) => void): void => {
    rest = rest.replace(pattern, (...found: unknown[]) => {
      const texts = found.map((part) => (typeof part === 'string' ? part : undefined));
      read(texts[0] ?? '', texts.slice(1));
      return ' ¦ ';
    });
  };

  take(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (found) => {
    add('email', found.replace(/\.+$/, ''));
  });
  take(
    /(?<![a-z])(?:[a-z][a-z\d+.-]{1,15}:\/\/|(?:mailto|tel|sms|javascript|data|tg|whatsapp|intent):)[^\s<>"]+/g,
    (found) => {
      add('link', linkKey(found));
    },
  );
  take(
    /(?<![\p{L}\p{N}@._-])(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)*[\p{L}\p{N}][\p{L}\p{N}-]+\.\p{L}{2,}(?:\/[^\s<>"]*)?/gu,
    (found) => {
      add('link', linkKey(found));
    },
  );
  take(/(?<![\p{L}\p{N}])@[\p{L}\p{N}_]{2,}|(?<![^\s(«"'])\/[a-z_]{2,}|\{[a-z_]+\}/gu, (found) => {
    add('mark', found);
  });

  const date = (day: string | undefined, month: number | undefined): void => {
    if (day !== undefined && month !== undefined) add('date', `${Number(day)}-${month}`);
  };
  take(/(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/g, (_, [year, month, day]) => {
    date(day, Number(month));
    add('number', `${Number(year)}|`);
  });
  take(/(?<![\d/])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?![\d/])/g, (_, [day, month, year]) => {
    date(day, Number(month));
    add('number', `${Number(year)}|`);
  });
  take(
    new RegExp(`(?<!\\d)(\\d{1,2})(?:er|st|nd|rd|th)? (?:of )?(${MONTH})(?!\\p{L})`, 'gu'),
    (_, [day, month]) => {
      date(day, MONTHS[month ?? '']);
    },
  );
  take(new RegExp(`(?<!\\p{L})(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?(?!\\d)`, 'gu'), (_, [month, day]) => {
    date(day, MONTHS[month ?? '']);
  });
  // "may" and "march" are also verbs.
  take(new RegExp(`(?<!\\p{L})(?!may|march)(${MONTH})(?!\\p{L})`, 'gu'), (_, [month]) => {
    add('month', String(MONTHS[month ?? '']));
  });
  take(new RegExp(`(?<!\\p{L})(${WEEKDAY})s?(?!\\p{L})`, 'gu'), (_, [day]) => {
    add('weekday', String(WEEKDAYS[day ?? '']));
  });
  take(/(?<!\d)(\d{1,2}) ?(?:h ?(\d{2})?|:(\d{2}))(?![\p{L}\p{N}])/gu, (_, [hour, minutes, others]) => {
    add('time', `${Number(hour)}:${minutes ?? others ?? '00'}`);
  });
  digits(rest, add);
  rest = rest.replace(DIGITS, ' ¦ ');
  for (const found of rest.matchAll(NUMBER_WORDS)) {
    // Read with its digits ("2 millions").
    if (scaleOf(found[0]) !== 1 && rest.slice(0, found.index).endsWith('¦  ')) continue;
    const unit = unitAfter(rest, found.index + found[0].length);
    if (/^(?:une?|one)$/.test(found[0])) add('article', unit);
    else add('number', `${valueOf(found[0])}|${unit}`);
  }
  for (const [found] of rest.matchAll(FIGURATIVE))
    add('word', FRENCH_FIGURES[found] ?? found.replace(/^gratuit.*/, 'gratuit').replace(/s$/, ''));
  // Digits of other scripts, circled numbers: nobody can check them.
  for (const [found] of rest.matchAll(/\p{N}+/gu)) add('word', found);
  return facts;
}

/** Digits with at most one separator between groups. */
const DIGITS = /\+?\d+(?:(?:[ .,]|[-/](?=\d{2}))\d+)*/g;
const YEARS = /^\d{4}[-/]\d{4}$/;
const GROUPED = /^\d{1,3}(?:[ .]\d{3})+$/;

function digits(text: string, add: (kind: Fact['kind'], key: string, anyUnit?: boolean) => void): void {
  for (const match of text.matchAll(DIGITS)) {
    const [run] = match;
    const end = match.index + run.length;
    const all = run.replace(/\D/g, '');
    if (all.length >= 8 && !GROUPED.test(run) && !run.includes(',') && !YEARS.test(run)) {
      add('phone', phoneKey(all));
      continue;
    }
    const before = text.slice(Math.max(0, match.index - 60), match.index);
    const after = text.slice(end, end + 60);
    const pieces = piecesOf(run);
    const cell = pieces.length === 1 && CELL_BEFORE.test(before) && CELL_AFTER.test(after);
    for (const [at, { value, written }] of pieces.entries()) {
      const last = at === pieces.length - 1;
      const word = (last && /^ (\p{L}+)/u.exec(after)?.[1]) || '';
      const scale = scaleOf(word);
      // "article 5", "en 2024": no amount of anything.
      const names = scale === 1 && (YEAR.test(written) || (at === 0 && LABEL.test(before)));
      const from = scale === 1 ? end : end + 1 + word.length;
      const unit =
        last || /[-/]/.test(run) ? unitAfter(text, from, !names) || (last ? unitBefore(before) : '') : '';
      add('number', `${value * scale}|${unit}`, cell && !names);
    }
  }
}

const YEAR = /^(?:19|20)\d\d$/;
/** What gives a part of a text, a law, a form or a place its number. */
const LABEL =
  /(?<![\p{L}\p{N}])(?:articles?|art\.?|sections?|chapitres?|titres?|annexes?|alineas?|paragraphes?|pages?|points?|lois?|decrets?|arretes?|circulaires?|formulaires?|numeros?|n[°o]?|no\.|bp|rue|lot|villa|porte|law|act|decree|form)[ :.|]*(?:n ?[°o]?\.? ?)?$/u;
/** Around a number that fills its cell: other figures and the words of a range. */
const CELL_WORDS = String.raw`[^|\p{L}]*(?:(?:de|du|a|au|et|ou|entre|plus|moins|que|d'|jusqu'a|jusqu'au|from|to|or|and|between|up|more|less|than)(?!\p{L})[^|\p{L}]*)*`;
const CELL_BEFORE = new RegExp(`\\|${CELL_WORDS}$`, 'u');
const CELL_AFTER = new RegExp(`^${CELL_WORDS}(?:\\||$)`, 'u');

/** "2 600 2 750" is two amounts, "12,5" one, "3, 4" two. */
function piecesOf(run: string): { value: number; written: string }[] {
  return (
    run.match(/\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?|\d+/g) ?? []
  ).map((written) => ({
    written,
    value: Number(written.replace(/[ .](?=\d{3}(?!\d))/g, '').replace(',', '.')),
  }));
}

/** The same number once more ("quatorze (14) semaines"), or the rest of a range ("14 à 16 semaines"). */
const AGAIN = /^ ?\)|^ ?\([^()|]{1,40}\)/;
const RANGE = new RegExp(`^ ?(?:a|ou|et|to|or|and|-|–) ?(?:\\d+(?:[ .,]\\d+)*|¦|${NUMBER_RUN})`, 'u');

/** `far`: also the unit that stands behind the last number of a range. */
function unitAfter(text: string, at: number, far = true): string {
  let after = text.slice(at, at + 80);
  for (let step = 0; step < 4; step += 1) {
    const unit = UNITS.find(([pattern]) => pattern.test(after))?.[1];
    if (unit !== undefined) return unit;
    const skipped = far ? (AGAIN.exec(after) ?? RANGE.exec(after))?.[0] : undefined;
    if (skipped === undefined) return '';
    after = after.slice(skipped.length);
  }
  return '';
}

/** "FCFA 22 500", "€ 30". */
function unitBefore(before: string): string {
  const found = /(?<![\p{L}\d] ?)(?:(f ?cfa|fcfa|xof)|(€|eur|euros)|(\$|usd)) ?:? ?$/u.exec(before);
  return found ? (found[1] ? 'F' : found[2] ? 'EUR' : 'USD') : '';
}

/** With or without the country's prefix: the same number. */
const phoneKey = (all: string): string => all.replace(/^(?:00)?221(?=\d{9}$)/, '');

const linkKey = (link: string): string =>
  link
    .replace(/^https?:\/\//, '')
    .replace(/[.,;:!?)»\]*_]+$/, '')
    .replace(/\/$/, '');

/** Facts of the texts a sentence cites, ready to be looked up. */
export interface Known {
  holds(fact: Fact): boolean;
}

export function knownFacts(texts: readonly string[]): Known {
  const keys = new Set<string>();
  /** value → units it stands with; `any`: all of them. */
  const numbers = new Map<string, Set<string>>();
  const number = (key: string, anyUnit = false): void => {
    const [value = '', unit = ''] = key.split('|');
    numbers.set(value, (numbers.get(value) ?? new Set()).add(unit === '' && anyUnit ? 'any' : unit));
  };
  for (const fact of texts.flatMap(factsOf)) {
    keys.add(`${fact.kind} ${fact.key}`);
    if (fact.kind === 'number') number(fact.key, fact.anyUnit);
    if (fact.kind === 'date') keys.add(`month ${fact.key.split('-')[1] ?? ''}`);
    if (fact.kind === 'time' && fact.key.endsWith(':00')) number(`${fact.key.slice(0, -3)}|hour`);
    if (fact.kind === 'article') number(`1|${fact.key}`);
  }
  return {
    holds(fact) {
      // An article, or a figure that nobody can be misled by.
      if (fact.kind === 'article') return true;
      if (fact.kind !== 'number') return keys.has(`${fact.kind} ${fact.key}`) || onTheHour(fact);
      const [value = '', unit = ''] = fact.key.split('|');
      const units = numbers.get(value);
      return units !== undefined && (unit === '' || units.has(unit) || units.has('any'));
    },
  };

  function onTheHour({ kind, key }: Fact): boolean {
    return kind === 'time' && key.endsWith(':00') && numbers.get(key.slice(0, -3))?.has('hour') === true;
  }
}
