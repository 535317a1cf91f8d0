/**
 * Does an answer hold what a question's reference asks for? `must` is a list of alternatives, `a|b|c` each; every
 * line needs one of its alternatives. Numbers are compared as numbers (63 000 = 63.000, 8,4 = 8.4, 14 is not in 140),
 * words of up to four letters as whole words, everything without case or accents.
 */
export function satisfied(answer: string, must: readonly string[]): boolean {
  const text = normal(answer);
  return must.every((line) => line.split('|').some((needle) => holds(text, normal(needle))));
}

function normal(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/\s/g, ' ')
    .replace(/(\d)[ .](?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d)\.(?=\d)/g, '$1,')
    .replace(/(\d) +%/g, '$1%')
    .replace(/ +/g, ' ')
    .trim();
}

function holds(text: string, needle: string): boolean {
  const escaped = needle.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const left = /^\d/.test(needle) ? '(?<!\\d)(?<!\\d,)' : /^[a-z]{1,4}$/.test(needle) ? '(?<![a-z])' : '';
  const right = /\d$/.test(needle) ? '(?!\\d)(?!,\\d)' : /^[a-z]{1,4}$/.test(needle) ? '(?![a-z])' : '';
  return new RegExp(left + escaped + right).test(text);
}
