import { child, type Fields, fieldsOf, listIn, stringIn } from '../fields.ts';
import { idIn } from './fields.ts';

/** Our bot, as far as it is known: the id is in the token, the username comes with `getMe`. */
export interface Us {
  id: number;
  username?: string | undefined;
}

/** `/command` or `/command@SomeBot`, then the end or white space. */
const COMMAND = /^\/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|$)/;

export interface Spoken {
  text: string;
  /** In a group: a command for us, a mention of us, or a reply to us. Always true in private. */
  addressed: boolean;
}

/**
 * What was said, and whether it was said to us. `/aide@OurBot` becomes `/aide`, and a leading `@OurBot` goes: the
 * conversation reads the same words in a group as in private.
 */
export function spoken(text: string, message: Fields, us: Us, group: boolean): Spoken {
  const ours = us.username?.toLowerCase();
  const command = COMMAND.exec(text);
  if (command) {
    const [whole, name = '', bot] = command;
    if (bot === undefined) return { text, addressed: true };
    if (bot.toLowerCase() === ours) return { text: `/${name}${text.slice(whole.length)}`, addressed: true };
    // Somebody else's command, even when it also replies to us.
    return { text, addressed: !group };
  }
  if (!group) return { text, addressed: true };
  const mention = ours === undefined ? undefined : mentionOf(text, ours);
  if (mention) return { text: withoutLeadingMention(text, mention), addressed: true };
  return { text, addressed: pointsAtUs(message, us) };
}

function mentionOf(text: string, ours: string): { start: number; end: number } | undefined {
  const folded = text.toLowerCase();
  for (let start = folded.indexOf(`@${ours}`); start >= 0; start = folded.indexOf(`@${ours}`, start + 1)) {
    const end = start + ours.length + 1;
    if (!/\w/.test(text.charAt(end)) && !/[\w@/]/.test(text.charAt(start - 1))) return { start, end };
  }
  return undefined;
}

function withoutLeadingMention(text: string, mention: { start: number; end: number }): string {
  if (text.slice(0, mention.start).trim() !== '') return text;
  const rest = text.slice(mention.end).replace(/^[\s,:]+/, '');
  return rest === '' ? text : rest;
}

/** A reply to one of our messages, or a mention by link (people without a username write those). */
function pointsAtUs(message: Fields, us: Us): boolean {
  const repliedTo = child(child(message, 'reply_to_message') ?? {}, 'from');
  if (repliedTo && idIn(repliedTo, 'id') === us.id) return true;
  return [...listIn(message, 'entities'), ...listIn(message, 'caption_entities')].some((entity) => {
    const fields = fieldsOf(entity) ?? {};
    const user = child(fields, 'user');
    return stringIn(fields, 'type') === 'text_mention' && user !== undefined && idIn(user, 'id') === us.id;
  });
}
