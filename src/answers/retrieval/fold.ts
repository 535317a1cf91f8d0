/** Lower case, no accents, nothing invisible, one form of apostrophe and space: what the index and the query share. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]+/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/[\s\u00a0\u202f\u2009]+/g, ' ');
}

// "qu'" and "c'" keep their word, so "qu'est-ce que" and "est-ce que" stay different questions.
const ARTICLE = /(?<![\p{L}\p{N}])[ldjmtsn]'(?=[\p{L}\p{N}])/gu;
const CONJUNCTION = /(?<![\p{L}\p{N}])(jusqu|lorsqu|puisqu|quoiqu|presqu|qu|c)'(?=[\p{L}\p{N}])/gu;

/**
 * Words of a text in order, folded. "l'I.P.R.E.S." → ipres, "63 000" and "63.000" → 63000 ("2023 500" stays two), "8,4 %" → 8.4.
 */
export function words(text: string): string[] {
  const cleaned = fold(text)
    .replace(/(?<![\p{L}\p{N}])((?:\p{L}\.){2,}\p{L}?)/gu, (found) => found.replaceAll('.', ''))
    .replace(/(?<!\d)(\d{1,3})[ .](?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d),(?=\d)/g, '$1.')
    .replace(/aujourd'hui/g, 'aujourdhui')
    .replace(ARTICLE, '')
    .replace(CONJUNCTION, '$1e ');
  return cleaned.match(/\d+(?:\.\d+)+|[\p{L}\p{N}]+/gu) ?? [];
}
