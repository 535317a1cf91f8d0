import { stemmer } from '@orama/stemmers/french';

/** Snowball French on folded text (measured: as good there as on accented text). Numbers stay as they are. */
export function stem(form: string): string {
  return form.length < 4 || /\d/.test(form) ? form : stemmer(form);
}

const DERIVATION =
  /(?:isation|ateur|atric|ition|ation|ement|abilit|ibilit|euse|eur|eux|abl|ibl|iqu|ism|ist|ment|ance|anc|enc|ant|ent|age|air|oir|ier|if|iv|al|el|it|er|ir|e)$/;

/** An aggressive root that joins words of one family (cotiser, cotisation, cotisant): at most 6 letters. */
export function root(stemmed: string): string {
  if (/\d/.test(stemmed)) return stemmed;
  const cut = stemmed.replace(DERIVATION, '');
  return (cut.length >= 4 ? cut : stemmed).slice(0, 6);
}

/** Character 4-grams of a word with its borders; a shorter word is its own gram. */
export function grams(form: string): string[] {
  const padded = `_${form}_`;
  if (padded.length <= 4) return [padded];
  const out: string[] = [];
  for (let at = 0; at + 4 <= padded.length; at += 1) out.push(padded.slice(at, at + 4));
  return out;
}
