import { fold } from '../../message/fold.ts';

interface Day {
  day: number;
  month: number;
  /** Two or four digits. */
  year: string;
}

/**
 * The days (`YYYY-MM-DD`) that a text may mean: 14/03/2016, 14-3-16, 14032016, 2016-03-14, "lundi 14 mars 2016",
 * "March 14, 2016"; day before month when both are numbers. None: it is no date, or there is no such day. Two: the
 * century is not said. `languages` name the months.
 */
export function readDates(text: string, languages: readonly string[]): string[] {
  return daysOf(dayIn(text, languages));
}

/** A date that the calendar does not have: 31/02/2016. */
export function isNoDay(text: string, languages: readonly string[]): boolean {
  const read = dayIn(text, languages);
  return read !== undefined && daysOf(read).length === 0;
}

const dayIn = (text: string, languages: readonly string[]): Day | undefined =>
  inFigures(text.trim()) ?? inWords(fold(text), languages);

function daysOf(read: Day | undefined): string[] {
  if (!read) return [];
  const { day, month, year } = read;
  const years = year.length === 4 ? [year] : [`19${year}`, `20${year}`];
  return years.flatMap((each) => isoOf(Number(each), month, day) ?? []);
}

function inFigures(text: string): Day | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return { year: iso[1] ?? '', month: Number(iso[2]), day: Number(iso[3]) };
  const parts =
    /^(\d{1,2})\s{0,3}[\s/.,-]\s{0,3}(\d{1,2})\s{0,3}[\s/.,-]\s{0,3}(\d{4}|\d{2})$/.exec(text) ??
    /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  return parts ? { day: Number(parts[1]), month: Number(parts[2]), year: parts[3] ?? '' } : undefined;
}

function inWords(folded: string, languages: readonly string[]): Day | undefined {
  const words = folded.split(' ');
  if (words.length > 6) return undefined;
  const numbers = words.filter((word) => /^\d/.test(word));
  const months = words.flatMap((word) => monthOf(word, languages) ?? []);
  const [day = '', year = ''] = numbers;
  const [month] = months;
  if (numbers.length !== 2 || months.length !== 1 || month === undefined) return undefined;
  // "1er", "3rd": the day may carry letters, the year not.
  if (!/^\d{1,2}\p{L}{0,3}$/u.test(day) || !/^(?:\d{4}|\d{2})$/.test(year)) return undefined;
  return { day: Number.parseInt(day, 10), month, year };
}

/** "mars", "sept", "février" in one of the languages: a month by its name, or by a beginning that no other has. */
function monthOf(word: string, languages: readonly string[]): number | undefined {
  if (!/^\p{L}{3,}$/u.test(word)) return undefined;
  for (const language of languages) {
    const names = monthsOf(language);
    const found = names.flatMap((name, at) => (name.startsWith(word) ? [at + 1] : []));
    if (found.length === 1) return found[0];
  }
  return undefined;
}

const monthNames = new Map<string, readonly string[]>();

function monthsOf(language: string): readonly string[] {
  const known = monthNames.get(language);
  if (known) return known;
  const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' });
  const names = Array.from({ length: 12 }, (_, at) => fold(format.format(Date.UTC(2000, at, 1))));
  monthNames.set(language, names);
  return names;
}

/** Undefined: the calendar has no such day. */
function isoOf(year: number, month: number, day: number): string | undefined {
  if (year < 1000 || month < 1 || month > 12 || day < 1) return undefined;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(year)}-${two(month)}-${two(day)}`;
}

/** Epoch ms → the day in Africa/Dakar, which is UTC all year. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
