import type { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import { runMigrations } from '../../migrate.ts';
import { sqliteColumns } from './columns.ts';
import { openDatabase } from './connection.ts';

/** Brings the file's schema up to date, before the storage thread opens it. Throws `SchemaError` when the file is newer than this program. */
export async function migrateSqlite(file: string): Promise<void> {
  const connection = openDatabase(file);
  const db = new Kysely<unknown>({ dialect: new MigrationDialect({ database: forKysely(connection) }) });
  try {
    await runMigrations(db, sqliteColumns);
  } finally {
    await db.destroy();
  }
}

/** Kysely takes SQLite for a database without transactional DDL, which it is not: a migration cut short must leave nothing. */
class MigrationDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
  }
}

/** node:sqlite in the shape Kysely expects; `reader` tells it which statements give rows. */
function forKysely(db: DatabaseSync) {
  return {
    close: () => {
      db.close();
    },
    prepare: (sql: string) => {
      const statement = db.prepare(sql);
      type Params = readonly (string | number | bigint | null)[];
      return {
        reader: statement.columns().length > 0,
        all: (params: readonly unknown[]) => statement.all(...(params as Params)),
        run: (params: readonly unknown[]) => statement.run(...(params as Params)),
        iterate: (params: readonly unknown[]) => statement.iterate(...(params as Params)),
      };
    },
  };
}
