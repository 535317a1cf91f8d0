import { integerIn, type Fields } from '../fields.ts';

/** Telegram promises ids of at most 52 bits; anything else is not an id. */
const ID_LIMIT = 2 ** 52;

export function idIn(from: Fields, key: string): number | undefined {
  const value = integerIn(from, key);
  return value !== undefined && Math.abs(value) <= ID_LIMIT ? value : undefined;
}
