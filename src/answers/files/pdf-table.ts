import type { Cell, Line } from './pdf-lines.ts';
import { tableMarkdown } from './table-markdown.ts';

/** Two columns without a value missing read well as they stand. */
const FEWEST_COLUMNS = 3;
const FEWEST_LINES = 2;

/**
 * The table that begins at this line: lines of several cells that stand under each other. A value belongs to the column
 * it stands in, whatever is missing before it. `length`: lines it takes. Undefined: there is none, or it is not plain.
 */
export function tableAt(
  lines: readonly Line[],
  at: number,
): { markdown: string; length: number } | undefined {
  const rows: (readonly Cell[])[] = [];
  let length = 0;
  for (let next = at; next < lines.length; next += 1) {
    const { text, cells } = lines[next] ?? { text: '' };
    if (text.trim() === '' && rows.length > 0) continue;
    if (cells === undefined) break;
    rows.push(cells);
    length = next - at + 1;
  }
  if (rows.length < FEWEST_LINES) return undefined;
  const columns = columnsOf(rows.flat());
  if (columns.length < FEWEST_COLUMNS) return undefined;
  const table: string[][] = [];
  for (const cells of rows) {
    const line = columns.map(() => '');
    for (const { text, from } of cells) {
      const column = columns.findIndex((one) => from <= one.to && from >= one.from);
      if (column === -1 || line[column] !== '') return undefined;
      line[column] = text;
    }
    table.push(line);
  }
  return { markdown: tableMarkdown(table), length };
}

/** What overlaps from line to line is one column. */
function columnsOf(cells: readonly Cell[]): { from: number; to: number }[] {
  const columns: { from: number; to: number }[] = [];
  for (const { from, to } of cells.toSorted((a, b) => a.from - b.from)) {
    const last = columns.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else columns.push({ from, to });
  }
  return columns;
}
