import { clip } from '../../lib/clip.ts';
import { inline } from '../ingest/plain.ts';

/** A table up to this size is read at a glance; each line of a longer one stands alone, with the names of its columns. */
const SMALL = { rows: 12, length: 1_000 };

const cellOf = (text: string): string => inline(text);
const isEmpty = (row: readonly string[]): boolean => row.every((cell) => cell.trim() === '');

/** Rows as a table of Markdown, the first being its header. */
export function tableMarkdown(rows: readonly (readonly string[])[]): string {
  const kept = rows.filter((row) => !isEmpty(row));
  const width = Math.max(1, ...kept.map(({ length }) => length));
  const line = (row: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, at) => cellOf(row[at] ?? '')).join(' | ')} |`;
  const [header = [], ...body] = kept;
  return [line(header), `|${' --- |'.repeat(width)}`, ...body.map(line)].join('\n');
}

/**
 * A sheet as Markdown: a small one whole, else a section for each line with every value beside the name of its column.
 * Lines above the header are its introduction. `depth`: of the headings of lines.
 */
export function sheetMarkdown(rows: readonly (readonly string[])[], depth: number): string {
  const kept = rows.filter((row) => !isEmpty(row)).map(trimmed);
  const at = headerOf(kept);
  const above = kept.slice(0, at).map((row) =>
    row
      .filter((cell) => cell !== '')
      .map(cellOf)
      .join(' '),
  );
  const [header = [], ...body] = kept.slice(at);
  const whole = tableMarkdown(kept.slice(at));
  if (body.length <= SMALL.rows && whole.length <= SMALL.length) return [...above, whole].join('\n\n');
  const sections = body.map((row) => {
    const values = row.flatMap((cell, column) => {
      const name = header[column] ?? '';
      return cell === '' ? [] : [name === '' ? `- ${cellOf(cell)}` : `- ${cellOf(name)} : ${cellOf(cell)}`];
    });
    return `${'#'.repeat(depth)} ${labelOf(row)}\n\n${values.join('\n')}`;
  });
  return [...above, ...sections].join('\n\n');
}

const trimmed = (row: readonly string[]): string[] => {
  const last = row.findLastIndex((cell) => cell.trim() !== '');
  return row.slice(0, last + 1).map((cell) => cell.trim());
};

/** Titles stand above a table, alone on their line: its header is the first line that fills half of it. */
function headerOf(rows: readonly (readonly string[])[]): number {
  const width = Math.max(0, ...rows.map(({ length }) => length));
  if (width < 2) return 0;
  const found = rows
    .slice(0, 20)
    .findIndex((row) => row.filter((cell) => cell !== '').length >= Math.max(2, width / 2));
  return Math.max(0, found);
}

const LONGEST_LABEL = 100;

/** What a line is about: its first cells, until one holds words. */
function labelOf(row: readonly string[]): string {
  const filled = row.filter((cell) => cell !== '');
  const named = filled.findIndex((cell) => /\p{L}{2}/u.test(cell));
  const cells = filled
    .slice(0, named === -1 || named > 2 ? 1 : named + 1)
    .map((cell) => cell.replace(/\s+/g, ' '));
  const label = cells.join(' – ');
  return inline(clip(label, LONGEST_LABEL));
}
