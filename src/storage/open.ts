import type { Store } from './store.ts';
import { migrateSqlite } from './dialects/sqlite/migrate.ts';
import { openSqlite } from './dialects/sqlite/sqlite.ts';

/** Opens the database, its schema brought up to date. */
export async function openStore(file: string, monotonic: () => number): Promise<Store> {
  await migrateSqlite(file);
  return openSqlite(file, monotonic);
}
