import { DIGITS, digits, plainOf, unitAfter, unitCounted } from './amounts.ts';
import { rangesIn, takeDates } from './dates.ts';
import { boundsIn, FIGURATIVE, figureKey, FRACTION, MIXED, SIGN, sidesIn } from './figurative.ts';
import { linksOf } from './links.ts';
import { NUMBER_WORDS, ORDINALS, ordinalOf, scaleOf, valueOf } from './number-words.ts';

/**
 * What a sentence may not invent. `number` keys are `value|unit`, the unit empty when none is known; `article` is
 * "un", "une" or "one" that counts nothing, or anybody; `phone` keys are digits; `date` is day-month; `range` is two times or two weekdays; `rank` is an ordinal;
 * `period` is "month" for "mensuel" or "par mois", `linked` is `value|period`; the others are as written, folded.
 */
export interface Fact {
  kind:
    | 'number'
    | 'phone'
    | 'date'
    | 'month'
    | 'weekday'
    | 'time'
    | 'range'
    | 'email'
    | 'link'
    | 'mark'
    | 'word'
    | 'rank'
    | 'period'
    | 'linked'
    | 'article';
  key: string;
  /** A number alone in a cell of a table, whose header names its unit: it may stand with any. */
  anyUnit?: boolean;
}

/** Endings of addresses that a reader, or a telephone, puts together again. */
const TLD = '(?:com|sn|org|net|fr|io|gouv|ru|cn|ly|xyz)';
const SPELLED_LINK = new RegExp(
  `(?<![\\p{L}\\p{N}-])[\\p{L}\\p{N}-]+ ?(?: (?:point|dot) |[([{] ?(?:\\.|point|dot) ?[)\\]}]|\\. | \\.) ?${TLD}(?![\\p{L}\\p{N}])`,
  'gu',
);

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

  take(/(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (found) => {
    add('email', found.replace(/\.+$/, ''));
  });
  take(
    /(?<![a-z])(?:[a-z][a-z\d+.-]{1,15}:\/\/|(?:mailto|tel|sms|javascript|data|tg|whatsapp|intent):)[^\s<>"]+/g,
    (found) => {
      add('link', linkKey(found));
    },
  );
  take(
    /(?<![\p{L}\p{N}@._-])(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)*[\p{L}\p{N}][\p{L}\p{N}-]*\.(?:xn--[a-z\d-]+|\p{L}{2,})(?:[/?#][^\s<>"]*)?/gu,
    (found) => {
      add('link', linkKey(found));
    },
  );
  take(SPELLED_LINK, (found) => {
    add('link', found.replace(/\s/g, ''));
  });
  take(/(?<!\S)[^\s@]*@\S*|(?<![^\s(«"'])\/[a-z_]{2,}|\{[a-z_]+\}/gu, (found) => {
    add('mark', found);
  });

  for (const [found] of rest.matchAll(SIGN)) add('mark', found.trim());
  for (const bound of boundsIn(text, rest)) add('word', bound);

  for (const range of rangesIn(rest)) add('range', range);
  takeDates(take, add);
  take(FRACTION, (found) => {
    add('mark', found.replace(/\s/g, ''));
  });
  take(ORDINALS, (found, [figure, spelled]) => {
    add('rank', figure === undefined ? ordinalOf(spelled ?? found) : String(Number(figure)));
  });
  take(MIXED, (found) => {
    add('mark', found);
  });
  digits(rest, add);
  rest = rest.replace(DIGITS, ' ¦ ');
  for (const found of rest.matchAll(NUMBER_WORDS)) {
    // Read with its digits ("2 millions").
    if (scaleOf(found[0]) !== 1 && rest.slice(0, found.index).endsWith('¦  ')) continue;
    const behind = found.index + found[0].length;
    if (/^(?:une?|one)$/.test(found[0])) {
      const unit = unitCounted(rest, behind);
      // "Un enfant" is any child.
      if (unit === '' || ANYBODY.test(unit)) add('article', unit);
      else add('number', `1|${unit}`);
    } else add('number', `${valueOf(found[0])}|${unitAfter(rest, behind)}`);
  }
  for (const [found] of rest.matchAll(FIGURATIVE)) add('word', figureKey(found));
  // Digits of other scripts, circled numbers: nobody can check them.
  for (const [found] of rest.matchAll(/\p{N}+/gu)) add('word', found);
  for (const { value, label } of linksOf(text))
    add(value === undefined ? 'period' : 'linked', value === undefined ? label : `${value}|${label}`);
  if (facts.some(({ kind }) => kind === 'number')) for (const side of sidesIn(rest)) add('word', side);
  return facts;
}

/** Those of them that can be wrong. */
export const figuresOf = (text: string): Fact[] => factsOf(text).filter(({ kind }) => kind !== 'article');

const ANYBODY = /^(?:child|person)$/;

const linkKey = (link: string): string =>
  link
    .replace(/^https?:\/\//, '')
    .replace(/[.,;:!?)»\]*_]+$/, '')
    .replace(/\/$/, '');

/** Facts of the texts a sentence cites, ready to be looked up. */
export interface Known {
  holds(fact: Fact): boolean;
}

export function knownFacts(texts: readonly string[], read: (text: string) => Fact[] = factsOf): Known {
  const keys = new Set<string>();
  /** Periods said of no amount, and the amounts that have one. */
  const free = new Set<string>();
  const timed = new Set<string>();
  const plain = ` ${texts.map(plainOf).join('\n')}`;
  /** value → units it stands with; `any`: all of them. */
  const numbers = new Map<string, Set<string>>();
  const number = (key: string, anyUnit = false): void => {
    const [value = '', unit = ''] = key.split('|');
    numbers.set(value, (numbers.get(value) ?? new Set()).add(unit === '' && anyUnit ? 'any' : unit));
  };
  for (const fact of texts.flatMap(read)) {
    keys.add(`${fact.kind} ${fact.key}`);
    if (fact.kind === 'number') number(fact.key, fact.anyUnit);
    if (fact.kind === 'date') keys.add(`month ${fact.key.split('-')[1] ?? ''}`);
    if (fact.kind === 'time' && fact.key.endsWith(':00')) number(`${fact.key.slice(0, -3)}|hour`);
    if (fact.kind === 'article') number(`1|${fact.key}`);
    if (fact.kind === 'period') free.add(fact.key);
    if (fact.kind === 'linked') {
      const [value = '', period = ''] = fact.key.split('|');
      timed.add(value);
      keys.add(`period ${period}`);
    }
  }
  return {
    holds(fact) {
      const { kind, key } = fact;
      // An article, or a figure that nobody can be misled by.
      if (kind === 'article') return true;
      if (kind === 'linked') return keys.has(`linked ${key}`) || isOfAll(key);
      return kind === 'number' ? counts(key) : keys.has(`${kind} ${key}`) || onTheHour(fact);
    },
  };

  /** "Montants mensuels" says it of each amount that has no other period. */
  function isOfAll(key: string): boolean {
    const [value = '', period = ''] = key.split('|');
    return free.has(period) && !timed.has(value);
  }

  function counts(key: string): boolean {
    const [value = '', unit = ''] = key.split('|');
    const known = numbers.get(value);
    if (known && (unit === '' || known.has(unit) || known.has('any'))) return true;
    // "orphelins : 15 % pour un, 30 % pour deux"
    return unit.startsWith('of ') && known?.has('') === true && plain.includes(` ${unit.slice(3)}`);
  }

  function onTheHour({ kind, key }: Fact): boolean {
    return kind === 'time' && key.endsWith(':00') && numbers.get(key.slice(0, -3))?.has('hour') === true;
  }
}
