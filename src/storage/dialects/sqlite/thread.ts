import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { ConflictError, type Statement, type StatementResult } from '../../store.ts';
import { openDatabase, readPragmas } from './connection.ts';
import type { Batch, BatchResult, ToThread, UnitResult } from './protocol.ts';

/**
 * The storage thread: the one writer of the database. It takes batches and answers each with one message, so a
 * slow disk never blocks the thread that serves HTTP.
 */
const port = parentPort;
if (!port) throw new Error('The storage thread is started by its store, not by hand.');

const db: DatabaseSync = openDatabase((workerData as { file: string }).file);
const prepared = new Map<string, { statement: StatementSync; returnsRows: boolean }>();

function prepare(sql: string): { statement: StatementSync; returnsRows: boolean } {
  let entry = prepared.get(sql);
  if (!entry) {
    const statement = db.prepare(sql);
    entry = { statement, returnsRows: statement.columns().length > 0 };
    // Statements are a fixed set; ad-hoc ones (console filters) must not grow it for ever.
    if (prepared.size > 500) prepared.clear();
    prepared.set(sql, entry);
  }
  return entry;
}

function run(statement: Statement): StatementResult {
  const entry = prepare(statement.sql);
  const params = statement.params as (string | number | null | Uint8Array)[];
  let result: StatementResult;
  if (entry.returnsRows) {
    const rows = entry.statement.all(...params) as Record<string, unknown>[];
    result = { rows, changes: rows.length };
  } else {
    result = { rows: [], changes: Number(entry.statement.run(...params).changes) };
  }
  if (statement.expect !== undefined && result.changes < statement.expect) {
    throw new ConflictError('Another turn changed this row first.');
  }
  return result;
}

/** SQLite result codes of a store that cannot write now: BUSY, LOCKED, IOERR, FULL, READONLY, CANTOPEN, NOMEM. */
const UNAVAILABLE = new Set([5, 6, 7, 8, 10, 13, 14]);
const CONSTRAINT = 19;

function failure(error: unknown): UnitResult {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConflictError) return { ok: false, kind: 'conflict', message };
  const code = (error as { errcode?: number }).errcode;
  const primary = code === undefined ? undefined : code & 0xff;
  if (primary === CONSTRAINT) return { ok: false, kind: 'conflict', message };
  return {
    ok: false,
    kind: primary !== undefined && UNAVAILABLE.has(primary) ? 'unavailable' : 'error',
    message,
  };
}

function unit(statements: Statement[]): UnitResult {
  const [only] = statements;
  if (statements.length === 1 && only && only.expect === undefined) {
    try {
      return { ok: true, results: [run(only)] };
    } catch (error) {
      if (!db.isTransaction) throw error;
      return failure(error);
    }
  }
  db.exec('SAVEPOINT unit');
  try {
    const results = statements.map(run);
    db.exec('RELEASE unit');
    return { ok: true, results };
  } catch (error) {
    // A full disk or an I/O error can end the whole transaction: then nothing of the batch was kept.
    if (!db.isTransaction) throw error;
    db.exec('ROLLBACK TO unit');
    db.exec('RELEASE unit');
    return failure(error);
  }
}

function writeAll(units: Statement[][]): UnitResult[] {
  if (units.length === 0) return [];
  try {
    db.exec('BEGIN IMMEDIATE');
    const results = units.map(unit);
    db.exec('COMMIT');
    return results;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    const reason = failure(error);
    return units.map(() => reason);
  }
}

function handle(batch: Batch): BatchResult {
  const writes = writeAll(batch.writes);
  const reads = batch.reads.map((statement): UnitResult => {
    try {
      return { ok: true, results: [run(statement)] };
    } catch (error) {
      return failure(error);
    }
  });
  return { writes, reads, ...(batch.pragmas ? { pragmas: readPragmas(db) } : {}) };
}

port.on('message', (message: ToThread) => {
  if ('close' in message) {
    // Leaves one file behind: what is in the log moves into the database.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    port.postMessage({ closed: true });
    port.close();
    return;
  }
  port.postMessage(handle(message.batch));
});
port.postMessage({ ready: true });
