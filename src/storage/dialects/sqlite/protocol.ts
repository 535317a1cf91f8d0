/**
 * A statement on its way to the storage thread: the number of its text, its values, and how many rows it must touch.
 * Texts travel once; copying them with each statement costs more than running it.
 */
export interface NumberedStatement {
  text: number;
  params: readonly unknown[];
  expect?: number;
}

/** The rows of a statement that returns some, else how many it changed. */
export type Outcome = Record<string, unknown>[] | number;

/** What crosses between the main thread and the storage thread. One message carries many units. */
export type UnitResult =
  | { ok: true; outcomes: Outcome[] }
  | { ok: false; kind: 'conflict' | 'unavailable' | 'error'; message: string };

export interface Batch {
  /** Texts not sent before: the first is number `from`, the next `from` + 1… */
  texts: string[];
  from: number;
  /** Share one transaction, each with its own savepoint. */
  writes: NumberedStatement[][];
  /** Run after the writes of the batch are on disk. */
  reads: NumberedStatement[];
  pragmas?: boolean;
  scrub?: boolean;
}

export interface BatchResult {
  writes: UnitResult[];
  reads: UnitResult[];
  pragmas?: Record<string, unknown>;
  /** The log is empty. */
  scrubbed?: boolean;
}

export type ToThread = { batch: Batch } | { close: true };
