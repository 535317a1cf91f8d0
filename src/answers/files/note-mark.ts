/** A raised or lowered number is a note or an exponent: glued to an amount it would be another amount. */

/** Stand around such numbers until what is before and after them is known. */
const RAISED = '\ue0f0';
const LOWERED = '\ue0f1';
const END = '\ue0f2';
const MARKED = /([\ue0f0\ue0f1])([^\ue0f0-\ue0f2]{0,40})\ue0f2/g;

const NUMBERS = /^[\s[(]*(\d[\d,; ]*?)[\s\])]*$/;
const UNIT = /(?:^|[^\p{L}])(?:[kcdm]?m|[hd]am)$/u;

/** Words that stand raised or lowered, as part of a text for `withNotesApart`. */
export function shifted(words: string, how: 'raised' | 'lowered'): string {
  const numbers = words.length <= 40 ? NUMBERS.exec(words)?.[1] : undefined;
  return numbers === undefined ? words : (how === 'raised' ? RAISED : LOWERED) + numbers + END;
}

/** "25 000¹ F" is "25 000 (1) F"; "m²" is "m2" and "CO₂" is "CO2". */
export const withNotesApart = (text: string): string =>
  text.includes(END)
    ? text
        .replace(MARKED, (found, how: string, numbers: string, at: number) => {
          const before = text.slice(Math.max(0, at - 4), at);
          const after = text.charAt(at + found.length);
          const glued = how === RAISED ? UNIT.test(before) && /^[23]$/.test(numbers) : /\p{L}$/u.test(before);
          if (glued && !/\d/.test(after)) return numbers;
          return `${/\S$/.test(before) ? ' ' : ''}(${numbers})${/[\p{L}\p{N}]/u.test(after) ? ' ' : ''}`;
        })
        .replace(/[\ue0f0-\ue0f2]/g, '')
    : text;
