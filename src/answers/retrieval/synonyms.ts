import { words } from './fold.ts';
import { stem } from './views.ts';

/** Groups of phrases that stand for each other, looked up by their content stems. */
export interface Synonyms {
  /** Every folded word the groups use. */
  vocabulary: ReadonlySet<string>;
  /** Stems that could stand for parts of the question; `of` is the word (index in `content`) they stand for. */
  expand(content: readonly string[]): { stem: string; of: number }[];
}

interface Entry {
  stems: string[];
  group: number;
}

/** A phrase expands only to phrases of at most this many words: longer ones dilute the question. */
const LONGEST = 3;

export function createSynonyms(
  groups: readonly (readonly string[])[],
  stopWords: ReadonlySet<string>,
): Synonyms {
  const byFirst = new Map<string, Entry[]>();
  const vocabulary = new Set<string>();
  const members = groups.map((group, index) =>
    group.flatMap((phrase): string[][] => {
      const content = words(phrase).filter((word) => !stopWords.has(word));
      const stems = content.map(stem);
      if (stems.length === 0) return [];
      for (const word of content) vocabulary.add(word);
      const first = stems[0] ?? '';
      byFirst.set(first, [...(byFirst.get(first) ?? []), { stems, group: index }]);
      return [stems];
    }),
  );
  return {
    vocabulary,
    expand(content) {
      const stems = content.map(stem);
      const own = new Set(stems);
      const out = new Map<string, number>();
      stems.forEach((first, at) => {
        for (const entry of byFirst.get(first) ?? []) {
          if (!entry.stems.every((part, offset) => stems[at + offset] === part)) continue;
          for (const member of members[entry.group] ?? []) {
            if (member.length > LONGEST) continue;
            for (const part of member) if (!own.has(part) && !out.has(part)) out.set(part, at);
          }
        }
      });
      return [...out].map(([part, of]) => ({ stem: part, of }));
    },
  };
}
