import type { Fact } from './facts.ts';

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
export const MONTH = Object.keys(MONTHS).join('|');
const WEEKDAY = Object.keys(WEEKDAYS).join('|');

const CLOCK = String.raw`(?<!\d)\d{1,2} ?(?:h ?(?:\d{2})?|:\d{2})`;
const TO = '(?:a|au|to|-|–)';
const RANGES = [
  new RegExp(`(?=(${CLOCK}) ?${TO} ?(${CLOCK})(?![\\p{L}\\p{N}]))`, 'gu'),
  new RegExp(`(?=(?<!\\p{L})(${WEEKDAY}) ${TO} (${WEEKDAY})(?!\\p{L}))`, 'gu'),
];
const timeKey = (time: string): string => {
  const [hour = '', minutes = ''] = time.split(/ ?[h:] ?/);
  return `${Number(hour)}:${minutes === '' ? '00' : minutes}`;
};

/** From one time, or one weekday, to another. */
export function rangesIn(plain: string): string[] {
  return RANGES.flatMap((pattern) =>
    [...plain.matchAll(pattern)].map(([, from = '', to = '']) =>
      [from, to].map((end) => WEEKDAYS[end] ?? timeKey(end)).join(' '),
    ),
  );
}

type Take = (pattern: RegExp, read: (found: string, groups: (string | undefined)[]) => void) => void;

/** Takes the dates, months, weekdays and times out of a folded text. */
export function takeDates(take: Take, add: (kind: Fact['kind'], key: string) => void): void {
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
  take(/(?<!\d)\d{1,2} ?(?:h ?(?:\d{2})?|:\d{2})(?![\p{L}\p{N}])/gu, (found) => {
    add('time', timeKey(found));
  });
}
