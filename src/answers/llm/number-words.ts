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
  billion: 1_000_000_000,
};

const NUMBER_WORD = [...Object.keys(VALUES), ...Object.keys(SCALES)].join('|');
/** "vingt-deux mille cinq cents", "quatre-vingt-dix", "vingt et un". */
export const NUMBER_RUN = `(?:${NUMBER_WORD})(?:(?:[ -]| et | and )(?:${NUMBER_WORD}))*(?![\\p{L}\\p{N}])`;
export const NUMBER_WORDS = new RegExp(`(?<![\\p{L}\\p{N}'])${NUMBER_RUN}`, 'gu');

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
