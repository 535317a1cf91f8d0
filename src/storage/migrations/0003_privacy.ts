import { sql, type Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** Everything of one person can be found and deleted without reading the rest. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { index } = builders(db, c);
  await index('outbox_person', 'outbox', ['person_id']);
  await index('sessions_person', 'sessions', ['person_id']);
  await index('media_conversation', 'media', ['conversation_id']);
  await sql`create index inbox_dead on inbox (seq) where status = 'dead'`.execute(db);
  // What is done is kept to recognise a repeat, and no longer tells whose it was.
  await sql`update inbox set conversation_key = null where status = 'done'`.execute(db);
}
