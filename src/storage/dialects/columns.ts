import type { CreateTableBuilder } from 'kysely';

type ColumnType = 'blob' | 'bytea' | 'integer' | 'bigint' | 'smallint';

/** The column types where SQLite and PostgreSQL differ; migrations are written once, in these words. */
export interface ColumnTypes {
  bytes: ColumnType;
  /** Epoch milliseconds. */
  time: ColumnType;
  count: ColumnType;
  /** 0 or 1. */
  flag: ColumnType;
  /** Adds a primary key numbered by the database, in insertion order. */
  serial(table: CreateTableBuilder<string>, name: string): CreateTableBuilder<string>;
  finish(table: CreateTableBuilder<string>): CreateTableBuilder<string>;
}
