/** Numbers of a workbook as its reader sees them: their format decides, our marks are French ("1 234,5", "7 %"). */

/** ECMA-376 part 1, 18.8.30; the others are dates or general. */
const BUILT_IN: Readonly<Record<number, string>> = {
  ...{ 1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 9: '0%', 10: '0.00%', 14: 'dd/mm/yyyy', 15: 'd-mmm-yy' },
  ...{ 16: 'd-mmm', 17: 'mmm-yy', 18: 'h:mm', 19: 'h:mm:ss', 20: 'h:mm', 21: 'h:mm:ss', 22: 'd/m/yy h:mm' },
  ...{ 37: '#,##0', 38: '#,##0', 39: '#,##0.00', 40: '#,##0.00', 41: '#,##0', 42: '#,##0', 43: '#,##0.00' },
  ...{ 44: '#,##0.00', 45: 'mm:ss', 46: '[h]:mm:ss', 47: 'mm:ss' },
};

/** The format of a style; undefined: general. */
export const formatCode = (id: number, own: ReadonlyMap<number, string>): string | undefined =>
  own.get(id) ?? BUILT_IN[id];

/** Literal words of a format, its fields and the rest. */
const PIECE = /"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[(h+|m+|s+)\]|\[[^\]]*\]|_.|\*.|([\s\S])/gi;

interface Section {
  /** Without literal words, which are `\0`. */
  pattern: string;
  words: string[];
}

function sectionsOf(code: string): Section[] {
  const sections: Section[] = [{ pattern: '', words: [] }];
  for (const [, quoted, escaped, currency, elapsed, other] of code.slice(0, 500).matchAll(PIECE)) {
    const section = sections.at(-1);
    const word = quoted ?? escaped ?? currency;
    if (section === undefined) continue;
    if (other === ';') sections.push({ pattern: '', words: [] });
    else if (word !== undefined) {
      section.pattern += '\0';
      section.words.push(word);
    } else section.pattern += elapsed === undefined ? (other ?? ' ') : `[${elapsed}`;
  }
  return sections;
}

/** A number as its cell shows it. `since1904`: the days of the workbook are counted from 1904. */
export function shownNumber(value: number, code: string | undefined, since1904 = false): string {
  if (!Number.isFinite(value)) return '';
  if (code === undefined || /^general$/i.test(code.trim())) return plainNumber(value);
  const sections = sectionsOf(code);
  const [first] = sections;
  const at = value < 0 && sections.length > 1 ? 1 : value === 0 && sections.length > 2 ? 2 : 0;
  const section = sections[at] ?? first;
  if (section === undefined) return plainNumber(value);
  if (/[ymdhs]/i.test(section.pattern.replace(/am\/pm/gi, '')))
    return moment(value, section.pattern, since1904);
  if (section.pattern.includes('@')) return plainNumber(value);
  return withWords(number(at === 1 ? -value : value, section.pattern), section);
}

const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Puts the number where its digits stand among the words; a format without digits shows its words alone. */
function withWords(shown: string, { pattern, words }: Section): string {
  const rest = [...words];
  const [before = '', after = ''] = pattern.split(/[0#?][0#?.,\s/E+-]*/i, 2);
  const said = (part: string): string =>
    part
      .replace(/\0/g, () => rest.shift() ?? '')
      .replace(/%/g, ' %')
      .replace(/[0#?.,]/g, '');
  return spaced(/[0#?]/.test(pattern) ? said(before) + shown + said(after) : said(pattern));
}

function number(value: number, pattern: string): string {
  const digits = /[0#?][0#?.,]*/.exec(pattern)?.[0] ?? '';
  const [whole = '', decimals = ''] = digits.replace(/,+$/, '').split('.');
  if (/\/|E[+-]/i.test(pattern)) return plainNumber(value);
  const percent = pattern.split('%').length - 1;
  const thousands = (/,+$/.exec(digits)?.[0] ?? '').length;
  const scaled = value * 100 ** Math.min(2, percent) * 0.001 ** Math.min(3, thousands);
  return french(scaled, {
    minimumFractionDigits: Math.min(20, decimals.replace(/[^0]/g, '').length),
    maximumFractionDigits: Math.min(20, decimals.length),
    minimumIntegerDigits: Math.min(20, Math.max(1, whole.replace(/[^0]/g, '').length)),
    useGrouping: whole.includes(','),
  });
}

/** 0.30000000000000004 is what a sum of decimals looks like inside. */
const plainNumber = (value: number): string =>
  french(Number(value.toPrecision(12)), { maximumFractionDigits: 12, useGrouping: false });

const french = (value: number, how: Intl.NumberFormatOptions): string =>
  Number(value.toPrecision(15))
    .toLocaleString('en-US', how)
    .replace(/[,.]/g, (mark) => (mark === ',' ? ' ' : ','));

const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(
  ' ',
);
const DAY_MS = 24 * 3600_000;
const EPOCH = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) };

function moment(value: number, pattern: string, since1904: boolean): string {
  const seconds = Math.round(value * 86_400);
  const two = (n: number): string => String(n).padStart(2, '0');
  const withSeconds = /s/i.test(pattern);
  const clock = (hours: number): string =>
    `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}${withSeconds ? `:${two(seconds % 60)}` : ''}`;
  if (/\[[hms]/i.test(pattern)) return clock(Math.floor(seconds / 3600));
  const time = /[hs]/i.test(pattern) ? clock(Math.floor(seconds / 3600) % 24) : '';
  // In a time, "m" is minutes.
  const [year, day] = [/y/i.test(pattern), /d/i.test(pattern)];
  if (!year && !day && time !== '') return time;
  const date = new Date(EPOCH[since1904 ? 1904 : 1900] + Math.floor(seconds / 86_400) * DAY_MS);
  if (value < 0 || Number.isNaN(date.getTime())) return '';
  const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const name = MONTHS[m] ?? '';
  const written = day
    ? `${two(d)}/${two(m + 1)}${year ? `/${y}` : ''}`
    : /m/i.test(pattern)
      ? `${name}${year ? ` ${y}` : ''}`
      : String(y);
  return time === '' ? written : `${written} ${time}`;
}
