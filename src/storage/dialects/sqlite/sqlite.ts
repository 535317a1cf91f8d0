import { Worker } from 'node:worker_threads';
import {
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { Schema } from '../../schema.ts';
import {
  ConflictError,
  statement,
  StoreUnavailableError,
  type Statement,
  type StatementResult,
  type Store,
} from '../../store.ts';
import type { Batch, BatchResult, NumberedStatement, Outcome, UnitResult } from './protocol.ts';

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

interface Queue {
  writes: { unit: Statement[]; waiting: Waiting<StatementResult[]> }[];
  reads: { statement: Statement; waiting: Waiting<Record<string, unknown>[]> }[];
  pragmas: Waiting<Record<string, unknown>>[];
  scrubs: Waiting<boolean>[];
}

const emptyQueue = (): Queue => ({ writes: [], reads: [], pragmas: [], scrubs: [] });

/** Bounds one transaction, so a reader or a checkpoint never waits long behind it. */
const MOST_UNITS = 2000;

/**
 * SQLite in its own thread. While a batch is on its way to disk the next one gathers: the busier it is, the more
 * units share an fsync.
 */
export async function openSqlite(file: string, monotonic: () => number): Promise<Store> {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: { file } });
  await new Promise<void>((resolve, reject) => {
    thread.once('message', () => {
      resolve();
    });
    thread.once('error', reject);
  });

  let queue = emptyQueue();
  let flying: Queue | undefined;
  let flyingSince = 0;
  let scheduled = false;
  let refusing = false;
  let ended: Error | undefined;

  /** Texts the thread knows, by number: the program's own statements, a bounded set. */
  const known = new Map<string, number>();
  let fresh: string[] = [];
  const numbered = ({ sql, params, expect }: Statement): NumberedStatement => {
    let text = known.get(sql);
    if (text === undefined) {
      text = known.size;
      known.set(sql, text);
      fresh.push(sql);
    }
    return expect === undefined ? { text, params } : { text, params, expect };
  };

  const flush = (): void => {
    scheduled = false;
    if (flying) return;
    const next = queue;
    if (Object.values(next).every(({ length }) => length === 0)) return;
    queue = emptyQueue();
    if (next.writes.length > MOST_UNITS) queue.writes = next.writes.splice(MOST_UNITS);
    flying = next;
    flyingSince = monotonic();
    const from = known.size;
    const batch: Batch = {
      writes: next.writes.map((entry) => entry.unit.map(numbered)),
      reads: next.reads.map((entry) => numbered(entry.statement)),
      texts: fresh,
      from,
      ...(next.pragmas.length > 0 ? { pragmas: true } : {}),
      ...(next.scrubs.length > 0 ? { scrub: true } : {}),
    };
    fresh = [];
    thread.postMessage({ batch });
  };

  const schedule = (): void => {
    if (scheduled || flying) return;
    scheduled = true;
    setImmediate(flush);
  };

  const fail = (error: Error): void => {
    ended = error;
    for (const pending of [flying, queue]) {
      for (const { waiting } of [...(pending?.writes ?? []), ...(pending?.reads ?? [])])
        waiting.reject(error);
      for (const waiting of [...(pending?.pragmas ?? []), ...(pending?.scrubs ?? [])]) waiting.reject(error);
    }
    flying = undefined;
    queue = emptyQueue();
  };

  thread.on('message', (result: BatchResult | { closed: true }) => {
    if ('closed' in result || !flying) return;
    const answered = flying;
    flying = undefined;
    if (result.writes.length > 0)
      refusing = result.writes.some((write) => !write.ok && write.kind !== 'conflict');
    // The next batch leaves before this one's waiters run: the disk is never idle while there is work.
    flush();
    answered.writes.forEach((entry, i) => {
      settle(entry.waiting, result.writes[i], (outcomes) => outcomes.map(toResult));
    });
    answered.reads.forEach((entry, i) => {
      settle(entry.waiting, result.reads[i], ([first]) => (typeof first === 'object' ? first : []));
    });
    for (const waiting of answered.pragmas) waiting.resolve(result.pragmas ?? {});
    for (const waiting of answered.scrubs) waiting.resolve(result.scrubbed === true);
  });
  thread.on('error', (error) => {
    fail(
      new StoreUnavailableError(
        `The storage thread stopped: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
  });
  thread.on('exit', () => {
    fail(new StoreUnavailableError('The store is closed.'));
  });

  const enqueue = <T>(add: (waiting: Waiting<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      add({ resolve, reject });
      schedule();
    });

  const store: Omit<Store, 'db'> = {
    commit: (unit) => enqueue((waiting) => queue.writes.push({ unit: [...unit], waiting })),
    read: (one) => enqueue((waiting) => queue.reads.push({ statement: one, waiting })),
    refusing: () => refusing,
    stalledFor: () => (flying ? monotonic() - flyingSince : 0),
    pragmas: () => enqueue((waiting) => queue.pragmas.push(waiting)),
    scrub: () => enqueue((waiting) => queue.scrubs.push(waiting)),
    async close() {
      if (ended) return;
      while (flying || scheduled) await new Promise((resolve) => setImmediate(resolve));
      const exited = new Promise((resolve) => thread.once('exit', resolve));
      thread.postMessage({ close: true });
      await exited;
    },
  };
  return { ...store, db: new Kysely<Schema>({ dialect: dialectOver(store) }) };
}

function settle<T>(
  waiting: Waiting<T>,
  result: UnitResult | undefined,
  pick: (outcomes: Outcome[]) => T,
): void {
  if (result?.ok) waiting.resolve(pick(result.outcomes));
  else waiting.reject(toError(result));
}

const NO_ROWS: Record<string, unknown>[] = [];
const toResult = (outcome: Outcome): StatementResult =>
  typeof outcome === 'number'
    ? { rows: NO_ROWS, changes: outcome }
    : { rows: outcome, changes: outcome.length };

function toError(result: (UnitResult & { ok: false }) | undefined): Error {
  switch (result?.kind) {
    case 'conflict':
      return new ConflictError(result.message);
    case 'unavailable':
      return new StoreUnavailableError(result.message);
    case 'error':
    case undefined:
      return new Error(result?.message ?? 'The storage thread gave no answer.');
  }
}

/** Kysely over a store: each statement is a unit of its own. Transactions are `Store.commit`'s business. */
function dialectOver(store: Omit<Store, 'db'>): Dialect {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (query.query.kind === 'SelectQueryNode') {
        return { rows: (await store.read(statement(query))) as R[] };
      }
      const [result] = await store.commit([statement(query)]);
      return { rows: (result?.rows ?? []) as R[], numAffectedRows: BigInt(result?.changes ?? 0) };
    },
    streamQuery() {
      throw new Error('This store reads whole results; page through large ones.');
    },
  };
  const refuse = (): Promise<never> =>
    Promise.reject(new Error('Use Store.commit for statements that belong together.'));
  const driver: Driver = {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
