import { parse } from 'csv-parse/sync';
import { headerScore } from './columns.ts';
import { decode } from '../../lib/decode.ts';
import { IMPORT_LIMITS } from './limits.ts';
import { problem } from './problem.ts';
import { refused } from './table.ts';
import type { Row, Table } from './table.ts';

const SEPARATORS = [';', ',', '\t', '|'];
/** Lines among which the header is looked for; files of offices have a title above it. */
const HEADER_WITHIN = 20;
/** Excel's own first line. */
const DECLARED = /^sep=(.)\r?\n/i;

export function readCsv(bytes: Uint8Array): Table {
  const { text: whole, encoding, repaired } = decode(bytes);
  if (isBinary(whole)) return refused(problem('error', 'unsupported'));
  const declared = DECLARED.exec(whole);
  const text = declared ? whole.slice(declared[0].length) : whole;
  const separator = declared?.[1] ?? likeliest(text);
  const shift = declared ? 1 : 0;
  let rows: Row[];
  try {
    rows = cut(text, separator).map(({ line, cells }) => ({ line: line + shift, cells }));
  } catch (error) {
    const line = lineOf(error);
    return refused(problem('error', 'broken_quotes', line === undefined ? {} : { line: line + shift }));
  }
  if (rows.length > IMPORT_LIMITS.lines)
    return refused(problem('error', 'too_large', { detail: `${rows.length} lines` }));
  return {
    ok: true,
    rows,
    format: { kind: 'csv', encoding, separator },
    problems: repaired ? [problem('warning', 'repaired_accents')] : [],
  };
}

/** No text file holds a control character other than its line ends and tabs. */
const isBinary = (text: string): boolean => /[^\P{Cc}\t\n\r\f\u0080-\u009f]/u.test(text.slice(0, 4_096));

/** The separator under which the most header names are recognised; else the most frequent. */
function likeliest(text: string): string {
  const head = text.split(/\r\n|\r|\n/, HEADER_WITHIN);
  let best = { separator: ';', score: 0, cells: 0 };
  for (const separator of SEPARATORS) {
    for (const line of head) {
      const cells = line.split(separator).map((cell) => cell.replace(/^\s*"|"\s*$/g, ''));
      const score = headerScore(cells);
      if (score > best.score || (score === best.score && cells.length > best.cells))
        best = { separator, score, cells: cells.length };
    }
  }
  return best.separator;
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

function cut(text: string, separator: string): Row[] {
  const parsed = parse(text, {
    delimiter: separator,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  }) as unknown as Parsed[];
  return parsed.map(({ record, info }) => ({ line: startOf(record, info.lines), cells: record }));
}

/** csv-parse tells the line a record ends on. */
const startOf = (cells: readonly string[], last: number): number =>
  last - cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);

const lineOf = (error: unknown): number | undefined =>
  error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : undefined;
