import { fold } from '../message/fold.ts';

/** More in one message are not answered at once: nobody reads that on a phone. */
export const MOST_QUESTIONS = 3;
/** Nobody asks so long a list of questions. UTF-16 units. */
const LONGEST = 1_500;

/** Questions of one message. `left`: there were more than we take. */
export interface Questions {
  questions: string[];
  left: boolean;
}

/**
 * The questions of a message, each able to stand alone, in order and in the person's words. Cut only where both sides ask
 * something whole: after a question mark, at a line, before "et combien…". What leans on the question before it ("et pour deux
 * enfants ?") stays with it. `isTalk`: greetings and thanks, which ask nothing.
 */
export function questionsIn(text: string, isTalk: (words: string) => boolean = () => false): Questions {
  const one = { questions: [text], left: false };
  if (text.length > LONGEST) return one;
  const asked: string[] = [];
  let lead = '';
  for (const piece of text.split(SENTENCE)) {
    if (piece.trim() === '' || isTalk(piece)) continue;
    if (stands(piece)) {
      asked.push(...cut(lead === '' ? piece : `${lead} ${piece}`));
      lead = '';
    } else if (asked.length === 0) lead = lead === '' ? piece.trim() : `${lead} ${piece.trim()}`;
    else asked.push(`${asked.pop() ?? ''} ${piece.trim()}`);
  }
  if (asked.length < 2) return one;
  return { questions: asked.slice(0, MOST_QUESTIONS).map(tidied), left: asked.length > MOST_QUESTIONS };
}

/** After question marks and what closes them, and at the ends of lines. */
const SENTENCE = /(?<=\?[\s"»”)!?]*)(?=\s+[^\s?!"»”)])|\n+/u;

/** Words that ask. After one of them the question must go on with something of its own. */
const ASKS =
  /(?<![\p{L}-])(?:o[ùu]|quand|comment|combien|pourquoi|quels?|quelles?|quoi|qui|qu['’ ]?est[- ]ce qu[ei]?|est[- ]ce qu[e'’]|que|where|when|how|why|what|which|who)(?![\p{L}])/giu;
/** The same where "et" comes before: not those that also join a clause ("la ville où je vis et où je travaille"). */
const AND_ASKS = new RegExp(
  [
    String.raw`[,;]?\s+(?:et|puis|and)\s+(?:aussi\s+|also\s+)?(?=(?:`,
    [
      'comment',
      'combien',
      'pourquoi',
      String.raw`quel(?:le)?s?(?!\s+qu)`,
      String.raw`est[- ]ce qu`,
      String.raw`qu['’ ]?est[- ]ce`,
      String.raw`à qui`,
      String.raw`o[ùu]\s+(?:est|sont|se|s['’]|dois|doit|puis|peut|peux|faut|aller|payer|c['’]est|d[ée]poser|envoyer|trouver|retirer|je (?:dois|peux|vais)|on)`,
      String.raw`quand\s+(?:est|sont|sera|serai|dois|doit|faut|puis|peut|peux|payer|est[- ]ce)`,
      'how',
      'what',
      'where',
      'which',
      String.raw`when (?:do|is|can|should|will)`,
    ].join('|'),
    String.raw`)(?![\p{L}]))`,
  ].join(''),
  'giu',
);
/** Right after the word that asks, these lean on what was asked before: "combien pour deux ?". */
const LEANS = /^\s*(?:pour|avec|sans|si|dans|en|chez|for|with|without|if)(?![\p{L}])/iu;

const SAYS_LITTLE = new Set(
  (
    'est sont les des une uns pour avec sans que qui quoi dans sur par mon mes ton tes ses son leur vos votre notre nos faut dois ' +
    'doit peut peux puis vais fait faire avoir etre avez etes suis elle elles ils nous vous moi toi lui cela cette ces aussi donc ' +
    'alors tout tous toute plus bien svp stp merci bonjour deux trois quatre cinq six sept huit neuf dix quel quelle quels quelles ' +
    'comment combien quand pourquoi the for and with can how what where when which who why you are does did your have need much ' +
    'many this that its two three four five'
  ).split(' '),
);

/** Words of its own that a question may be about. */
function contents(text: string): number {
  const words = fold(text).split(' ');
  return words.filter((word) => word.length >= 3 && !/\d/.test(word) && !SAYS_LITTLE.has(word)).length;
}

/** Can it be asked alone? A word that asks, and after it something that it asks about. */
function stands(piece: string): boolean {
  for (const found of piece.matchAll(ASKS)) {
    const rest = piece.slice(found.index + found[0].length);
    if (!LEANS.test(rest) && contents(rest) > 0) return true;
  }
  return piece.includes('?') && /\p{L}-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles)(?!\p{L})/iu.test(piece)
    ? contents(piece) >= 2
    : false;
}

/** One sentence at "et" where both sides stand. */
function cut(sentence: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const found of sentence.matchAll(AND_ASKS)) {
    const left = sentence.slice(from, found.index);
    const right = sentence.slice(found.index + found[0].length);
    if (!stands(left) || !stands(right) || joins(left, right)) continue;
    parts.push(left);
    from = found.index + found[0].length;
  }
  return [...parts, sentence.slice(from)];
}

/** "Où je vis et où…", "quand il naît et quand…": the second goes on with the first. */
function joins(left: string, right: string): boolean {
  const word = /^(?:o[ùu]|quand|where|when)(?!\p{L})/iu.exec(right)?.[0];
  return word !== undefined && ` ${fold(left)} `.includes(` ${fold(word)} `);
}

const BEGINS = new RegExp(`^(?:${ASKS.source})`, 'iu');

/** Without the word that tied it to the one before, with a capital and a question mark. */
function tidied(question: string): string {
  const plain = question
    .trim()
    .replace(/^(?:(?:et|puis(?![- ]je)|ensuite|mais|and|then|also)(?!\p{L})[\s,]*)+/iu, '')
    .replace(/[\s,;.]+$/u, '');
  const said = plain.charAt(0).toUpperCase() + plain.slice(1);
  return BEGINS.test(said) && !/[?!»”")]$/.test(said) ? `${said} ?` : said;
}
