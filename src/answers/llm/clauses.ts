import { figuresOf } from './facts.ts';
import { kindOf } from './kinds.ts';

const CLAUSE =
  /[,:](?!\d)|;|\((?!\d[\d .]*\))|(?<!\(\d[\d .]*)\)|(?<!\p{L})(?:et|ou|mais|puis|dont|contre|and|or|but|then)(?!\p{L})/giu;
/** The same said once more: "soit 2 600 F par mois", "(2 600 F par mois)". */
const SAME = /^ ?(?:soit|c['’]est[- ][aà][- ]dire|that is|i\.e\.)(?!\p{L})/iu;
const FIGURE = new RegExp(`\\d[\\d .,:h/-]*|(?<![\\p{L}\\p{N}])(?:moitié|tiers|chaque)`, 'giu');
/** Between figures that are listed: "8 %, 10 % ou 12 %", "de 9 h à 12 h et de 15 h à 18 h". */
const LISTED =
  /^(?:[^\p{L}]|(?<!\p{L})(?:et|ou|à|a|de|du|des|d|au|aux|le|la|les|l|and|or|to|from|the|f|cfa|fcfa|francs?|h|heures?|mn|minutes?|jours?|semaines?|mois|ans?|cent|pour cent|entre|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?!\p{L}))*$/iu;

interface Clause {
  text: string;
  /** Between the clause before and its own first figure, and behind its last. */
  head: string;
  tail: string;
  /** Looks of its first and its last figure. */
  first: string;
  last: string;
  /** What stands before it: "(", ";", "et". */
  barrier: string;
  kinds: ReadonlySet<string>;
}

const lookOf = (figure = ''): string => (/^\d/.test(figure) ? 'number' : 'word');

function clauseOf(text: string, barrier: string): Clause {
  const found = [...text.matchAll(FIGURE)];
  const [first] = found;
  const last = found.at(-1);
  const kinds = new Set(figuresOf(text).flatMap((fact) => kindOf(fact) ?? []));
  return {
    text,
    barrier,
    kinds,
    first: lookOf(first?.[0]),
    last: lookOf(last?.[0]),
    head: text.slice(0, first?.index ?? text.length),
    tail: last ? text.slice(last.index + last[0].length) : text,
  };
}

function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = [];
  let from = 0;
  let barrier = '';
  for (const match of text.matchAll(CLAUSE)) {
    clauses.push(clauseOf(text.slice(from, match.index), barrier));
    [barrier] = match;
    from = match.index + barrier.length;
  }
  return [...clauses, clauseOf(text.slice(from), barrier)];
}

/** A sentence, cut where it goes on to another figure of the same kind. `head`: what stands before its first figure. */
export function partsOf(text: string): { text: string; head: string }[] {
  const parts: (Omit<Clause, 'kinds'> & { kinds: Set<string> })[] = [];
  for (const clause of clausesOf(text)) {
    const part = parts.at(-1);
    const again = part && [...clause.kinds].some((kind) => part.kinds.has(kind));
    const apart =
      part !== undefined &&
      (clause.barrier === ';' ||
        (again === true &&
          clause.barrier !== ':' &&
          !SAME.test(clause.text) &&
          !(part.last === clause.first && LISTED.test(`${part.tail} ${clause.head}`))));
    if (part === undefined || apart) {
      parts.push({ ...clause, kinds: new Set(clause.kinds) });
      continue;
    }
    if (clause.kinds.size > 0) part.last = clause.last;
    part.tail = clause.kinds.size > 0 ? clause.tail : `${part.tail} ${clause.text}`;
    part.text += `${clause.barrier}${clause.text}`;
    for (const kind of clause.kinds) part.kinds.add(kind);
  }
  return parts;
}
