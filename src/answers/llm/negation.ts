import { fold } from '../retrieval/fold.ts';

const NOT =
  /(?<![\p{L}\p{N}])(?:n(?:e(?![\p{L}\p{N}])|')|(?:pas|non|jamais|aucune?s?|sans|ni|nul(?:le|les|lement|s)?|sauf|except\p{L}*|hormis|hors|not|never|no(?! ?\d)|none|nor|without|cannot|unless)(?![\p{L}\p{N}]))|n't(?!\p{L})/u;
/** Verbs that deny: "n'est jamais refusé" denies nothing. */
const REFUSES = /(?<![\p{L}\p{N}])(?:interdi|impossible|exclu|refus|forbid|prohibit)/u;
const isDenied = (clause: string): boolean => NOT.test(clause) !== REFUSES.test(clause);
/** Negations that deny nothing: "dans n'importe quelle agence", "n'oubliez pas". */
const IDIOM =
  /(?<!\p{L})(?:n'importe|n'(?:oubli|hesit)\p{L}* pas|ne cout\p{L}* rien|don't (?:forget|hesitate))(?!\p{L})/gu;
/** "non baptisé" denies its own word and no other. */
const ADJECTIVE = /(?<!\p{L})non[ -](?!plus|pas|seulement)(\p{L}{4,})/gu;
/** Where a clause ends; "si" and "sans" begin one. */
const CLAUSE =
  /[,;!?()|]|:|\.(?!\d)|(?<!\p{L})(?:mais|but)(?!\p{L})|(?<!\p{L})(?=(?:si|s'ils?|sans|sauf|if|unless|without)(?!\p{L}))/u;
/** Share of a clause's words by which it is the same as another. */
const SAME = 0.5;

/** Clauses of a text, folded. */
const clausesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => fold(line).replace(IDIOM, ' ').split(CLAUSE));

/** One word for the other is a reversal, not another wording. */
const OPPOSITES: readonly (readonly [RegExp, RegExp])[] = [
  [/(?<!\p{L})gratuit/u, /(?<!\p{L})payant/u],
  [/(?<!\p{L})employeur/u, /(?<!\p{L})(?:salarie|travailleur)/u],
  [/(?<!\p{L})obligat/u, /(?<!\p{L})(?:facultati|optionnel)/u],
  [/(?<!\p{L})ouvert/u, /(?<!\p{L})ferme/u],
  [/(?<!\p{L})(?:autoris|permet|permis)/u, /(?<!\p{L})interdi/u],
  [/(?<!\p{L})accept/u, /(?<!\p{L})refus/u],
  [/(?<!\p{L})(?:augment|hausse|major)/u, /(?<!\p{L})(?:diminu|baiss|redui)/u],
];

/** Does a clause say the opposite of one with which it has a word in common? */
function turns(sentence: string, text: string, contentOf: (text: string) => string[]): boolean {
  const known = clausesOf(text).map((clause) => ({ clause, content: new Set(contentOf(clause)) }));
  return clausesOf(sentence).some((written) => {
    const content = contentOf(written);
    const met = known.filter((other) => content.some((word) => other.content.has(word)));
    return OPPOSITES.some(([a, b]) =>
      met.some(
        ({ clause }) =>
          (a.test(clause) && !b.test(clause) && !a.test(written) && b.test(written)) ||
          (b.test(clause) && !a.test(clause) && !b.test(written) && a.test(written)),
      ),
    );
  });
}

/** What a text denies and what it does not, clause by clause: sets of words. */
interface Polarity {
  denied: Set<string>[];
  said: Set<string>;
  all: Set<string>;
}

function polarityOf(text: string, contentOf: (text: string) => string[]): Polarity {
  const denied: Set<string>[] = [];
  const said = new Set<string>();
  const deny = (clause: string): void => {
    const content = contentOf(clause);
    if (content.length > 0) denied.push(new Set(content));
  };
  for (const clause of clausesOf(text)) {
    const rest = clause.replace(ADJECTIVE, (_, word: string) => {
      deny(word);
      return ' ';
    });
    if (isDenied(rest)) deny(rest);
    else for (const word of contentOf(rest)) said.add(word);
  }
  return { denied, said, all: new Set([...said, ...denied.flatMap((clause) => [...clause])]) };
}

const shared = (one: ReadonlySet<string>, other: ReadonlySet<string>): number =>
  [...one].filter((word) => other.has(word)).length;

/**
 * Does a sentence deny what a text denies, and nothing else? What it denies may also stand in the text's `context`.
 * `contentOf` gives the words that count, by their roots.
 */
export function deniesAlike(
  sentence: string,
  text: string,
  context: string,
  contentOf: (text: string) => string[],
): boolean {
  const written = polarityOf(sentence, contentOf);
  const known = polarityOf(text, contentOf);
  const around = polarityOf(context, contentOf);
  const founded = written.denied.every((clause) => {
    const held = new Set([...clause].filter((word) => known.all.has(word) || around.all.has(word)));
    return (
      held.size > 0 &&
      [...known.denied, ...around.denied].some((denied) => shared(held, denied) >= SAME * held.size)
    );
  });
  const kept = known.denied.every((clause) => {
    const said = shared(clause, written.said);
    const denied = Math.max(0, ...written.denied.map((other) => shared(clause, other)));
    return said < SAME * clause.size || denied >= said;
  });
  return founded && kept && !turns(sentence, text, contentOf);
}

/** For texts whose words cannot be compared. */
export const denies = (text: string): boolean => clausesOf(text).some(isDenied);
