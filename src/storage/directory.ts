import { sql } from 'kysely';
import type { Sealer } from '../lib/seal.ts';
import type { Statement, Store } from './store.ts';
import { statement } from './store.ts';

/** One entry: what is known of a person, as JSON, and the numbers (E.164) they are found by. */
export interface DirectoryEntry {
  id: string;
  json: string;
  phones: readonly string[];
}

/** People the organisation knows, sealed; found by keyed digests of their numbers. */
export interface DirectoryTables {
  /** JSON of everybody who has this number. */
  withPhone(phone: string): Promise<string[]>;
  all(): Promise<{ id: string; json: string }[]>;
  /** Replaces these entries and removes those, in units small enough that nobody waits behind them. */
  apply(change: { put: readonly DirectoryEntry[]; remove: readonly string[]; at: number }): Promise<void>;
  count(): Promise<number>;
}

const place = (id: string): string => `directory_people|person|${id}`;
const BATCH = 200;

export function directoryTables(store: Store, sealer: Sealer): DirectoryTables {
  const { db } = store;
  const open = (row: { id: string; person_sealed: Uint8Array }): string =>
    sealer.open(row.person_sealed, place(row.id));

  function put({ id, json, phones }: DirectoryEntry, at: number): Statement[] {
    const row = { person_sealed: sealer.seal(json, place(id)), imported_at: at };
    const indexes = [...new Set(phones.map((phone) => phoneIndex(sealer, phone)))];
    return [
      statement(
        db
          .insertInto('directory_people')
          .values({ id, ...row })
          .onConflict((c) => c.column('id').doUpdateSet(row))
          .compile(),
      ),
      statement(db.deleteFrom('directory_phones').where('directory_id', '=', id).compile()),
      ...(indexes.length === 0
        ? []
        : [
            statement(
              db
                .insertInto('directory_phones')
                .values(indexes.map((phone_index) => ({ phone_index, directory_id: id })))
                .compile(),
            ),
          ]),
    ];
  }

  return {
    async withPhone(phone) {
      const rows = await db
        .selectFrom('directory_phones as p')
        .innerJoin('directory_people as d', 'd.id', 'p.directory_id')
        .select(['d.id', 'd.person_sealed'])
        .where('p.phone_index', '=', phoneIndex(sealer, phone))
        .execute();
      return rows.map(open);
    },
    async all() {
      const rows = await db.selectFrom('directory_people').select(['id', 'person_sealed']).execute();
      return rows.map((row) => ({ id: row.id, json: open(row) }));
    },
    async apply({ put: entries, remove, at }) {
      for (let from = 0; from < entries.length; from += BATCH) {
        await store.commit(entries.slice(from, from + BATCH).flatMap((entry) => put(entry, at)));
      }
      for (let from = 0; from < remove.length; from += BATCH) {
        const ids = remove.slice(from, from + BATCH);
        await db.deleteFrom('directory_people').where('id', 'in', ids).execute();
      }
    },
    async count() {
      const { n } = await db
        .selectFrom('directory_people')
        .select(sql<number>`count(*)`.as('n'))
        .executeTakeFirstOrThrow();
      return Number(n);
    },
  };
}

/** Where a number is looked up, in the directory and among accounts alike. */
export const phoneIndex = (sealer: Sealer, e164: string): string => sealer.digest('phone', e164);
