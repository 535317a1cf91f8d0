import { parse } from 'csv-parse/sync';
import { decode } from '../../lib/decode.ts';
import { scrub } from '../../lib/scrub.ts';
import { inline } from '../ingest/plain.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import { sheetMarkdown } from './table-markdown.ts';
import { UnreadableError } from './unreadable.ts';
import { sheetsOf } from './xlsx.ts';
import { unzip } from './zip.ts';

const SEPARATORS = [';', ',', '\t', '|'];
/** Excel's own first line. */
const DECLARED = /^sep=(.)\r?\n/i;

/** A CSV as Markdown. Throws `UnreadableError`. */
export function readCsv(bytes: Uint8Array): string {
  const whole = scrub(decode(bytes).text.replace(/^\ufeff/, ''));
  const declared = DECLARED.exec(whole);
  const text = declared ? whole.slice(declared[0].length) : whole;
  let rows: string[][];
  try {
    rows = parse(text, {
      delimiter: declared?.[1] ?? likeliest(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: DOCUMENT_LIMITS.rows + 1,
    });
  } catch {
    throw new UnreadableError('broken');
  }
  return sheets([{ rows }]);
}

/** The separator that cuts the first lines into the most columns, alike on each. */
function likeliest(text: string): string {
  const lines = text.split('\n', 20).filter((line) => line.trim() !== '');
  const score = (separator: string): number => {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(separator).length - 1);
    const most = Math.max(0, ...counts);
    return most === 0 ? 0 : counts.filter((count) => count === most).length + Math.min(most, 10) / 10;
  };
  return SEPARATORS.reduce((best, one) => (score(one) > score(best) ? one : best));
}

/** What holds values and their shape: pictures, macros and links are never inflated. */
const PARTS =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|xl\/(?:workbook|styles|sharedStrings)\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/worksheets\/[\w.-]+\.xml)$/i;

export const isWorkbook = (bytes: Uint8Array): boolean =>
  unzip(bytes, (name) => name === 'xl/workbook.xml').size > 0;

/** All the sheets of an XLSX as Markdown. Throws `UnreadableError`. */
export function readXlsx(bytes: Uint8Array): string {
  const parts = unzip(bytes, (name) => PARTS.test(name));
  for (const part of parts.values())
    if (/<!(?:DOCTYPE|ENTITY)/i.test(part.toString('latin1'))) throw new UnreadableError('broken');
  return sheets(sheetsOf(parts));
}

function sheets(list: readonly { name?: string; rows: readonly (readonly string[])[] }[]): string {
  if (list.reduce((sum, { rows }) => sum + rows.length, 0) > DOCUMENT_LIMITS.rows)
    throw new UnreadableError('too_much');
  const filled = list.filter(({ rows }) => rows.some((row) => row.some((cell) => cell.trim() !== '')));
  return filled
    .map(({ name, rows }) => {
      const cut = rows.map((row) => row.map((cell) => cell.slice(0, DOCUMENT_LIMITS.cell).toWellFormed()));
      return filled.length > 1 && name !== undefined
        ? `## ${inline(name)}\n\n${sheetMarkdown(cut, 3)}`
        : sheetMarkdown(cut, 2);
    })
    .join('\n\n');
}
