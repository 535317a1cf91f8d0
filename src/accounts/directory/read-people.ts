import { columnName, headerScore, meantColumn, readHeader } from './columns.ts';
import type { Columns } from './columns.ts';
import { IMPORT_LIMITS } from './limits.ts';
import { mergeLines } from './merge-lines.ts';
import type { DirectoryPerson } from './person.ts';
import { readLine, unreadLine } from './person-line.ts';
import type { PersonLine, UnreadLine } from './person-line.ts';
import { missingColumn, problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { readTable } from './read-table.ts';
import type { Row, TableFormat } from './table.ts';

/** What a file of people would bring, before anything is written. */
export interface PeoplePreview {
  people: DirectoryPerson[];
  /** Lines that are not taken and do not say that their adult has died. */
  unread: UnreadLine[];
  /** Lines under the header. */
  lines: number;
  /** In the order of the file, those about the whole file first; at most `IMPORT_LIMITS.problems`. */
  problems: Problem[];
  /** All of them, listed or not. */
  errors: number;
  warnings: number;
  /** Absent when the file could not be read at all. */
  format?: TableFormat;
}

/** A title and an empty line may stand above the header. */
const HEADER_WITHIN = 20;

/** Reads a CSV or XLSX file here and now: `readPeople` does the same where a hostile file harms nobody. Never throws. */
export async function readPeopleHere(bytes: Uint8Array): Promise<PeoplePreview> {
  const table = await readTable(bytes);
  if (!table.ok) return preview([], 0, table.problems);
  const { rows, format } = table;
  const start = headerOf(rows);
  const header = rows[start];
  const fatal = (one: Problem) => preview([], 0, [...table.problems, one], format);
  if (header === undefined) return fatal(problem('error', rows.length === 0 ? 'empty' : 'no_header'));
  const columns = readHeader(header.cells);
  const missing = missingField(columns);
  if (missing !== undefined) {
    const headers = header.cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
    const meant = meantColumn(columns.unknown, missing);
    return fatal(missingColumn(columnName(missing), headers, { line: header.line, meant }));
  }
  const about = [...table.problems, ...headerProblems(columns, header.line)];
  const body = rows.slice(start + 1).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (body.length === 0) return preview([], 0, [...about, problem('error', 'empty')], format);
  const { people, unread, problems } = readRows(body, columns, header.cells.length);
  return preview(people, body.length, [...about, ...problems], format, unread);
}

/**
 * Lines under one header as people, and what is wrong with them, in the order of the lines. `keepApart`: people who share
 * a code are told apart by their names instead of being refused.
 */
export function readRows(
  rows: readonly Row[],
  columns: Columns,
  width: number,
  options: { keepApart?: boolean } = {},
): { people: DirectoryPerson[]; unread: UnreadLine[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const lines: PersonLine[] = [];
  const unread: UnreadLine[] = [];
  for (const row of rows) {
    // Columns have moved: every cell after the stray separator would be read as another.
    if (row.cells.slice(width).some((cell) => cell.trim() !== '')) {
      problems.push(problem('error', 'too_many_cells', { line: row.line }));
      unread.push(unreadLine(row, columns));
      continue;
    }
    const reading = readLine(row, columns);
    problems.push(...reading.problems);
    if (reading.person) lines.push(reading);
    else if (reading.unread) unread.push(reading.unread);
  }
  const { people, refused, problems: told } = mergeLines(lines, options);
  for (const { line, person } of refused) {
    const { code, lastName, firstNames, phones } = person;
    unread.push({ line, ...(code === undefined ? {} : { code }), lastName, firstNames, phones });
  }
  problems.push(...told);
  return { people, unread, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function headerOf(rows: readonly Row[]): number {
  let best = -1;
  // One name is no header we can use, but it tells which line to show.
  let most = 0;
  rows.slice(0, HEADER_WITHIN).forEach(({ cells }, at) => {
    const score = headerScore(cells);
    if (score > most) [best, most] = [at, score];
  });
  return best;
}

function missingField({ at }: Columns): 'lastName' | 'phone' | undefined {
  if (!at.has('lastName')) return 'lastName';
  return at.has('phone') || at.has('phone2') || at.has('whatsapp') ? undefined : 'phone';
}

const headerProblems = ({ unknown, repeated }: Columns, line: number): Problem[] => [
  ...unknown.map((detail) => problem('warning', 'unknown_column', { line, detail: detail.slice(0, 60) })),
  ...repeated.map((detail) => problem('warning', 'repeated_column', { line, detail: detail.slice(0, 60) })),
];

export function preview(
  people: DirectoryPerson[],
  lines: number,
  problems: Problem[],
  format?: TableFormat,
  unread: UnreadLine[] = [],
): PeoplePreview {
  const errors = problems.filter(({ level }) => level === 'error').length;
  return {
    people,
    unread,
    lines,
    problems: problems.slice(0, IMPORT_LIMITS.problems),
    errors,
    warnings: problems.length - errors,
    ...(format === undefined ? {} : { format }),
  };
}
