import type { Element } from './html.ts';
import { isAround, textOf } from './html-text.ts';

/** More columns or lines under one cell are no table that anybody reads. */
const MOST_COLUMNS = 200;
const MOST_LINES = 1_000;

/** The cells of a table, line by line, without those that are not shown. */
export const cellsOf = (table: Element): Element[][] =>
  rowsOf(table).map((row) =>
    row.children.flatMap((cell) =>
      typeof cell === 'string' || (cell.tag !== 'td' && cell.tag !== 'th') || isAround(cell) ? [] : [cell],
    ),
  );

/** Not those of a table inside it. */
function rowsOf(element: Element): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' || child.tag === 'table' || isAround(child)
      ? []
      : child.tag === 'tr'
        ? [child]
        : rowsOf(child),
  );
}

/** The texts of these cells, each in its column: what stands over several lines or columns stands in each of them. */
export function gridOf(rows: readonly (readonly Element[])[]): string[][] {
  /** By column: what goes on from above, and in how many more lines. */
  const above: ({ text: string; left: number } | undefined)[] = [];
  return rows.map((cells) => {
    const line: string[] = [];
    const fillFromAbove = (): boolean => {
      const over = above[line.length];
      if (over === undefined || over.left <= 0) return false;
      over.left -= 1;
      line.push(over.text);
      return true;
    };
    for (const cell of cells) {
      while (fillFromAbove());
      const text = textOf(cell);
      const lines = span(cell, 'rowspan', MOST_LINES);
      // A title over columns stands once, and so does one that fills its line.
      const everywhere = cell.tag === 'td' && cells.length > 1;
      for (let n = 0; n < span(cell, 'colspan', 50) && line.length < MOST_COLUMNS; n += 1) {
        const shown = n === 0 || everywhere ? text : '';
        above[line.length] = { text: shown, left: lines - 1 };
        line.push(shown);
      }
    }
    while (line.length < above.length) if (!fillFromAbove()) line.push('');
    return line.slice(0, line.findLastIndex((text) => text !== '') + 1);
  });
}

/** `rowspan="0"`: to the end of the table. */
function span({ attributes }: Element, name: 'rowspan' | 'colspan', most: number): number {
  const given = Number.parseInt(attributes.get(name) ?? '1', 10);
  if (given === 0 && name === 'rowspan') return most;
  return Math.min(most, Math.max(1, Number.isNaN(given) ? 1 : given));
}
