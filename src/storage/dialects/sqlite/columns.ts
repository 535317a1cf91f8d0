import { sql } from 'kysely';
import type { ColumnTypes } from '../columns.ts';

export const sqliteColumns: ColumnTypes = {
  bytes: 'blob',
  time: 'integer',
  count: 'integer',
  flag: 'integer',
  // AUTOINCREMENT: a number is never given twice, even after its row was purged.
  serial: (table, name) => table.addColumn(name, 'integer', (k) => k.primaryKey().autoIncrement()),
  finish: (table) => table.modifyEnd(sql`strict`),
};
