import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** Documents given while the desk runs, what was read in files, and the keys of programs that may speak to us. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { table, index } = builders(db, c);

  await table('document_versions', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('document', 'text', (k) => k.notNull())
      .addColumn('number', c.count, (k) => k.notNull())
      .addColumn('state', 'text', (k) => k.notNull())
      .addColumn('reason', 'text')
      .addColumn('file', 'text', (k) => k.notNull())
      .addColumn('format', 'text', (k) => k.notNull())
      .addColumn('title', 'text')
      .addColumn('hash', 'text', (k) => k.notNull())
      .addColumn('bytes', c.count, (k) => k.notNull())
      .addColumn('effective_from', 'text')
      .addColumn('effective_to', 'text')
      .addColumn('by', 'text', (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull())
      .addColumn('why', 'text')
      .addColumn('withdrawn_at', c.time)
      .addColumn('withdrawn_by', 'text')
      .addColumn('withdrawn_why', 'text'),
  );
  // Two who replace a document at the same moment get two numbers, or one of them tries again.
  await index('document_versions_number', 'document_versions', ['document', 'number'], true);

  await table('extractions', (t) =>
    t
      .addColumn('hash', 'text', (k) => k.notNull())
      .addColumn('format', 'text', (k) => k.notNull())
      .addColumn('extractor', c.count, (k) => k.notNull())
      .addColumn('content', 'text', (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull())
      .addPrimaryKeyConstraint('extractions_pk', ['hash', 'format']),
  );

  await table('api_keys', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('name', 'text', (k) => k.notNull())
      .addColumn('hash', 'text', (k) => k.notNull())
      .addColumn('scopes', 'text', (k) => k.notNull())
      .addColumn('created_by', 'text', (k) => k.notNull())
      .addColumn('created_at', c.time, (k) => k.notNull())
      .addColumn('expires_at', c.time)
      .addColumn('last_used_at', c.time)
      .addColumn('revoked_at', c.time),
  );
}
