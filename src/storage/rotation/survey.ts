import { sql } from 'kysely';
import { sealedBy } from '../../lib/seal.ts';
import { SEALED_TABLES, sealedColumns } from '../places.ts';
import { statement, type Store } from '../store.ts';
import { keysOfFiles } from './files.ts';

/** Sealed values of one kind under one key. */
export interface Sealed {
  /** "messages.body_sealed", or "media files". */
  where: string;
  /** Key id; '': they do not look sealed at all. */
  key: string;
  n: number;
}

/** Reads the first bytes of every sealed value there is. */
export async function surveyKeys(store: Store, media: string): Promise<Sealed[]> {
  const found: Sealed[] = [];
  for (const table of SEALED_TABLES) {
    for (const column of sealedColumns(table)) {
      const head = sql`substr(${sql.ref(column)}, 1, 5)`;
      const rows = await store.read(
        statement(
          sql`select ${head} as head, count(*) as n from ${sql.table(table)} where ${sql.ref(column)} is not null group by ${head}`.compile(
            store.db,
          ),
        ),
      );
      for (const row of rows) {
        const key = row['head'] instanceof Uint8Array ? sealedBy(row['head']) : undefined;
        found.push({ where: `${table}.${column}`, key: key ?? '', n: Number(row['n']) });
      }
    }
  }
  for (const [key, n] of await keysOfFiles(media)) found.push({ where: 'media files', key, n });
  return found;
}
