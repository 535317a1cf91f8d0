import { fold } from '../message/fold.ts';
import { flatten } from '../message/styled.ts';
import type { Voice } from './texts.ts';

/** First names and a surname; more words say something else. */
const MOST_WORDS = 4;
const LONGEST_PHRASE = 4;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * The name in the words of somebody who was asked for their child's: "C'est Léo" → "Léo", "Zoé et Léo" → "Zoé". Undefined:
 * they ask or say something else.
 */
export function childNameIn(text: string, voice: Voice): string | undefined {
  if (text.includes('?')) return undefined;
  const plain = withoutIntroduction(withoutPoliteness(text, voice), voice);
  const [said = ''] = plain.split(/[,;.:\n/&+]|\s-\s/u);
  const words = [...said.matchAll(WORD)];
  const and = words.findIndex(({ 0: word }) => has(voice, 'and', fold(word)));
  const cut = and < 1 ? undefined : words[and]?.index;
  const name = said.slice(0, cut).trim();
  const folded = fold(name).split(' ');
  const tooMany = folded.length > MOST_WORDS || /\p{N}/u.test(name) || !/\p{L}{2}/u.test(name);
  return tooMany || folded.some((_, at) => asksOrSays(folded, at, voice)) ? undefined : name;
}

/** A word that no name has: one that asks, one that ties a sentence together, one that opens a page of the desk. */
function asksOrSays(words: readonly string[], at: number, voice: Voice): boolean {
  const word = words[at] ?? '';
  if (word.length === 1) return true;
  for (let length = 1; length <= LONGEST_PHRASE; length += 1)
    if (has(voice, 'asks', words.slice(at, at + length).join(' '))) return true;
  return (
    has(voice, 'little', word) ||
    has(voice, 'pronouns', word) ||
    voice.texts.some((texts) => texts.words.has(word))
  );
}

const has = (voice: Voice, list: 'and' | 'asks' | 'little' | 'pronouns', folded: string): boolean =>
  voice.texts.some(({ talk }) => talk.grammar[list].has(folded));

/** "Bonjour, Léo svp" → "Léo". */
function withoutPoliteness(text: string, voice: Voice): string {
  const words = [...text.matchAll(WORD)];
  const first = words.find(({ 0: word }) => !isGreeting(fold(word), voice));
  const last = words.findLast(({ 0: word }) => {
    const folded = fold(word);
    const fillsIn = voice.texts.some(({ talk }) => talk.around.has(folded)) && has(voice, 'little', folded);
    return !fillsIn && !isGreeting(folded, voice);
  });
  return first && last ? text.slice(first.index, last.index + last[0].length) : text;
}

const isGreeting = (word: string, voice: Voice): boolean =>
  voice.texts.some(
    ({ thanks, talk, words }) =>
      thanks.has(word) || words.get(word) === voice.desk.home || talk.phrases.get(word) === 'hello',
  );

/** "Mon fils s'appelle Léo" → "Léo". */
function withoutIntroduction(text: string, voice: Voice): string {
  const words = [...text.matchAll(WORD)];
  const folded = words.map(({ 0: word }) => fold(word));
  const begun = voice.texts
    .flatMap(({ texts }) => flatten(texts.account_child_words).text.split(','))
    .map((each) => fold(each).split(' '))
    .filter((each) => each.every((word, at) => word === folded[at]))
    .reduce((longest, each) => Math.max(longest, each.length), 0);
  const last = words[begun - 1];
  return last === undefined ? text : text.slice(last.index + last[0].length);
}
