import { readSheet } from 'read-excel-file/universal';
import { IMPORT_LIMITS } from './limits.ts';
import { problem } from './problem.ts';
import { refused } from './table.ts';
import type { Row, Table } from './table.ts';
import { checkWorkbook } from './workbook.ts';

/** The first sheet of a workbook. A small file can ask for a huge sheet: run it where memory and time are limited. */
export async function readXlsx(bytes: Uint8Array): Promise<Table> {
  const state = checkWorkbook(bytes);
  if (state !== 'ok') return refused(problem('error', state === 'broken' ? 'unreadable' : 'too_heavy'));
  let sheet: unknown[][];
  try {
    // Numbers as they are written, so that no digit of a telephone is lost on the way.
    sheet = await readSheet(new Uint8Array(bytes).buffer, { parseNumber: (digits) => digits });
  } catch {
    return refused(problem('error', 'unreadable'));
  }
  const rows: Row[] = sheet.flatMap((cells, index) => {
    const texts = cells.slice(0, IMPORT_LIMITS.columns).map(cellText);
    return texts.some((text) => text !== '') ? [{ line: index + 1, cells: texts }] : [];
  });
  if (rows.length > IMPORT_LIMITS.lines)
    return refused(problem('error', 'too_large', { detail: `${rows.length} lines` }));
  return { ok: true, rows, format: { kind: 'xlsx' }, problems: [] };
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10);
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  return typeof value === 'number' ? String(value) : '';
}
