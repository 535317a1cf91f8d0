import { sql, type Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** The house's first tables. `c` names the column types of the dialect. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { table, index } = builders(db, c);

  await table('meta', (t) =>
    t.addColumn('key', 'text', (k) => k.primaryKey()).addColumn('value', 'text', (k) => k.notNull()),
  );

  await table('persons', (t) =>
    t.addColumn('id', 'text', (k) => k.primaryKey()).addColumn('created_at', c.time, (k) => k.notNull()),
  );

  await table('identities', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('person_id', 'text', (k) => k.notNull().references('persons.id').onDelete('cascade'))
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('account', 'text', (k) => k.notNull())
      .addColumn('scheme', 'text', (k) => k.notNull())
      .addColumn('value_index', 'text', (k) => k.notNull())
      .addColumn('value_sealed', c.bytes, (k) => k.notNull())
      .addColumn('profile_sealed', c.bytes, (k) => k.notNull())
      .addColumn('is_bot', c.flag, (k) => k.notNull().defaultTo(0))
      .addColumn('created_at', c.time, (k) => k.notNull())
      .addColumn('updated_at', c.time, (k) => k.notNull()),
  );
  await index('identities_value', 'identities', ['value_index'], true);
  await index('identities_person', 'identities', ['person_id']);

  await table('preferences', (t) =>
    t
      .addColumn('person_id', 'text', (k) => k.primaryKey().references('persons.id').onDelete('cascade'))
      .addColumn('language', 'text', (k) => k.notNull())
      .addColumn('notifications', c.flag, (k) => k.notNull().defaultTo(1))
      .addColumn('theme', 'text', (k) => k.notNull().defaultTo('system'))
      .addColumn('updated_at', c.time, (k) => k.notNull()),
  );

  await table('conversations', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('account', 'text', (k) => k.notNull())
      .addColumn('address_index', 'text', (k) => k.notNull())
      .addColumn('address_sealed', c.bytes, (k) => k.notNull())
      .addColumn('kind', 'text', (k) => k.notNull())
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('set null'))
      .addColumn('mode', 'text', (k) => k.notNull().defaultTo('bot'))
      .addColumn('assignee', 'text')
      .addColumn('last_inbound_at', c.time)
      .addColumn('unreachable_at', c.time)
      .addColumn('last_position', c.count, (k) => k.notNull().defaultTo(0))
      .addColumn('lease_owner', 'text')
      .addColumn('lease_until', c.time)
      .addColumn('fence', c.count, (k) => k.notNull().defaultTo(0))
      .addColumn('created_at', c.time, (k) => k.notNull()),
  );
  await index('conversations_address', 'conversations', ['address_index'], true);
  await index('conversations_person', 'conversations', ['person_id']);

  await table('sessions', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('conversation_id', 'text', (k) =>
        k.notNull().references('conversations.id').onDelete('cascade'),
      )
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('cascade'))
      .addColumn('started_at', c.time, (k) => k.notNull())
      .addColumn('last_activity_at', c.time, (k) => k.notNull())
      .addColumn('message_count', c.count, (k) => k.notNull())
      .addColumn('state_sealed', c.bytes, (k) => k.notNull()),
  );
  await index('sessions_conversation', 'sessions', ['conversation_id', 'started_at']);

  await table('messages', (t) =>
    c
      .serial(t, 'id')
      .addColumn('conversation_id', 'text', (k) =>
        k.notNull().references('conversations.id').onDelete('cascade'),
      )
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('cascade'))
      .addColumn('session_id', 'text')
      .addColumn('direction', 'text', (k) => k.notNull())
      .addColumn('kind', 'text', (k) => k.notNull())
      .addColumn('body_sealed', c.bytes, (k) => k.notNull())
      .addColumn('inbox_seq', c.count, (k) => k.notNull())
      .addColumn('part', c.count, (k) => k.notNull())
      .addColumn('counted', c.flag, (k) => k.notNull().defaultTo(0))
      .addColumn('at', c.time, (k) => k.notNull()),
  );
  await index('messages_conversation', 'messages', ['conversation_id', 'at']);
  await index('messages_person', 'messages', ['person_id', 'at']);
  await index('messages_at', 'messages', ['at']);

  await table('interactions', (t) =>
    c
      .serial(t, 'id')
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('cascade'))
      .addColumn('conversation_id', 'text', (k) => k.notNull())
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('action', 'text', (k) => k.notNull())
      .addColumn('data', 'text')
      .addColumn('response_length', c.count, (k) => k.notNull())
      .addColumn('response_time_ms', c.count, (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull()),
  );
  await index('interactions_person', 'interactions', ['person_id']);
  await index('interactions_at', 'interactions', ['at']);

  await table('inbox', (t) =>
    c
      .serial(t, 'seq')
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('account', 'text', (k) => k.notNull())
      .addColumn('dedup_key', 'text', (k) => k.notNull())
      .addColumn('conversation_key', 'text')
      .addColumn('source', 'text', (k) => k.notNull())
      .addColumn('kind', 'text', (k) => k.notNull())
      .addColumn('payload_sealed', c.bytes)
      .addColumn('status', 'text', (k) => k.notNull())
      .addColumn('attempts', c.count, (k) => k.notNull().defaultTo(0))
      .addColumn('not_before', c.time, (k) => k.notNull().defaultTo(0))
      .addColumn('error', 'text')
      .addColumn('received_at', c.time, (k) => k.notNull())
      .addColumn('finished_at', c.time),
  );
  await index('inbox_dedup', 'inbox', ['channel', 'account', 'dedup_key'], true);
  // Partial: only what waits is looked for by status, and it is little among millions.
  await db.schema
    .createIndex('inbox_pending')
    .on('inbox')
    .columns(['seq'])
    .where(sql.ref('status'), '=', sql.lit('pending'))
    .execute();
  await index('inbox_received', 'inbox', ['received_at']);

  await table('outbox', (t) =>
    c
      .serial(t, 'seq')
      .addColumn('id', 'text', (k) => k.notNull())
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('account', 'text', (k) => k.notNull())
      .addColumn('destination_index', 'text', (k) => k.notNull())
      .addColumn('conversation_id', 'text', (k) => k.references('conversations.id').onDelete('cascade'))
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('cascade'))
      .addColumn('lane', 'text', (k) => k.notNull())
      .addColumn('position', c.count, (k) => k.notNull())
      .addColumn('payload_sealed', c.bytes)
      .addColumn('state', 'text', (k) => k.notNull())
      .addColumn('attempt', c.count, (k) => k.notNull().defaultTo(0))
      .addColumn('lease_until', c.time)
      .addColumn('fence', c.count, (k) => k.notNull().defaultTo(0))
      .addColumn('not_before', c.time, (k) => k.notNull().defaultTo(0))
      .addColumn('expires_at', c.time, (k) => k.notNull())
      .addColumn('correlation', 'text', (k) => k.notNull())
      .addColumn('replaces', 'text')
      .addColumn('resent', c.flag, (k) => k.notNull().defaultTo(0))
      .addColumn('platform_ref_sealed', c.bytes)
      .addColumn('error', 'text')
      .addColumn('created_at', c.time, (k) => k.notNull())
      .addColumn('finished_at', c.time),
  );
  await index('outbox_id', 'outbox', ['id'], true);
  await db.schema
    .createIndex('outbox_pending')
    .on('outbox')
    .columns(['seq'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute();
  await sql`create index outbox_unsettled on outbox (seq) where state in ('sending', 'uncertain')`.execute(
    db,
  );
  await index('outbox_conversation', 'outbox', ['conversation_id', 'position']);
  await index('outbox_finished', 'outbox', ['finished_at']);
}
