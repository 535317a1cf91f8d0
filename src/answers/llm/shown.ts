import { parseMarkdown } from '../../message/markdown.ts';
import { flatten } from '../../message/styled.ts';

/** Letters and digits as they are read; the marks of Markdown are none. */
const read = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

/** What nobody sees and what strikes or circles the character before it; the form of an emoji is none of these. */
const HIDDEN = /\p{Cf}|\p{Cc}(?<!\n)|(?<!\p{Extended_Pictographic})\p{M}/u;

/** Does a text hold characters that are not seen as they are written? */
export const hides = (text: string): boolean => HIDDEN.test(text.normalize('NFC'));

/**
 * A Markdown text as people read it; undefined when rendering changes a letter or a digit (entities, escapes), or shows
 * a link under other words than its address.
 */
export function shownText(markdown: string): string | undefined {
  const { text, spans } = flatten(parseMarkdown(markdown));
  if (read(text) !== read(markdown)) return undefined;
  const hidden = spans.some(({ type, url = '', offset, length }) => {
    if (type !== 'link') return false;
    const label = text.slice(offset, offset + length);
    return ![label, `http://${label}`, `https://${label}`, `mailto:${label}`].includes(url);
  });
  return hidden ? undefined : text;
}
