import type { CreateTableBuilder, Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';

type Table = CreateTableBuilder<string>;

/** Makes tables and indexes in the dialect's own types. */
export function builders(db: Kysely<unknown>, c: ColumnTypes) {
  return {
    table: async (name: string, build: (t: Table) => Table): Promise<void> => {
      await c.finish(build(db.schema.createTable(name))).execute();
    },
    index: async (name: string, on: string, columns: string[], unique = false): Promise<void> => {
      const builder = db.schema.createIndex(name).on(on).columns(columns);
      await (unique ? builder.unique() : builder).execute();
    },
  };
}
