/** Amounts are no numbers of anybody. */
const AMOUNT = String.raw`(?!\s?(?:f\b|fr\b|fcfa|cfa|xof|francs?|euros?|€|%))`;

const PATTERNS: readonly RegExp[] = [
  // Addresses and links.
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi,
  /\b(?:https?:\/\/|www\.)\S+/gi,
  /(?<!\w)@\w{3,}/g,
  // Days of birth.
  /\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b/g,
  // Six digits or more, however they are grouped: numbers of telephones, of cards, of members.
  new RegExp(String.raw`(?<![\w,])\+?\d(?:[\s\u00a0().-]{0,2}\d){5,}(?!,?\d)${AMOUNT}`, 'gi'),
  // Letters and digits in one word: a file, a card.
  /\b(?=[a-z-]*\d[a-z\d-]*\d)(?=[\d-]*[a-z])[a-z\d]{2,}(?:-[a-z\d]+)*\b/gi,
];

/** "je m'appelle Awa Démo": the word after it, and the capitalised ones that follow. */
const INTRODUCED =
  /(?<!\p{L})(?:(?:[Jj]e m['’ ]?ap+el+e?|[Mm]on (?:nom|pr[ée]nom)(?: est| c['’]est)?|[Mm]oi c['’ ]?est|[Mm]y name is)\s+\p{L}|(?:[Mm]adame|[Mm]onsieur|[Mm]me|[Mm]lle|M\.|Mr)\.?\s+\p{Lu})[\p{L}'’-]*(?:\s+\p{Lu}[\p{L}'’-]*)*/gu;

/**
 * A question as anybody could have asked it: without addresses, numbers, days of birth, the names given, and names that
 * introduce somebody. What no rule knows as personal stays: somebody reads it before it is used. Empty: nothing is left to ask.
 */
export function withoutPersonal(text: string, names: readonly string[] = []): string {
  let rest = text.replace(INTRODUCED, ' ');
  for (const pattern of PATTERNS) rest = rest.replace(pattern, ' ');
  for (const name of names.flatMap((each) => each.split(/\s+/))) {
    if ([...name].length < 3) continue;
    const escaped = name.replace(/[^\p{L}\p{N}]/gu, '\\$&');
    rest = rest.replace(new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, 'giu'), ' ');
  }
  const tidy = rest
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;])/g, '$1')
    .replace(/(?:[,;:.]\s*){2,}/g, ', ')
    .replace(/^[\s,;:.–-]+|[\s,;:–-]+$/g, '');
  return /\p{L}{3}/u.test(tidy) ? tidy : '';
}
