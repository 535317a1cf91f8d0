import { sql, type Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** Accounts by proven telephone number, the directory they are matched with, and what staff must be able to see. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { table, index } = builders(db, c);

  await table('user_accounts', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('person_id', 'text', (k) => k.notNull().references('persons.id').onDelete('cascade'))
      .addColumn('phone_index', 'text', (k) => k.notNull())
      .addColumn('phone_sealed', c.bytes, (k) => k.notNull())
      .addColumn('directory_index', 'text')
      .addColumn('status', 'text', (k) => k.notNull())
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('created_at', c.time, (k) => k.notNull())
      .addColumn('updated_at', c.time, (k) => k.notNull()),
  );
  await index('user_accounts_person', 'user_accounts', ['person_id']);
  // One owner per number, whoever comes at the same moment; any number may wait for staff.
  await sql`create unique index user_accounts_phone on user_accounts (phone_index) where status = 'active'`.execute(
    db,
  );
  await sql`create unique index user_accounts_active on user_accounts (person_id) where status = 'active'`.execute(
    db,
  );
  await sql`create unique index user_accounts_pending on user_accounts (person_id, phone_index) where status = 'pending'`.execute(
    db,
  );

  await table('account_creation_audit', (t) =>
    c
      .serial(t, 'id')
      .addColumn('at', c.time, (k) => k.notNull())
      .addColumn('person_id', 'text')
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('phone_index', 'text')
      .addColumn('outcome', 'text', (k) => k.notNull())
      .addColumn('reason', 'text')
      .addColumn('spent', c.flag, (k) => k.notNull().defaultTo(0))
      .addColumn('actor', 'text', (k) => k.notNull())
      .addColumn('processing_ms', c.count, (k) => k.notNull()),
  );
  await index('account_audit_phone', 'account_creation_audit', ['phone_index', 'at']);
  await index('account_audit_at', 'account_creation_audit', ['at']);

  await table('consents', (t) =>
    c
      .serial(t, 'id')
      .addColumn('person_id', 'text', (k) => k.notNull().references('persons.id').onDelete('cascade'))
      .addColumn('purpose', 'text', (k) => k.notNull())
      .addColumn('text_version', 'text', (k) => k.notNull())
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull()),
  );
  await index('consents_person', 'consents', ['person_id']);

  await table('phone_access_log', (t) =>
    c
      .serial(t, 'id')
      .addColumn('at', c.time, (k) => k.notNull())
      .addColumn('actor', 'text', (k) => k.notNull())
      .addColumn('account_id', 'text')
      .addColumn('reason', 'text', (k) => k.notNull())
      .addColumn('previous', 'text', (k) => k.notNull())
      .addColumn('hash', 'text', (k) => k.notNull()),
  );

  await index('phone_access_chain', 'phone_access_log', ['previous'], true);

  await table('directory_people', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('person_sealed', c.bytes, (k) => k.notNull())
      .addColumn('imported_at', c.time, (k) => k.notNull()),
  );
  await table('directory_phones', (t) =>
    t
      .addColumn('phone_index', 'text', (k) => k.notNull())
      .addColumn('directory_id', 'text', (k) =>
        k.notNull().references('directory_people.id').onDelete('cascade'),
      )
      .addPrimaryKeyConstraint('directory_phones_pk', ['phone_index', 'directory_id']),
  );
  await index('directory_phones_person', 'directory_phones', ['directory_id']);

  await table('staff_messages', (t) =>
    c
      .serial(t, 'id')
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('cascade'))
      .addColumn('conversation_id', 'text')
      .addColumn('kind', 'text', (k) => k.notNull())
      .addColumn('form', 'text')
      .addColumn('body_sealed', c.bytes, (k) => k.notNull())
      .addColumn('place', 'text', (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull())
      .addColumn('handled_at', c.time),
  );
  await index('staff_messages_at', 'staff_messages', ['kind', 'at']);
}
