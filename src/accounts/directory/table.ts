import type { Encoding } from '../../lib/decode.ts';
import type { Problem } from './problem.ts';

/** One line of a sheet: its number in the file, from 1, and its cells as text. */
export interface Row {
  line: number;
  cells: string[];
}

export type TableFormat = { kind: 'csv'; encoding: Encoding; separator: string } | { kind: 'xlsx' };

export type Table =
  | { ok: true; rows: Row[]; format: TableFormat; problems: Problem[] }
  /** Nothing of the file can be used. */
  | { ok: false; problems: Problem[] };

export const refused = (one: Problem): Table => ({ ok: false, problems: [one] });
