import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** What people asked and how they were answered; what staff answered later. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { table, index } = builders(db, c);
  await table('questions', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('person_id', 'text', (k) => k.references('persons.id').onDelete('cascade'))
      .addColumn('conversation_id', 'text')
      .addColumn('session_id', 'text')
      .addColumn('channel', 'text', (k) => k.notNull())
      .addColumn('language', 'text', (k) => k.notNull())
      .addColumn('text_sealed', c.bytes)
      .addColumn('outcome', 'text', (k) => k.notNull())
      .addColumn('confidence', c.count)
      .addColumn('document', 'text')
      .addColumn('vote', c.count, (k) => k.notNull().defaultTo(0))
      .addColumn('voted_at', c.time)
      .addColumn('state', 'text', (k) => k.notNull().defaultTo('open'))
      .addColumn('group_id', 'text')
      .addColumn('answer_id', 'text')
      .addColumn('reply', 'text')
      .addColumn('at', c.time, (k) => k.notNull()),
  );
  await index('questions_person', 'questions', ['person_id']);
  await index('questions_conversation', 'questions', ['conversation_id']);
  await index('questions_at', 'questions', ['at']);
  await index('questions_group', 'questions', ['group_id']);
  await index('questions_reply', 'questions', ['reply']);
  await table('question_answers', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('group_id', 'text', (k) => k.notNull())
      .addColumn('title', 'text', (k) => k.notNull())
      .addColumn('body', 'text', (k) => k.notNull())
      .addColumn('entry', 'text', (k) => k.notNull())
      .addColumn('actor', 'text', (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull()),
  );
  await table('phrasings', (t) =>
    t
      .addColumn('id', 'text', (k) => k.primaryKey())
      .addColumn('document', 'text', (k) => k.notNull())
      .addColumn('title', 'text', (k) => k.notNull())
      .addColumn('text', 'text', (k) => k.notNull())
      .addColumn('by', 'text', (k) => k.notNull())
      .addColumn('at', c.time, (k) => k.notNull()),
  );
}
