import { userInfo } from 'node:os';
import { UsageError } from './errors.ts';

/** Who is at the terminal, for what is audited. */
export const actor = (): string => `staff:${userInfo().username}`;

/** Why somebody looks or decides, as the log keeps it. */
export function worded(reason: string): string {
  const words = reason.trim();
  if (words.length < 3 || words.length > 200) throw new UsageError('--reason: write 3 to 200 characters.');
  return words;
}
