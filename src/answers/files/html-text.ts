import type { Element } from './html.ts';
import { shifted, withNotesApart } from './note-mark.ts';

/** What stands around the text of a page, what nobody reads, and what is struck out. */
const AROUND = new Set(
  'script style noscript template svg math canvas iframe object audio video nav aside footer form button select textarea dialog head xmp noembed noframes del s strike'.split(
    ' ',
  ),
);
const AROUND_ROLES = new Set(['navigation', 'search', 'banner', 'contentinfo', 'complementary', 'menu']);
/** Text that is there for machines only says what nobody was told; what is struck out is said no more. */
const UNSEEN =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])|(?:left|top|text-indent)\s*:\s*-\d{3}|line-through/i;
export const BLOCKS: ReadonlySet<string> = new Set(
  'address article blockquote body center details div dl dd dt fieldset figcaption figure header hgroup html li main menu ol p section summary ul table caption tr td th tbody thead tfoot'.split(
    ' ',
  ),
);

export function isAround({ tag, attributes }: Element): boolean {
  return (
    AROUND.has(tag) ||
    attributes.has('hidden') ||
    attributes.get('aria-hidden') === 'true' ||
    AROUND_ROLES.has(attributes.get('role') ?? '') ||
    UNSEEN.test(attributes.get('style') ?? '')
  );
}

/** The words of an element on one line. */
export const textOf = (element: Element): string => withNotesApart(wordsOf(element)).replace(/\s+/g, ' ');

/** The same as a part of a longer text: `withNotesApart` is for the whole. */
export function wordsOf(element: Element): string {
  let text = '';
  for (const child of element.children) {
    if (typeof child === 'string') text += child;
    else if (!isAround(child))
      text += child.tag === 'br' || BLOCKS.has(child.tag) ? ` ${wordsOf(child)} ` : wordsOf(child);
  }
  const plain = text.replace(/\s+/g, ' ');
  return element.tag === 'sup'
    ? shifted(plain, 'raised')
    : element.tag === 'sub'
      ? shifted(plain, 'lowered')
      : plain;
}
