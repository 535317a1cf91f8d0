import { readCsv } from './csv.ts';
import { IMPORT_LIMITS } from './limits.ts';
import { problem } from './problem.ts';
import { refused } from './table.ts';
import type { Table } from './table.ts';
import { readXlsx } from './xlsx.ts';

/** The lines of a CSV or XLSX file, told apart by content. Never throws. */
export async function readTable(bytes: Uint8Array): Promise<Table> {
  if (bytes.length > IMPORT_LIMITS.bytes)
    return refused(problem('error', 'too_large', { detail: `${Math.ceil(bytes.length / 2 ** 20)} MB` }));
  if (bytes.length === 0) return refused(problem('error', 'empty'));
  const [first, second, third, fourth] = bytes;
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) return readXlsx(bytes);
  // The old .xls, and a workbook behind a password.
  if (first === 0xd0 && second === 0xcf) return refused(problem('error', 'unsupported'));
  return readCsv(bytes);
}
