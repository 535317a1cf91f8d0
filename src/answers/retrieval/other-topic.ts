import type { Collection } from './collection.ts';
import type { Query } from './query.ts';
import type { Ranked } from './rank.ts';

/**
 * "Combien coûte l'entrée du musée ?" where the nearest title ends with "zoo": the question ends with a word of French
 * that the documents do not have, and the title with one that nobody asked about. `isTopic`: could be asked about.
 */
export function isOfAnother(
  { titles, firstTitle, lexicon }: Collection,
  { words, expansions }: Query,
  { passage, bestTitle }: Ranked,
  isTopic: (form: string) => boolean,
): boolean {
  const at = words.findLastIndex(({ weight }) => weight === 1);
  const last = words[at];
  if (!last || at === 0 || last.stemId !== undefined || !isTopic(last.form)) return false;
  if (expansions.some(({ of }) => of === at)) return false;
  const title = titles.words[bestTitle ?? firstTitle[passage] ?? 0] ?? new Uint32Array();
  const end = title.findLast((form) => lexicon.stop[form] !== 1);
  if (end === undefined || (last.rootId !== undefined && last.rootId === lexicon.rootOf[end])) return false;
  const asked = new Set([...words, ...expansions].map(({ stemId }) => stemId));
  return !asked.has(lexicon.stemOf[end]);
}
