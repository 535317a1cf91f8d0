import type { Compilable, Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { Statement } from './store.ts';

/** Stands for a value while a hot statement is compiled, once. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type Value = string | number | null | Uint8Array;

/** A whole row of values, for an insert; `columns` names them all. */
export function row<V>(p: V, columns: Record<keyof V, 1>): V {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, p[name as keyof V]])) as V;
}

/**
 * Compiles a query once and binds values many times: building a Kysely query costs more than SQLite takes to run it.
 * `p.name` stands for the value `name` given at each call.
 */
export function prepared<V extends { [K in keyof V]: Value }>(
  build: (db: Kysely<Schema>, p: V) => Compilable,
  expect?: number,
): (db: Kysely<Schema>) => (values: V) => Statement {
  return (db) => {
    const placeholders = new Proxy({}, { get: (_, name) => new Parameter(String(name)) });
    const { sql, parameters } = build(db, placeholders as V).compile();
    return (values) => ({
      sql,
      params: parameters.map((parameter) =>
        parameter instanceof Parameter ? values[parameter.name as keyof V] : parameter,
      ),
      ...(expect === undefined ? {} : { expect }),
    });
  };
}
