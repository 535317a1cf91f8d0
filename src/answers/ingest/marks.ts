/** What a line of Markdown is. Lines come from strangers: all of this is linear in their length. */

/** Longer, what follows the marks is a paragraph that begins like a heading. UTF-16 units. */
const LONGEST_HEADING = 500;
const OPENING = /^ {0,3}(#{1,6})\s/;

/** An ATX heading, without its marks. `depth` from 1. */
export function headingLine(line: string): { depth: number; text: string } | undefined {
  const [opening, mark = ''] = OPENING.exec(line) ?? [];
  if (opening === undefined) return undefined;
  const text = line.slice(opening.length).trim();
  if (text.length > LONGEST_HEADING) return undefined;
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  return { depth: mark.length, text: text.slice(0, end).trimEnd() };
}

/** The line between the header of a table and its rows, or a thematic break. */
export const isRule = (line: string): boolean => line.includes('---') && /^[\s:|-]*$/.test(line);

export const isRow = (line: string): boolean => /^\s*\|/.test(line);
