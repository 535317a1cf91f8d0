import type { Page } from '../desk/desk.ts';
import type { Talk } from '../desk/talk.ts';
import { fold } from '../message/fold.ts';
import { interaction } from './decision.ts';
import type { Intent } from './decision.ts';
import { isStop } from './limits.ts';
import { correctionIn, isGibberish, talkIn } from './talk.ts';
import { firstOf, pageOf } from './texts.ts';
import type { Voice } from './texts.ts';

/** Longest text read, in code points: the platforms' own limit. */
const LONGEST = 4096;
/** "/Menu 🙂", "/start payload", "/aide@some_bot": what follows the name is not read. */
const COMMAND = /^\/([\p{L}\p{M}\p{N}_]+)(@[\p{L}\p{N}_]+)?/u;
/** In a group people call us by name before they ask. */
const CALL = /^\s*@[\p{L}\p{N}_]+[\s,:]*/u;

/** What a typed text wants: a command, a word of the desk, or an answer. */
export function readText(typed: string, voice: Voice, inGroup: boolean): Intent {
  const text = (inGroup ? typed.replace(CALL, '') : typed).trim();
  if (isTooLong(text))
    return { to: 'notice', key: 'too_long', record: [interaction('unsupported', 'too_long')] };
  const [command, name = '', addressee] = COMMAND.exec(text) ?? [];
  if (command !== undefined) {
    // In a group a command that names no bot may be for another one.
    return readCommand(name, voice) ?? (inGroup && addressee === undefined ? NOTHING : UNKNOWN_COMMAND);
  }
  return (saysSomething(text) ? readWords(text, voice) : readSigns(text, voice)) ?? EMPTY;
}

const EMPTY: Intent = {
  to: 'notice',
  key: 'empty_message',
  record: [interaction('unsupported', 'empty')],
};

function readWords(text: string, voice: Voice): Intent {
  const folded = fold(text);
  const word = readWord(folded, voice);
  if (word) return word;
  const talk = talkIn(folded, voice);
  if (talk !== undefined) return intentOfTalk(talk, text, voice);
  if (isGibberish(folded)) {
    return { to: 'notice', key: 'gibberish_reply', record: [interaction('unsupported', 'gibberish')] };
  }
  const meant = correctionIn(text, voice);
  return meant === undefined
    ? { to: 'question', text, alone: false, record: [] }
    : { to: 'question', text: meant, alone: false, corrects: true, record: [] };
}

/** No letter, no digit: a smile, or "??" of somebody who did not follow. */
function readSigns(text: string, voice: Voice): Intent | undefined {
  if (/\p{Extended_Pictographic}/u.test(text)) return intentOfTalk('laugh', text, voice);
  return text.includes('?') ? intentOfTalk('lost', text, voice) : undefined;
}

function intentOfTalk(talk: Talk, text: string, voice: Voice): Intent {
  const home = pageOf(voice, voice.desk.home);
  if (talk === 'hello' && home) return { to: 'page', page: home, record: [interaction('page', home.id)] };
  if (talk === 'thanks') return THANKS;
  const erase = talk === 'erase' ? pageToErase(voice) : undefined;
  if (erase) return { to: 'page', page: erase, record: [interaction('page', erase.id)] };
  return { to: 'talk', talk, text, record: [interaction('talk', talk)] };
}

const pageToErase = (voice: Voice): Page | undefined =>
  firstOf(voice, ({ pages }) => [...pages.values()].find(({ kind }) => kind === 'erase'));

const THANKS: Intent = { to: 'notice', key: 'thanks_reply', record: [interaction('thanks')] };

const NOTHING: Intent = { to: 'nothing', record: [] };
const UNKNOWN_COMMAND: Intent = {
  to: 'notice',
  key: 'unknown_command',
  record: [interaction('command', 'unknown')],
};

function readCommand(typed: string, voice: Voice): Intent | undefined {
  const name = typed.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const id = firstOf(voice, (texts) => texts.commands.find((it) => it.name === name)?.page);
  const page = id === undefined ? undefined : pageOf(voice, id);
  return page && { to: 'page', page, record: [interaction('command', name)] };
}

function readWord(folded: string, voice: Voice): Intent | undefined {
  if (isStop(folded)) return { to: 'deed', deed: { type: 'stop' }, record: [interaction('stop')] };
  const id = pageOfWord(folded, voice);
  const page = id === undefined ? undefined : pageOf(voice, id);
  if (page) return { to: 'page', page, record: [interaction('page', page.id)] };
  const thanks = voice.texts.some((texts) => texts.thanks.has(folded));
  return thanks ? THANKS : undefined;
}

/** The page a plain word opens; `folded` as `fold` gives it. */
export function pageOfWord(folded: string, voice: Voice): string | undefined {
  return firstOf(voice, (texts) => texts.words.get(folded));
}

/** Emoji and punctuation alone ask nothing that documents could answer. */
export function saysSomething(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function isTooLong(text: string): boolean {
  if (text.length <= LONGEST) return false;
  return text.length > 2 * LONGEST || [...text].length > LONGEST;
}
