import { sql, type RawBuilder } from 'kysely';
import type { Schema } from '../schema.ts';
import { statement, type Store } from '../store.ts';

export type Row = Record<string, unknown>;

/** Tables numbered by the database; the others are in the order of their ids. */
const NUMBERED: Partial<Record<keyof Schema, string>> = {
  messages: 'id',
  inbox: 'seq',
  outbox: 'seq',
  staff_messages: 'id',
  account_creation_audit: 'id',
};

export const keyOf = (table: keyof Schema): string => NUMBERED[table] ?? 'id';
export const beginning = (table: keyof Schema): string | number => (NUMBERED[table] === undefined ? '' : 0);

/** Rows in memory, and in one unit. */
const PAGE = 200;

/** Every row of a table after this one, a page at a time. */
export async function* pagesOf(
  store: Store,
  table: keyof Schema,
  from = beginning(table),
  also: RawBuilder<unknown> = sql``,
): AsyncGenerator<Row[]> {
  const key = keyOf(table);
  for (let after = from; ;) {
    const rows = await store.read(
      statement(
        sql`select *${also} from ${sql.table(table)} where ${sql.ref(key)} > ${after} order by ${sql.ref(key)} limit ${PAGE}`.compile(
          store.db,
        ),
      ),
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.[key] as string | number;
  }
}
