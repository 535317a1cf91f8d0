/** Careful reading of JSON that somebody else wrote: own properties only, and a value of another type counts as absent. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function get(from: Fields, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] : undefined;
}

export function child(from: Fields, key: string): Fields | undefined {
  return fieldsOf(get(from, key));
}

export function stringIn(from: Fields, key: string): string | undefined {
  const value = get(from, key);
  return typeof value === 'string' ? value : undefined;
}

export function integerIn(from: Fields, key: string): number | undefined {
  const value = get(from, key);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

export function listIn(from: Fields, key: string): unknown[] {
  const value = get(from, key);
  return Array.isArray(value) ? value : [];
}
