/** Two questions are alike when the words they share are this much of both (cosine of their sets). */
const ALIKE = 0.6;

export interface AlikeIndex {
  add(words: ReadonlySet<string>, group: string): void;
  /** The group of the question that is most like this one; of equals, the one added first. */
  nearest(words: ReadonlySet<string>): string | undefined;
}

interface Member {
  words: ReadonlySet<string>;
  group: string;
  /** How many were added before it. */
  at: number;
  /** The last search that came by. */
  looked: number;
}

/** Finds what is alike without comparing all with all. `all`: every set that will be added or looked for. */
export function alikeIndex(all: readonly ReadonlySet<string>[]): AlikeIndex {
  const frequency = new Map<string, number>();
  for (const words of all) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  /** By its words; of those with the same words the first stands for all. */
  const members = new Map<string, Member>();
  const holding = new Map<string, Member[]>();
  let searches = 0;

  /**
   * Sets that are alike share at least one of these words, whatever else they share: what everybody writes is in few.
   * Prefix filtering: Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins" (2006).
   */
  const rarest = (words: ReadonlySet<string>): string[] =>
    [...words]
      .sort((a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1))
      .slice(0, words.size - Math.ceil(ALIKE ** 2 * words.size - 1e-9) + 1);

  return {
    add(words, group) {
      const key = keyOf(words);
      if (members.has(key)) return;
      const member = { words, group, looked: 0, at: members.size };
      members.set(key, member);
      for (const word of rarest(words)) {
        const found = holding.get(word);
        if (found) found.push(member);
        else holding.set(word, [member]);
      }
    },
    nearest(words) {
      const same = members.get(keyOf(words));
      if (same) return same.group;
      searches += 1;
      let best: { member: Member; alike: number } | undefined;
      for (const word of rarest(words))
        for (const member of holding.get(word) ?? []) {
          if (member.looked === searches) continue;
          member.looked = searches;
          const sizes = Math.sqrt(words.size * member.words.size);
          if (Math.min(words.size, member.words.size) < ALIKE * sizes) continue;
          const alike = sharedBy(words, member.words) / sizes;
          if (alike < ALIKE || (best && alike < best.alike)) continue;
          if (best?.alike === alike && best.member.at < member.at) continue;
          best = { member, alike };
        }
      return best?.member.group;
    },
  };
}

const keyOf = (words: ReadonlySet<string>): string => [...words].sort().join('\0');

function sharedBy(words: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of words) if (others.has(word)) shared += 1;
  return shared;
}
