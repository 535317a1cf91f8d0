import { fold } from '../message/fold.ts';
import { interaction } from './decision.ts';
import type { Intent } from './decision.ts';
import { isStop } from './limits.ts';
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
  if (!saysSomething(text)) {
    return { to: 'notice', key: 'empty_message', record: [interaction('unsupported', 'empty')] };
  }
  return readWord(fold(text), voice) ?? { to: 'question', text, alone: false, record: [] };
}

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
  return thanks ? { to: 'notice', key: 'thanks_reply', record: [interaction('thanks')] } : undefined;
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
