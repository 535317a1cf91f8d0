import { sentences } from '../ingest/split.ts';
import { DIGITS, piecesOf, plainOf, unitCounted } from './amounts.ts';
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
const ADJECTIVES: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})(?:mensuel\p{L}*|mensualite\p{L}*|monthly)(?!\p{L})/gu, 'month'],
  [/(?<!\p{L})(?:annuel\p{L}*|annuite\p{L}*|annual\p{L}*|yearly)(?!\p{L})/gu, 'year'],
  [/(?<!\p{L})(?:hebdomadaire\p{L}*|weekly)(?!\p{L})/gu, 'week'],
  [/(?<!\p{L})(?:quotidien\p{L}*|journalier\p{L}*|daily)(?!\p{L})/gu, 'day'],
  [/(?<!\p{L})(?:horaire|hourly)(?!\p{L})/gu, 'hour'],
  [/(?<!\p{L})(?:trimestriel\p{L}*|quarterly)(?!\p{L})/gu, 'quarter'],
];
/** No amounts: dates and telephones. Same length, so that places stay. */
const DATED =
  /\d{1,2}(?:er)? (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)(?: \d{4})?|(?<!\d)(?!\d{1,3}(?:[ .]\d{3})+(?!\d))\+?\d(?:[ .-]?\d){7,}/g;

/** A folded text without its dates and telephones, places kept. */
const undated = (plain: string): string => plain.replace(DATED, (found) => '¦'.repeat(found.length));

/** Amounts of a folded sentence without its dates, in order. */
function amountsIn(text: string): Amount[] {
  const found: Amount[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const to = match.index + match[0].length;
    // "le 29e jour"
    if (/^ ?(?:ers?|ere|i?e(?:me)?)(?!\p{L})/u.test(text.slice(to, to + 6))) continue;
    const word = /^ (\p{L}+)/u.exec(text.slice(to, to + 20))?.[1] ?? '';
    const scale = scaleOf(word);
    for (const { value } of piecesOf(match[0]))
      found.push({ value: value * scale, from: match.index, to: scale === 1 ? to : to + 1 + word.length });
  }
  for (const match of text.matchAll(NUMBER_WORDS)) {
    const to = match.index + match[0].length;
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
    const amount = nearest(amounts, from, from + match[0].length);
    links.push({ ...(amount && { value: amount.value }), label });
  };
  for (const match of plain.matchAll(PER)) say(PERIODS[match[1] ?? ''] ?? '', match);
  for (const [pattern, label] of ADJECTIVES) for (const match of plain.matchAll(pattern)) say(label, match);
  return links;
}

/** The amount before, else the one behind. */
const nearest = (amounts: readonly Amount[], from: number, to: number): Amount | undefined =>
  amounts.findLast((amount) => amount.to <= from) ?? amounts.find((amount) => amount.from >= to);
