/** Values of number words, folded, in French and English. "un", "une" and "one" are articles more often than figures. */
const VALUES: Readonly<Record<string, number>> = {
  zero: 0,
  un: 1,
  une: 1,
  one: 1,
  deux: 2,
  two: 2,
  trois: 3,
  three: 3,
  quatre: 4,
  four: 4,
  cinq: 5,
  five: 5,
  six: 6,
  sept: 7,
  seven: 7,
  huit: 8,
  eight: 8,
  neuf: 9,
  nine: 9,
  dix: 10,
  ten: 10,
  onze: 11,
  eleven: 11,
  douze: 12,
  twelve: 12,
  treize: 13,
  thirteen: 13,
  quatorze: 14,
  fourteen: 14,
  quinze: 15,
  fifteen: 15,
  seize: 16,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  vingt: 20,
  vingts: 20,
  twenty: 20,
  trente: 30,
  thirty: 30,
  quarante: 40,
  forty: 40,
  cinquante: 50,
  fifty: 50,
  soixante: 60,
  sixty: 60,
  septante: 70,
  seventy: 70,
  huitante: 80,
  eighty: 80,
  nonante: 90,
  ninety: 90,
};
const SCALES: Readonly<Record<string, number>> = {
  cent: 100,
  cents: 100,
  hundred: 100,
  mille: 1_000,
  thousand: 1_000,
  million: 1_000_000,
  millions: 1_000_000,
  milliard: 1_000_000_000,
  milliards: 1_000_000_000,
};

const NUMBER_WORD = [...Object.keys(VALUES), ...Object.keys(SCALES)].join('|');
/** "vingt-deux mille cinq cents", "quatre-vingt-dix", "vingt et un". */
export const NUMBER_RUN = `(?:${NUMBER_WORD})(?:(?:[ -]| et | and )(?:${NUMBER_WORD}))*(?![\\p{L}\\p{N}])`;
/** The "cent" of "7 pour cent" is no number. */
export const NUMBER_WORDS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?!(?<=\\b(?:pour|per) )cent\\b)${NUMBER_RUN}`,
  'gu',
);

/** The scale that a word after digits stands for ("2 millions"); 1 when it is none. */
export const scaleOf = (word: string): number => (word === 'cent' ? 1 : (SCALES[word] ?? 1));

/** Value of a run of number words, folded. */
export function valueOf(run: string): number {
  let total = 0;
  let current = 0;
  for (const word of run.split(/[ -]+/)) {
    const scale = SCALES[word];
    const value = VALUES[word];
    if (scale === 100) current = Math.max(1, current) * 100;
    else if (scale !== undefined) {
      total += Math.max(1, current) * scale;
      current = 0;
    } else if (value === 20 && current % 100 === 4) current += 76;
    else if (value !== undefined) current += value;
  }
  return total + current;
}

const ORDINAL_STEMS: Readonly<Record<string, number>> = {
  premier: 1,
  premiere: 1,
  first: 1,
  uni: 1,
  second: 2,
  seconde: 2,
  troisi: 3,
  third: 3,
  quatri: 4,
  cinqui: 5,
  fifth: 5,
  neuvi: 9,
  ninth: 9,
  twelfth: 12,
};

const MARKS = 'ieme|eme|er|ere|e|nd|nde|st|rd|th';
/** "premier", "vingt et unième", "vingtième", "8e", "8 ème": groups of the digits, and of the words. */
export const ORDINALS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(\\d{1,4}) ?(?:${MARKS})s?|((?:(?:${NUMBER_WORD})(?:[ -]| et )){0,5}(?:premi(?:er|ere)|first|seconde?|third|fifth|ninth|twelfth|twentieth|(?:\\p{L}{2,}?)ieme|(?:four|six|seven|eigh|ten|eleven|thirteen|hundred)th)s?))(?![\\p{L}\\p{N}])`,
  'gu',
);

/** Rank that a word says, folded; its spelling when it is none that we count. */
export function ordinalOf(run: string): string {
  const last = /[^ -]+$/.exec(run)?.[0].replace(/s$/, '') ?? '';
  const before = run.slice(0, run.length - (/[^ -]+$/.exec(run)?.[0].length ?? 0)).replace(/[ -]+$/, '');
  const stem = last.replace(/i?eme$|th$/, '');
  const bare = [last, stem, `${stem}i`, `${stem}e`].find(
    (form) => ORDINAL_STEMS[form] !== undefined || VALUES[form] !== undefined || SCALES[form] !== undefined,
  );
  if (bare === undefined) return run;
  const value = ORDINAL_STEMS[bare] ?? valueOf(bare);
  return String(
    before === ''
      ? value
      : valueOf(`${before} ${SCALES[bare] === undefined ? '' : bare}`.trim()) +
          (SCALES[bare] === undefined ? value : 0),
  );
}
