import type { Desk } from '../desk/desk.ts';
import type { Reply } from '../message/outbound.ts';
import { plain } from '../message/rich.ts';
import { toHumans, withChoices } from './pages.ts';
import { inLanguage, say } from './texts.ts';

/** What staff wrote back to somebody who had left a message: their words as they are, and the way to write to them again. */
export function staffReply(desk: Desk, language: string, text: string): Reply {
  const own = desk.languages.get(desk.language);
  const values = { ...desk.values, organisation: desk.organisation };
  const voice = inLanguage({ desk, language: desk.language, texts: own ? [own] : [], values }, language);
  return withChoices([...say(voice, 'staff_reply'), ...plain(text)], toHumans(voice));
}
