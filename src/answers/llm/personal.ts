import { createRedactor } from '../../lib/redact.ts';

/** Phones, long numbers and tokens, as in a log line. */
const redact = createRedactor();

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, '[e-mail]'],
  [/\b[a-z][a-z\d+.-]*:\/\/\S+/gi, '[lien]'],
  [/(?<![\p{L}\p{N}])@[\p{L}\p{N}_]{3,}/gu, '[compte]'],
  // "je m'appelle Awa Ndiaye", "my name is Awa Ndiaye": a word, and up to two more that begin with a capital.
  [
    /((?:[Mm]['’]appell?e|[Mm]on nom est|[Mm]y name is|[Jj]e soussignée?)\s*:?\s+)\p{L}[\p{L}'’-]*(?:\s+\p{Lu}[\p{L}'’-]*){0,2}/gu,
    '$1[nom]',
  ],
  [/(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}(?!\d)/g, '[date]'],
];
/** "AB-123456", "1 234 1980 00012": a number of a card or of a file, but not an amount ("1 500 000"). */
const REFERENCE = /(?<![\p{L}\p{N}])(?:\p{Lu}{1,6}[-/ ]?)?\d(?:[ ./-]?\d){5,}(?![\p{L}\p{N}])/gu;
const AMOUNT = /^\d{1,3}(?:[ .]\d{3})+$/;

/** A question without what names somebody: telephones, addresses, references, dates of birth, a name that is given. */
export function withoutPersonal(text: string): string {
  let safe = text.normalize('NFC').replace(/\p{Cf}/gu, '');
  for (const [pattern, mask] of MASKS) safe = safe.replace(pattern, mask);
  return safe
    .split('\n')
    .map((line) => redact(line.replace(/[\u00a0\u202f]/g, ' ')))
    .join('\n')
    .replace(REFERENCE, (found) => (AMOUNT.test(found) ? found : '[numéro]'));
}
