import type { Statement, StatementResult } from '../../store.ts';

/** What crosses between the main thread and the storage thread. One message carries many units. */
export type UnitResult =
  | { ok: true; results: StatementResult[] }
  | { ok: false; kind: 'conflict' | 'unavailable' | 'error'; message: string };

export interface Batch {
  /** Share one transaction, each with its own savepoint. */
  writes: Statement[][];
  /** Run after the writes of the batch are on disk. */
  reads: Statement[];
  pragmas?: boolean;
}

export interface BatchResult {
  writes: UnitResult[];
  reads: UnitResult[];
  pragmas?: Record<string, unknown>;
}

export type ToThread = { batch: Batch } | { close: true };
