import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** Files people send, documents a session is answered from, and how far a message got. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { table, index } = builders(db, c);

  await table('media', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('conversation_id', 'text', (k) =>
        k.notNull().references('conversations.id').onDelete('cascade'),
      )
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('cascade'))
      .addColumn('kind', 'text', (k) => k.notNull())
      .addColumn('bytes', c.count, (k) => k.notNull())
      .addColumn('about_sealed', c.bytes, (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull()),
  );
  await index('media_at', 'media', ['at']);
  await index('media_person', 'media', ['person_id']);

  await table('session_documents', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('session_id', 'text', (k) => k.notNull())
      .addColumn('document_sealed', c.bytes, (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull()),
  );
  await index('session_documents_session', 'session_documents', ['session_id']);
  await index('session_documents_at', 'session_documents', ['at']);

  await db.schema
    .alterTable('outbox')
    .addColumn('delivery', c.count, (k) => k.notNull().defaultTo(0))
    .execute();
}
