/**
 * The form in which two spellings of the same words are equal: lower case, without accents, punctuation or emoji,
 * single spaces. "📋 Menu !" → "menu", "Jërëjëf" → "jerejef", "l’Aide" → "l aide".
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
