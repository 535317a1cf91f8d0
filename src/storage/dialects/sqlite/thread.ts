import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { ConflictError } from '../../store.ts';
import { emptyLog, openDatabase, readPragmas } from './connection.ts';
import type { Batch, BatchResult, NumberedStatement, Outcome, ToThread, UnitResult } from './protocol.ts';

/**
 * The storage thread: the one writer of the database. It takes batches and answers each with one message, so a
 * slow disk never blocks the thread that serves HTTP.
 */
const port = parentPort;
if (!port) throw new Error('The storage thread is started by its store, not by hand.');

const db: DatabaseSync = openDatabase((workerData as { file: string }).file);
const texts: string[] = [];
const prepared: ({ statement: StatementSync; returnsRows: boolean } | undefined)[] = [];

function prepare(text: number): { statement: StatementSync; returnsRows: boolean } {
  const known = prepared[text];
  if (known) return known;
  const statement = db.prepare(texts[text] ?? '');
  return (prepared[text] = { statement, returnsRows: statement.columns().length > 0 });
}

function run({ text, params, expect }: NumberedStatement): Outcome {
  const { statement, returnsRows } = prepare(text);
  const values = params as (string | number | null | Uint8Array)[];
  const outcome = returnsRows
    ? (statement.all(...values) as Record<string, unknown>[])
    : Number(statement.run(...values).changes);
  const touched = typeof outcome === 'number' ? outcome : outcome.length;
  if (expect !== undefined && touched < expect)
    throw new ConflictError('Another turn changed this row first.');
  return outcome;
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

function unit(statements: NumberedStatement[]): UnitResult {
  const [only] = statements;
  if (statements.length === 1 && only && only.expect === undefined) {
    try {
      return { ok: true, outcomes: [run(only)] };
    } catch (error) {
      if (!db.isTransaction) throw error;
      return failure(error);
    }
  }
  db.exec('SAVEPOINT unit');
  try {
    const outcomes = statements.map(run);
    db.exec('RELEASE unit');
    return { ok: true, outcomes };
  } catch (error) {
    // A full disk or an I/O error can end the whole transaction: then nothing of the batch was kept.
    if (!db.isTransaction) throw error;
    db.exec('ROLLBACK TO unit');
    db.exec('RELEASE unit');
    return failure(error);
  }
}

function writeAll(units: NumberedStatement[][]): UnitResult[] {
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
  batch.texts.forEach((text, i) => (texts[batch.from + i] = text));
  const writes = writeAll(batch.writes);
  const reads = batch.reads.map((statement): UnitResult => {
    try {
      return { ok: true, outcomes: [run(statement)] };
    } catch (error) {
      return failure(error);
    }
  });
  return {
    writes,
    reads,
    ...(batch.pragmas ? { pragmas: readPragmas(db) } : {}),
    ...(batch.scrub ? { scrubbed: emptyLog(db) } : {}),
  };
}

port.on('message', (message: ToThread) => {
  if ('close' in message) {
    // Leaves one file behind: what is in the log moves into the database.
    emptyLog(db);
    db.close();
    port.postMessage({ closed: true });
    port.close();
    return;
  }
  port.postMessage(handle(message.batch));
});
port.postMessage({ ready: true });
