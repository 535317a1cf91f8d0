/** Plain text as Markdown that shows it as it is. */

/**
 * Marks of Markdown that are only characters here: nothing a file says becomes a link, an emphasis or the attributes of
 * a section. Lists stay.
 */
export const literal = (text: string): string =>
  text
    .replace(/[\\`*_[\]~|]/g, '\\$&')
    .replace(/<!--/g, '<\\!--')
    .replace(/^(\s*)([#>+])/gm, '$1\\$2')
    .replace(/^(\s*)([-=])(?=[-=\s]*$)/gm, '$1\\$2')
    .replace(/^(\s*)[•·▪●◦‣–—] +/gm, '$1- ');

/** A shorter line was ended on purpose, unless the next goes on in lower case. */
const BROKEN_FROM = 40;
const BROKEN_FROM_LOWER = 20;

/** Lines that a page's width broke are one again. */
export function reflow(block: string): string {
  return block.split('\n').reduce((text, line) => {
    const last = text.slice(text.lastIndexOf('\n') + 1);
    if (/\p{L}-$/u.test(last) && /^\p{Ll}/u.test(line)) return text.slice(0, -1) + line;
    const from = /^[\p{Ll}(]/u.test(line) ? BROKEN_FROM_LOWER : /^[\d«]/.test(line) ? BROKEN_FROM : Infinity;
    const goesOn = last.length >= from && !/[.!?:;|]$/.test(last);
    return text === '' ? line : `${text}${goesOn ? ' ' : '\n'}${line}`;
  }, '');
}

const LONGEST_HEADING = 80;

/** A short line alone that announces what follows, without a value of its own. */
export function headingOf(block: string): string | undefined {
  const marked = /^#{1,6} +(.+?)\s*#*$/.exec(block)?.[1];
  if (marked !== undefined) return marked;
  const plain =
    block.length <= LONGEST_HEADING &&
    !/\n|[.,;:!?]$|[:|]\s|^[-•*]|\d$/.test(block) &&
    /\p{L}{3}/u.test(block) &&
    !/\d ?(?:%|f\b|fcfa|cfa)/i.test(block);
  return plain ? block : undefined;
}

/** How texts of law and rules begin a part: its level, from 1. Undefined: the line begins none. */
export function partOf(line: string): number | undefined {
  const found = /^(titre|chapitre|section|article|annexe)\s+(?:\d{1,4}|[ivxlc]{1,7}|premier|1er)\b/i.exec(
    line,
  );
  const word = found?.[1]?.toLowerCase();
  if (word === undefined || line.length > 120 || /[,;]$/.test(line)) return undefined;
  return word === 'titre' || word === 'annexe' ? 1 : word === 'chapitre' ? 2 : word === 'section' ? 3 : 4;
}

/** One line that can stand in a heading or a cell: escaped, without line ends. */
export const inline = (text: string): string => literal(text.replace(/\s+/g, ' ').trim());
