import { fieldsOf, get, listIn, type Fields } from '../fields.ts';

/** A string that is not empty. */
export function stringIn(from: Fields, key: string): string | undefined {
  const value = get(from, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The objects of a list; anything else in it is left out. */
export function childrenIn(from: Fields, key: string): Fields[] {
  return listIn(from, key)
    .map(fieldsOf)
    .filter((each) => each !== undefined);
}
