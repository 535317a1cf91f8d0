import { parse } from 'csv-parse/sync';
import readSheets from 'read-excel-file/universal';
import { decode } from '../../lib/decode.ts';
import { scrub } from '../../lib/scrub.ts';
import { inline } from '../ingest/plain.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import { sheetMarkdown } from './table-markdown.ts';
import { UnreadableError } from './unreadable.ts';
import { unzip, zip } from './zip.ts';

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
export async function readXlsx(bytes: Uint8Array): Promise<string> {
  const parts = unzip(bytes, (name) => PARTS.test(name));
  for (const part of parts.values())
    if (/<!(?:DOCTYPE|ENTITY)/i.test(part.toString('latin1'))) throw new UnreadableError('broken');
  let read: { sheet: string; data: unknown[][] }[];
  try {
    read = await readSheets(new Uint8Array(zip(parts)).buffer, { parseNumber: numberText });
  } catch {
    throw new UnreadableError('broken');
  }
  return sheets(read.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(cellText)) })));
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

/** As it was typed: 0.30000000000000004 is what a sum of decimals looks like inside. */
function numberText(digits: string): string {
  const value = Number(digits);
  if (Number.isInteger(value) || !Number.isFinite(value)) return digits;
  return String(Number(value.toPrecision(12))).replace('.', ',');
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return scrub(value);
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return '';
    const [year, month, day] = value.toISOString().slice(0, 10).split('-');
    return `${day}/${month}/${year}`;
  }
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  return typeof value === 'number' ? String(value) : '';
}
