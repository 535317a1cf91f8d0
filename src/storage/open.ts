import type { Store } from './store.ts';
import { migrateSqlite } from './dialects/sqlite/migrate.ts';
import { openSqlite } from './dialects/sqlite/sqlite.ts';
import { SchemaError } from './migrate.ts';

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Opens the database, its schema brought up to date. Throws `SchemaError` on a file that is no database of ours. */
export async function openStore(file: string, monotonic: () => number): Promise<Store> {
  try {
    await migrateSqlite(file);
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (code !== SQLITE_CORRUPT && code !== SQLITE_NOTADB) throw error;
    throw new SchemaError(
      `The database ${file} is damaged and cannot be read. Put it back from your last backup; keep the damaged file, it may still be repaired.`,
    );
  }
  return openSqlite(file, monotonic);
}
