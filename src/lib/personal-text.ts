import { createRedactor } from './redact.ts';

/** Telephones, long numbers and tokens, as in a log line. */
const redact = createRedactor();
const REDACTED = /\[(?:phone|number|token|secret|signature)\]/g;

type Rule = readonly [RegExp, string];

const ADDRESSES: readonly Rule[] = [
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, '[e-mail]'],
  [/\b(?:[a-z][a-z\d+.-]*:\/\/|www\.)\S+/gi, '[lien]'],
  [/(?<![\p{L}\p{N}])@[\p{L}\p{N}_]{3,}/gu, '[compte]'],
];
/** "je m'appelle Awa Démo", "Madame Démo": the word after it, and the capitalised ones that follow. */
const INTRODUCED: Rule = [
  /(?<!\p{L})((?:[Jj]e m['’ ]?ap+el+e?|[Mm]on (?:nom|pr[ée]nom)(?: est| c['’]est)?|[Mm]oi c['’ ]?est|[Jj]e soussignée?|[Mm]y name is)\s*:?\s+(?=\p{L})|(?:[Mm]adame|[Mm]onsieur|[Mm]me|[Mm]lle|M\.|Mr)\.?\s+(?=\p{Lu}))[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]*){0,3}/gu,
  '$1[nom]',
];
const BORN: Rule = [/(?<!\d[/.-]?)\d{1,2}[/.-]\d{1,2}[/.-](?:(?:19|20)\d{2}|\d{2})(?![/.-]?\d)/g, '[date]'];
/** Six digits or more, however they are grouped: a card, a member, a file ("AB-123456", "1 234 1980 00012"). */
const REFERENCE =
  /(?<![\p{L}\p{N},])(?:\p{Lu}{1,6}[-/ ]?)?\+?\d(?:[ ()./-]{0,2}\d){5,}(?![\p{L}\p{N}]|,\d)/gu;
const CURRENCY = /^ ?(?:f|fr|fcfa|f cfa|cfa|xof|francs?|euros?|€|%)(?![\p{L}\p{N}])/iu;
const AMOUNT = /^\d{1,3}(?:[ .]\d{3})+$/;
/** Letters and digits in one word: a file, a card. */
const CODE = /\b(?=[a-z-]*\d[a-z\d-]*\d)(?=[\d-]*[a-z])[a-z\d]{2,}(?:-[a-z\d]+)*\b/gi;
/** "8h30", "15jours", "500f": written without its space. */
const FIGURE = /^(?:\d{1,2}h\d{0,2}|\d{1,3}[a-z]{3,}|\d+(?:f|fcfa|cfa|frs?|e|eme|j|km|kg|m2))$/i;

/**
 * A question as anybody could have asked it: without telephones, addresses, links, numbers of cards and files, dates of
 * birth, names that introduce somebody, and the names given. `mask` leaves a word in their place ("[phone]", "[nom]"),
 * `remove` nothing, and gives an empty text when nothing is left to ask. What no rule knows as personal stays.
 */
export function withoutPersonal(
  text: string,
  names: readonly string[] = [],
  how: 'mask' | 'remove' = 'remove',
): string {
  const masks = how === 'mask';
  const put = (mask: string): string => (masks ? mask : ' ');
  let rest = text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u00a0\u202f]/g, ' ');
  for (const [pattern, mask] of [...ADDRESSES, INTRODUCED, BORN]) rest = rest.replace(pattern, put(mask));
  rest = rest
    .split('\n')
    .map((line) => redact(line))
    .join('\n')
    .replace(REDACTED, (mask) => put(mask))
    .replace(REFERENCE, (found: string, at: number, whole: string) =>
      AMOUNT.test(found) || CURRENCY.test(whole.slice(at + found.length)) ? found : put('[numéro]'),
    )
    .replace(CODE, (found) => (FIGURE.test(found) ? found : put('[numéro]')));
  for (const name of names.flatMap((each) => each.split(/\s+/))) {
    if ([...name].length < 3) continue;
    const escaped = name.replace(/[^\p{L}\p{N}]/gu, '\\$&');
    rest = rest.replace(
      new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, 'giu'),
      put('[nom]'),
    );
  }
  return masks ? rest : tidied(rest);
}

function tidied(text: string): string {
  const tidy = text
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;])/g, '$1')
    .replace(/(?:[,;:.]\s*){2,}/g, ', ')
    .replace(/^[\s,;:.–-]+|[\s,;:–-]+$/g, '');
  return /\p{L}{3}/u.test(tidy) ? tidy : '';
}
