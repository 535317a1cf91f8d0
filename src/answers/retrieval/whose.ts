import type { Institutions } from './institutions.ts';
import type { Query } from './query.ts';
import type { Ranked } from './rank.ts';

/** A word in capitals inside a question, unless it says what somebody has or is in: "un CDD", "en CP". */
const ASKED =
  /(?<![\p{L}\p{N}])(?:(en|une?|m(?:on|a|es)|s(?:on|a|es)|nos|notre) +)?(\p{Lu}{2,6})(?![\p{L}\p{N}])/giu;
/** Two institutions whose passages fit this alike, all told and in their texts, are not told apart by the question. */
const ALIKE = 0.9;

/**
 * Is it unsure whose figure the first passage says? It is when the question names, in capitals, who the documents do not
 * know or the passage does not speak of, and when it names nobody and the next passage says as much of another.
 */
export function isSomebodyElses(
  question: string,
  asked: readonly string[],
  { words }: Query,
  [first, second]: readonly Ranked[],
  institutions: Institutions,
): boolean {
  if (!first) return false;
  const named = new Set<string>();
  for (const name of namesIn(question)) {
    const institution = institutions.named(name);
    if (institution !== undefined) {
      named.add(institution);
      continue;
    }
    // Translated, or an abbreviation written out: another word was searched.
    const at = words.findIndex(({ form }) => form === name);
    if (at !== -1 && (first.held[at] ?? 0) < 1) return true;
  }
  const titled = institutions.of(first.passage);
  for (const name of named) {
    // "La CSS ou l'IPRES ?": the passage of one, which speaks of the other.
    const isAmong = titled === undefined || named.has(titled);
    const isSpoken = isAmong && institutions.speaks(first.passage, name);
    if (name !== institutions.own && name !== titled && !isSpoken) return true;
  }
  if (!second || asked.some((word) => institutions.named(word) !== undefined)) return false;
  const [one, other] = [first, second].map(({ passage }) => institutions.of(passage));
  if (one === undefined || other === undefined || one === other || one === institutions.own) return false;
  return second.score >= ALIKE * first.score && second.features.body >= ALIKE * first.features.body;
}

/** Folded; none of a question that is all in capitals. */
function namesIn(question: string): string[] {
  if (question === question.toUpperCase()) return [];
  return [...question.matchAll(ASKED)].flatMap(([, article, name = '']) =>
    article === undefined && name === name.toUpperCase() ? [name.toLowerCase()] : [],
  );
}
