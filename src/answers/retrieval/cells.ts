import { isRow, isRule } from '../ingest/marks.ts';
import { words } from './fold.ts';
import type { Query } from './query.ts';
import { stem } from './views.ts';

/** What the tables of a passage are read by: the names of their columns and of their rows. */
export interface Cells {
  /** Stems of the columns' names, but the first's: it names the rows. */
  columns: ReadonlySet<string>;
  /** Folded words of each row's first cell, each once. */
  rows: readonly (readonly string[])[];
}

/** Rows read of one passage: it is cut long before. */
const MOST_ROWS = 500;

/** Undefined: no table. */
export function cellsOf(markdown: string, stopWords: ReadonlySet<string>): Cells | undefined {
  const columns = new Set<string>();
  const rows = new Map<string, string[]>();
  const lines = markdown.split('\n');
  for (const [at, line] of lines.entries()) {
    if (!isRow(line) || isRule(line)) continue;
    const [first = '', ...others] = line.split('|').slice(1);
    if (isRule(lines[at + 1] ?? '')) {
      for (const word of others.flatMap(words)) if (!stopWords.has(word)) columns.add(stem(word));
      continue;
    }
    const label = [...new Set(words(first))];
    if (label.length > 0 && rows.size < MOST_ROWS) rows.set(label.join(' '), label);
  }
  return columns.size > 0 && rows.size > 0 ? { columns, rows: [...rows.values()] } : undefined;
}

/** "Combien coûte la cantine ?" names a column alone: the table answers for every row. */
const WHOLE_COLUMN = 0.5;

/**
 * "Combien coûte l'inscription en CP ?" over a table with a column "Inscription" and a row "CP": 1 when the question names one
 * of its cells, with one word for the column at least that is not for the row; less for a column of figures; 0.
 */
export function namesCell({ columns, rows }: Cells, { named: { all, stems }, type }: Query): number {
  const column = [...stems].flatMap(([part, word]) => (columns.has(part) ? [word] : []));
  if (column.length === 0) return 0;
  const isCell = rows.some(
    (label) => label.every((word) => all.has(word)) && column.some((word) => !label.includes(word)),
  );
  return isCell ? 1 : type === 'amount' ? WHOLE_COLUMN : 0;
}
