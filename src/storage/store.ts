import type { CompiledQuery, Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** One SQL statement of a unit. `expect`: it must change or return at least that many rows, or the unit is undone. */
export interface Statement {
  sql: string;
  params: readonly unknown[];
  expect?: number;
}

export interface StatementResult {
  rows: Record<string, unknown>[];
  changes: number;
}

/** An `expect` was not met, or a unique key refused a row: somebody else changed what the unit relied on. */
export class ConflictError extends Error {}

/** The store cannot write now (disk full, I/O error, locked): nothing of the unit was kept. */
export class StoreUnavailableError extends Error {}

/**
 * The database. Statements of one unit take effect together or not at all; units of the same moment share one
 * fsync (group commit). A promise resolves only once its unit is on disk.
 */
export interface Store {
  /** Typed queries, one statement at a time; each is its own unit. */
  readonly db: Kysely<Schema>;
  commit(unit: readonly Statement[]): Promise<StatementResult[]>;
  read(statement: Statement): Promise<Record<string, unknown>[]>;
  /**
   * Leaves nothing of what was deleted in the files of the database, as far as this program writes them. False: something
   * reads an older state; try again later.
   */
  scrub(): Promise<boolean>;
  /** Milliseconds since the oldest unanswered batch was handed over; 0 when idle. */
  stalledFor(): number;
  /** The last write was refused (disk full, locked); a write that succeeds ends it. */
  refusing(): boolean;
  /** Settings in force on the writing connection, for checks. */
  pragmas(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export const statement = (query: CompiledQuery, expect?: number): Statement => ({
  sql: query.sql,
  params: query.parameters,
  ...(expect === undefined ? {} : { expect }),
});
