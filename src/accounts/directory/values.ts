import { fold } from '../../message/fold.ts';
import type { DirectoryChild, PartialDate, Relation } from './person.ts';

const MONTHS = ['jan', 'fev', 'mar', 'avr', 'mai', 'juin', 'juil', 'aou', 'sep', 'oct', 'nov', 'dec'];
const ENGLISH = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A date as people and spreadsheets write it, day first; undefined when it is none. `42443` is a day count of Excel
 * (1 is 1 January 1900, and a 29 February 1900 that never was).
 */
export function readDate(text: string): PartialDate | undefined {
  const clean = fold(text);
  const parts = clean.split(' ');
  const [a = '', b = '', c = ''] = parts;
  if (parts.length === 1) {
    if (/^(?:19|20)\d\d$/.test(a)) return a;
    if (/^[2-5]\d{4}$/.test(a))
      return new Date(Date.UTC(1899, 11, 30 + Number(a))).toISOString().slice(0, 10);
    return undefined;
  }
  if (parts.length === 2) return day(b, a, '');
  if (/^\d{4}$/.test(a)) return day(a, b, c.slice(0, 2));
  // A time may follow.
  return parts.slice(3).every((part) => /^\d+$/.test(part)) ? day(c, b, a) : undefined;
}

function day(yearText: string, monthText: string, dayText: string): PartialDate | undefined {
  const year = /^\d{4}$/.test(yearText) ? Number(yearText) : shortYear(yearText);
  const month = /^\d{1,2}$/.test(monthText) ? Number(monthText) : monthNamed(monthText);
  if (year === undefined || year < 1900 || year > 2100 || month < 1 || month > 12) return undefined;
  const start = `${year}-${String(month).padStart(2, '0')}`;
  if (dayText === '') return start;
  const number = /^(?:\d{1,2}|1er)$/.test(dayText) ? parseInt(dayText, 10) : 0;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return number >= 1 && number <= last ? `${start}-${String(number).padStart(2, '0')}` : undefined;
}

const shortYear = (text: string): number | undefined =>
  /^\d\d$/.test(text) ? Number(text) + (Number(text) < 50 ? 2000 : 1900) : undefined;

function monthNamed(text: string): number {
  if (text.length < 3) return 0;
  const starts = (month: string) => text.startsWith(month);
  const french = MONTHS.findIndex(starts);
  return (french === -1 ? ENGLISH.findIndex(starts) : french) + 1;
}

/** "oui", "x", "1"… undefined when nothing is said. */
export function readYes(text: string): boolean | undefined {
  const word = fold(text);
  if (/^(?:oui|o|yes|y|x|1|vrai|true|ok|d accord|baptise e?|baptisee)$/.test(word)) return true;
  if (/^(?:non|n|no|0|faux|false|refus|refuse|pas encore|non baptise e?)$/.test(word)) return false;
  return undefined;
}

const RELATIONS: readonly [RegExp, Relation][] = [
  [
    /\b(?:grand|belle|beau|tante|tata|oncle|tonton|soeur|frere|cousine?|voisine?|marraine|parrain)\b/,
    'other',
  ],
  [/\b(?:lui|elle|soi|moi)\b|\bself\b/, 'self'],
  [/\b(?:pere|papa|father|baay|baye)\b/, 'father'],
  [/\b(?:mere|maman|mother|yaay|yaye)\b/, 'mother'],
  [/\b(?:tuteur|tutrice|guardian|responsable legale?)\b/, 'guardian'],
];

export function readRelation(text: string): Relation {
  const word = fold(text);
  return RELATIONS.find(([pattern]) => pattern.test(word))?.[1] ?? 'other';
}

export function readStatus(text: string): DirectoryChild['status'] {
  const word = fold(text);
  if (/\b(?:attente|waiting|pending)\b/.test(word)) return 'waiting';
  if (/\b(?:abandon|abandonne|parti|partie|retiree?|exclue?|radiee?|demission|left|termine)\b/.test(word))
    return 'left';
  return 'enrolled';
}

/** What a catechist or a helper is called, without the number that some write beside it. */
export const withoutNumbers = (text: string): string =>
  text
    .replace(/[+(]?\d[\d\s().\-/]{5,}/g, ' ')
    .replace(/\(\s*\)/g, '')
    .replace(/[\s:,;/-]+$/, '')
    .replace(/\s+/g, ' ')
    .trim();

/** "—", "néant", "RAS": people who write that they write nothing. */
export const isBlank = (text: string): boolean =>
  text.length <= 10 && /^(?:|neant|ras|r a s|nul|null|none|n a|vide|inconnue?|nc|n c)$/.test(fold(text));

/** The form in which NDIAYE, N'Diaye and "Ndiaye " are one name. */
export const nameKey = (...names: string[]): string => fold(names.join(' ')).replaceAll(' ', '');
