import type { Grammar } from '../desk/talk.ts';
import { fold } from '../message/fold.ts';

/** More in one message are not answered at once: nobody reads that on a phone. */
export const MOST_QUESTIONS = 3;
/** Nobody asks so long a list of questions. UTF-16 units. */
const LONGEST = 1_500;
/** Longest phrase of the grammar, in words. */
const LONGEST_PHRASE = 4;

/** `left`: there were more than we take. */
export interface Questions {
  questions: string[];
  left: boolean;
}

interface Word {
  folded: string;
  from: number;
  to: number;
}

/**
 * The questions of a message, each able to stand alone, in order and in the person's words. Cut only where both sides
 * ask something whole: after a question mark, at a line, before "et combien…". What leans on the question before it
 * ("et pour deux enfants ?") stays with it. `grammars`: of each language of the desk. `isTalk`: greetings and thanks,
 * which ask nothing.
 */
export function questionsIn(
  text: string,
  grammars: readonly Grammar[],
  isTalk: (words: string) => boolean = () => false,
): Questions {
  const one = { questions: [text], left: false };
  if (text.length > LONGEST) return one;
  const has = (list: keyof Grammar, folded: string): boolean =>
    grammars.some((grammar) => grammar[list].has(folded));
  const asked: string[] = [];
  let lead = '';
  for (const piece of text.split(SENTENCE)) {
    if (piece.trim() === '' || isTalk(piece)) continue;
    if (stands(piece) || (piece.includes('?') && asksAlone(piece))) {
      asked.push(...cut(lead === '' ? piece : `${lead} ${piece}`));
      lead = '';
    } else if (asked.length === 0) lead = lead === '' ? piece.trim() : `${lead} ${piece.trim()}`;
    else asked.push(`${asked.pop() ?? ''} ${piece.trim()}`);
  }
  if (asked.length < 2) return one;
  return { questions: asked.slice(0, MOST_QUESTIONS).map(tidied), left: asked.length > MOST_QUESTIONS };

  /** Can it be asked alone? Something that asks, and after it something that it asks about. */
  function stands(piece: string): boolean {
    const words = wordsOf(piece);
    for (let at = 0; at < words.length; at += 1) {
      const length = phraseAt(words, at, 'asks');
      if (length === 0) continue;
      if (!has('leans', words[at + length]?.folded ?? '') && contents(words.slice(at + 1)) > 0) return true;
    }
    const turned = words.some(
      ({ folded, from }) =>
        piece[from - 1] === '-' && has('pronouns', folded) && /\p{L}/u.test(piece[from - 2] ?? ''),
    );
    return turned && piece.includes('?') && contents(words) >= 2;
  }

  /** However it is turned, it ends as a question, of something of its own, and does not lean on the one before. */
  function asksAlone(piece: string): boolean {
    const words = wordsOf(piece);
    const own = words.slice(phraseAt(words, 0, 'and'));
    return own.length > 1 && contents(own) > 0 && !has('leans', own[0]?.folded ?? '');
  }

  /** One sentence, at "et" where both sides stand. */
  function cut(sentence: string): string[] {
    const words = wordsOf(sentence);
    // "Je ne veux pas savoir combien et quand, mais qui paie ?" asks the last alone.
    if (words.some((_, at) => phraseAt(words, at, 'refuses') > 0)) return [sentence];
    const parts: string[] = [];
    let from = 0;
    for (let at = 1; at < words.length - 1; at += 1) {
      const and = phraseAt(words, at, 'and');
      const begins = words[at + and];
      if (and === 0 || !begins || phraseAt(words, at + and, 'next') === 0) continue;
      const left = sentence.slice(from, words[at]?.from);
      if (!stands(left) || !stands(sentence.slice(begins.from)) || goesOn(left, begins.folded)) continue;
      parts.push(left);
      from = begins.from;
    }
    return [...parts, sentence.slice(from)];
  }

  /** "La ville où je vis et où…": the second goes on with the first. */
  function goesOn(left: string, begins: string): boolean {
    if (!has('relative', begins)) return false;
    const words = wordsOf(left);
    // "Qui paie … et qui reçoit …": what begins a question asks.
    const asks = phraseAt(words, 0, 'next') > 0;
    return words.some(({ folded }, at) => folded === begins && (at > 0 || !asks));
  }

  /** Words of the longest phrase of this list that begins here; 0: none does. */
  function phraseAt(words: readonly Word[], at: number, list: keyof Grammar): number {
    for (let length = LONGEST_PHRASE; length > 0; length -= 1) {
      const phrase = words.slice(at, at + length);
      if (phrase.length === length && has(list, phrase.map(({ folded }) => folded).join(' '))) return length;
    }
    return 0;
  }

  /** Words of its own that a question may be about. */
  function contents(words: readonly Word[]): number {
    return words.filter(({ folded }) => folded.length >= 3 && !/\d/.test(folded) && !has('little', folded))
      .length;
  }

  /** Without the word that tied it to the one before, with a capital and a question mark. */
  function tidied(question: string): string {
    const words = wordsOf(question);
    const first = words[phraseAt(words, 0, 'and')];
    const tied = question[(first?.from ?? 0) - 1] !== '-' && first !== undefined;
    const plain = (tied ? question.slice(first.from) : question).trim().replace(/[\s,;.]+$/u, '');
    const capital = plain.charAt(0).toUpperCase();
    // Some letters have a capital of two, or that of another letter: they stay as they are.
    const isSame = capital.length === 1 && capital.toLowerCase() === plain.charAt(0).toLowerCase();
    const said = isSame ? capital + plain.slice(1) : plain;
    return phraseAt(wordsOf(said), 0, 'asks') > 0 && !/\p{P}$/u.test(said) ? `${said} ?` : said;
  }
}

/** After question marks and what closes them, and at the ends of lines. */
const SENTENCE = /(?<=\?[\s"»”)!?]*)(?=\s+[^\s?!"»”)])|\n+/u;

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((found) => ({
    folded: fold(found[0]),
    from: found.index,
    to: found.index + found[0].length,
  }));
}
