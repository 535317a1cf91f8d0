import { UsageError } from './errors.ts';

/** What was given to an option; throws `UsageError` saying what to write. */
export function wholeNumber(option: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new UsageError(
      `${option} ${given}: write a whole number from ${String(least)} to ${String(most)}.`,
    );
  return value;
}
