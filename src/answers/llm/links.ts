import { sentences } from '../ingest/split.ts';
import { DIGITS, LABEL, YEAR, piecesOf, plainOf, unitCounted } from './amounts.ts';
import { NUMBER_WORDS, scaleOf, valueOf } from './number-words.ts';

/** A period and the amount it is said of; without a value when it has none: said of all. */
export interface Link {
  value?: number;
  /** "month". */
  label: string;
}

interface Amount {
  value: number;
  from: number;
  to: number;
}

const PERIODS: Readonly<Record<string, string>> = {
  an: 'year',
  annee: 'year',
  year: 'year',
  mois: 'month',
  month: 'month',
  semaine: 'week',
  week: 'week',
  jour: 'day',
  journee: 'day',
  day: 'day',
  heure: 'hour',
  hour: 'hour',
  trimestre: 'quarter',
  quarter: 'quarter',
  semestre: 'semester',
};
const PERIOD = Object.keys(PERIODS).join('|');
/** "par mois"; "le mois" only behind an amount: "le jour de l'accident" is no period. */
const PER = new RegExp(
  `(?:(?<!\\p{L})(?:par|per|chaque|tous les|toutes les|each|every) |(?<=(?:\\d ?f?|francs?|cfa|xof|euros?|%) )(?:le |la |au |a la |a l'|l')|/ ?)(${PERIOD})s?(?!\\p{L})`,
  'gu',
);
const SHORT = /\/ ?([jhm])(?!\p{L})/gu;
const SHORTS: Readonly<Record<string, string>> = { j: 'day', h: 'hour', m: 'month' };
const ADJECTIVES: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})(?:mensuel\p{L}*|mensualite\p{L}*|monthly)(?!\p{L})/gu, 'month'],
  [/(?<!\p{L})(?:annuel\p{L}*|annuite\p{L}*|annual\p{L}*|yearly)(?!\p{L})/gu, 'year'],
  [/(?<!\p{L})(?:hebdomadaire\p{L}*|weekly)(?!\p{L})/gu, 'week'],
  [/(?<!\p{L})(?:(?<!vie )quotidien\p{L}*|journalier\p{L}*|daily)(?!\p{L})/gu, 'day'],
  [/(?<!\p{L})(?:horaire|hourly)(?!\p{L})/gu, 'hour'],
  [/(?<!\p{L})(?:trimestriel\p{L}*|quarterly)(?!\p{L})/gu, 'quarter'],
  [/(?<!\p{L})semestriel\p{L}*/gu, 'semester'],
  [/(?<!\p{L})(?:bimestriel\p{L}*)/gu, 'two months'],
  [/(?<!\p{L})(?:bimensuel\p{L}*)/gu, 'half month'],
  [/(?<!\p{L})(?:biannuel\p{L}*|bisannuel\p{L}*|biennal\p{L}*)/gu, 'two years'],
];
/** Between an amount and what is not said of it. */
const BARRIER =
  /[,;:()|]|(?<!\p{L})(?:et|ou|mais|puis|soit|dont|and|or|but)(?!\p{L})(?! (?:par|per)(?!\p{L}))/gu;

/** No amounts: days of a date and hours of a clock. Same length, so that places stay. */
const DATED =
  /\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:er)? (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)(?: \d{4})?|\d{1,2} ?h ?\d{2}(?!\d)|(?<!\d)(?!\d{1,3}(?:[ .]\d{3})+(?!\d))\+?\d(?:[ .-]?\d){7,}|(?<!\S)[^\s@]*@\S*|(?<!\S)[^\s:]*:\/\/\S+|www\.\S+/g;

/** A folded text without its dates, hours, telephones and links, places kept. */
export const undated = (plain: string): string => plain.replace(DATED, (found) => '¦'.repeat(found.length));

/** Amounts of a folded sentence, in order. */
function amountsIn(plain: string): Amount[] {
  const text = undated(plain);
  const found: Amount[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const before = text.slice(Math.max(0, match.index - 60), match.index);
    const to = match.index + match[0].length;
    // "article 5", "le 29e jour"
    if (LABEL.test(before) || /^ ?(?:ers?|ere|i?e(?:me)?)(?!\p{L})/u.test(text.slice(to, to + 6))) continue;
    const word = /^ (\p{L}+)/u.exec(text.slice(to, to + 20))?.[1] ?? '';
    const scale = scaleOf(word);
    for (const { value, written } of piecesOf(match[0]))
      if (scale !== 1 || !YEAR.test(written))
        found.push({ value: value * scale, from: match.index, to: scale === 1 ? to : to + 1 + word.length });
  }
  for (const match of text.matchAll(NUMBER_WORDS)) {
    const to = match.index + match[0].length;
    if (found.some((amount) => match.index < amount.to && to > amount.from)) continue;
    // "les deux tiers"
    if (/^ (?:tiers|quarts|cinquiemes)(?!\p{L})/u.test(text.slice(to, to + 12))) continue;
    if (/^(?:une?|one)$/.test(match[0]) && unitCounted(text, to) === '') continue;
    found.push({ value: valueOf(match[0]), from: match.index, to });
  }
  return found.sort((a, b) => a.from - b.from);
}

/** What each sentence or row of a text says of its amounts. */
export function linksOf(text: string): Link[] {
  return text
    .split('\n')
    .flatMap(sentences)
    .flatMap((sentence) => linksIn(plainOf(sentence)));
}

function linksIn(dated: string): Link[] {
  const plain = undated(dated);
  const amounts = amountsIn(plain);
  const links: Link[] = [];
  const say = (label: string, match: RegExpMatchArray): void => {
    const from = match.index ?? 0;
    const amount = nearest(plain, amounts, from, from + match[0].length);
    links.push({ ...(amount && { value: amount.value }), label });
  };
  for (const match of plain.matchAll(PER)) say(PERIODS[match[1] ?? ''] ?? '', match);
  for (const match of plain.matchAll(SHORT)) say(SHORTS[match[1] ?? ''] ?? '', match);
  for (const [pattern, label] of ADJECTIVES) for (const match of plain.matchAll(pattern)) say(label, match);
  return links;
}

/** The amount on the side with fewer barriers; the one before when they are as many. */
function nearest(plain: string, amounts: readonly Amount[], from: number, to: number): Amount | undefined {
  const dated = (gap: string): boolean => gap.includes('¦');
  const last = amounts.findLast((amount) => amount.to <= from);
  const next = amounts.find((amount) => amount.from >= to);
  const before = last && !dated(plain.slice(last.to, from)) ? last : undefined;
  const after = next && !dated(plain.slice(to, next.from)) ? next : undefined;
  if (!before || !after) return before ?? after;
  const barriers = (text: string): number => text.match(BARRIER)?.length ?? 0;
  return barriers(plain.slice(before.to, from)) <= barriers(plain.slice(to, after.from)) ? before : after;
}
