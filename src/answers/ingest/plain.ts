import { headingLine } from './marks.ts';

/** Plain text as Markdown that shows it as it is. */

/**
 * Marks of Markdown that are only characters here: nothing a file says becomes a link, an emphasis or the attributes of
 * a section. Lists stay.
 */
export const literal = (text: string): string =>
  text
    .replace(/[\\`*_[\]~|]/g, '\\$&')
    .replace(/<!--/g, '<\\!--')
    .split('\n')
    .map((line) =>
      line
        .replace(/^(\s*)([#>+])/, '$1\\$2')
        .replace(/^(\s*)([-=])(?=[-=\s]*$)/, '$1\\$2')
        .replace(/^(\s*)[•·▪●◦‣–—] +/, '$1- '),
    )
    .join('\n');

/** A shorter line was ended on purpose, unless the next goes on in lower case. */
const BROKEN_FROM = 40;
const BROKEN_FROM_LOWER = 20;

/** Lines that a page's width broke are one again. */
export function reflow(block: string): string {
  const out: string[] = [];
  /** Of the line that is being put together. */
  let length = 0;
  for (const line of block.split('\n')) {
    const last = out.at(-1) ?? '';
    const from = /^[\p{Ll}(]/u.test(line) ? BROKEN_FROM_LOWER : /^[\d«]/.test(line) ? BROKEN_FROM : Infinity;
    if (/\p{L}-$/u.test(last.slice(-3)) && /^\p{Ll}/u.test(line)) {
      out[out.length - 1] = last.slice(0, -1);
      out.push(line);
      length += line.length - 1;
    } else if (length >= from && !/[.!?:;|]$/.test(last.slice(-1))) {
      out.push(' ', line);
      length += 1 + line.length;
    } else {
      if (last !== '' || out.length > 1) out.push('\n');
      out.push(line);
      length = line.length;
    }
  }
  return out.join('');
}

const LONGEST_HEADING = 80;

/** A short line alone that announces what follows, without a value of its own. */
export function headingOf(block: string): string | undefined {
  const marked = block.includes('\n') ? undefined : headingLine(block)?.text;
  if (marked !== undefined && marked !== '') return marked;
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
