import { sql, type Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** Forms that people began and did not send; files that came with one that was sent. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { table, index } = builders(db, c);
  await table('form_drafts', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('person_id', 'text', (k) => k.notNull().references('persons.id').onDelete('cascade'))
      .addColumn('drafts_sealed', c.bytes, (k) => k.notNull())
      .addColumn('version', c.count, (k) => k.notNull())
      .addColumn('changed_at', c.time, (k) => k.notNull()),
  );
  await index('form_drafts_person', 'form_drafts', ['person_id'], true);
  await sql`alter table media add column form text`.execute(db);
}
