import { sql, type Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** What staff wrote back to somebody who left a message, until it is in the outbox and after. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const columns = [`reply_sealed ${c.bytes}`, 'reply text', 'replied_by text', `replied_at ${c.time}`];
  for (const column of columns)
    await sql`alter table staff_messages add column ${sql.raw(column)}`.execute(db);
  await builders(db, c).index('staff_messages_reply', 'staff_messages', ['reply']);
}
