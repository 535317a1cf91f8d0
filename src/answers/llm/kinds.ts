import { YEAR } from './amounts.ts';
import type { Fact } from './facts.ts';

/** A figure as it is told from others. */
export interface Figure {
  key: string;
  /** Of what it can be mistaken for: "F", "date"; "any" of a cell. */
  kind: string;
}

/** Kind of what a figure can be mistaken for; undefined: no figure of its own. */
export function kindOf({ kind, key }: Fact): string | undefined {
  if (kind === 'number') {
    const [value = '', unit = ''] = key.split('|');
    if (unit === '') return YEAR.test(value) ? 'year' : 'any';
    return SPANS.has(unit) ? 'span' : unit;
  }
  if (kind === 'month') return 'date';
  if (kind === 'linked') return 'period';
  return ['date', 'time', 'weekday', 'rank'].includes(kind) ? kind : undefined;
}
const SPANS = new Set(['minute', 'hour', 'day', 'week', 'month', 'quarter', 'semester', 'year']);

/** A figure whatever its unit: a cell has none of its own. */
export function keyOf({ kind, key }: Fact): string {
  return `${kind} ${kind === 'number' ? (key.split('|')[0] ?? '') : key}`;
}

/** Can one be mistaken for the other? */
export const isLike = (one: Figure, other: Figure): boolean =>
  one.kind === other.kind || one.kind === 'any' || other.kind === 'any';
