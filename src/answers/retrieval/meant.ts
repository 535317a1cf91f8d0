import { plainText } from '../ingest/sections.ts';
import type { Collection } from './collection.ts';
import { fold } from './fold.ts';
import { isClose } from './spelling.ts';
import type { Understood } from './understand.ts';

/** Passages read to see how the documents write a word. */
const READ = 5;
const LONGEST = 300;

/**
 * The question as a person would write it; undefined: no word of it was taken for another, or not surely. Half a
 * correction, a far one or one towards a name is not worth asking about.
 */
export function meantBy(
  question: string,
  { corrections, expanded, unknown }: Understood,
  collection: Collection,
): string | undefined {
  if (corrections.length === 0 || unknown.length > 0) return undefined;
  if (!corrections.every(({ typed, searched }) => isClose(typed, searched))) return undefined;
  if (corrections.some(({ searched }) => NAME.test(spelled(searched, collection)))) return undefined;
  const meant = new Map([...expanded, ...corrections].map(({ typed, searched }) => [typed, searched]));
  const written = question
    .slice(0, LONGEST)
    .replace(/[\p{L}\p{M}\p{N}]+(?!['’])/gu, (word) => {
      const folded = fold(word);
      const other = meant.get(folded);
      if (other === undefined && word !== folded) return word;
      const list = (other ?? folded).split(' ').map((form) => spelled(form, collection));
      return list.join(' ').replace(ELIDED, "$1'");
    })
    .trim();
  return written.charAt(0).toUpperCase() + written.slice(1);
}

/** A capital before small letters, wherever it stands. */
const NAME = /^\p{Lu}\p{Ll}/u;
const ELIDED = /(?<![\p{L}])(c|qu|j|l|d|n|s|m|t)e (?=[aeiouyéèê])/gu;

/** A folded word as the documents write it, most often: "duree" → "durée". */
function spelled(form: string, collection: Collection): string {
  const { lexicon, byStem, passages } = collection;
  const id = lexicon.idOf.get(form);
  const stem = id === undefined ? undefined : lexicon.stemOf[id];
  if (stem === undefined || form.length < 3) return form;
  const counts = new Map<string, number>();
  const from = byStem.offsets[stem] ?? 0;
  let read = 0;
  for (let at = from; at < (byStem.offsets[stem + 1] ?? 0) && read < READ; at += 1) {
    const p = byStem.docs[at] ?? 0;
    const passage = passages[p];
    if (!passage || !collection.bodyOf(p).includes(id ?? 0)) continue;
    read += 1;
    for (const [word] of `${passage.title} ${plainText(passage.text)}`.matchAll(/[\p{L}\p{M}\p{N}]+/gu))
      if (fold(word) === form) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  let best = form;
  let most = 0;
  for (const [word, count] of counts) {
    // A capital at the beginning of a sentence is not a spelling.
    const total = count + (word === word.toLowerCase() ? 1000 : 0);
    if (total <= most) continue;
    most = total;
    best = word;
  }
  return best;
}
