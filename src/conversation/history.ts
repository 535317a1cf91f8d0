import type { PastMessage } from '../message/personal.ts';
import { paragraph, text } from '../message/rich.ts';
import type { Rich } from '../message/rich.ts';
import { flatten } from '../message/styled.ts';
import { say } from './texts.ts';
import type { Voice } from './texts.ts';

/** Of one message: ten of them fit in one of ours. Code points. */
const LONGEST = 250;

/** What somebody wrote, with its date, the newest first. Their words are text, whatever they contain. */
export function historyLines(voice: Voice, messages: readonly PastMessage[]): Rich {
  if (messages.length === 0) return say(voice, 'history_empty');
  return messages.map((message) => {
    const file = message.file ? flatten(say(voice, 'history_file')).text : '';
    const said = [file, shortened(message.text ?? '')].filter((part) => part !== '').join(' ');
    const when = dateAndTime(message.at, voice.language);
    return paragraph({ type: 'strong', children: [text(when)] }, text(`\n${said}`));
  });
}

function shortened(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  if (line.length <= LONGEST) return line;
  const characters = [...line];
  return characters.length <= LONGEST ? line : `${characters.slice(0, LONGEST - 1).join('')}…`;
}

/** Africa/Dakar is UTC all year. */
export const dateAndTime = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at);
