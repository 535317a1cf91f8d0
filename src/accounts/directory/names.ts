import { editDistance } from '../../desk/nearest.ts';
import { nameKey } from './values.ts';

/** What a person is called by. */
export interface Named {
  lastName: string;
  firstNames: string;
}

/** Two mistakes away from a short word is any other short word. */
const LONG = 6;

/** One of the two names is the same, and the other is it with a typing mistake or cut short: Fatou, Fatoumata. */
export function isSpelling(one: Named, other: Named): boolean {
  const last = [nameKey(one.lastName), nameKey(other.lastName)] as const;
  const first = [nameKey(one.firstNames), nameKey(other.firstNames)] as const;
  return (last[0] === last[1] && isVariant(...first)) || (first[0] === first[1] && isVariant(...last));
}

function isVariant(one: string, other: string): boolean {
  if (one.startsWith(other) || other.startsWith(one)) return true;
  const most = Math.min(one.length, other.length) < LONG ? 1 : 2;
  return Math.abs(one.length - other.length) <= most && editDistance(one, other) <= most;
}
