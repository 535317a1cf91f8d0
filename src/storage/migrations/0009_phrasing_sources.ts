import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialects/columns.ts';
import { builders } from './build.ts';

/** From which questions a phrasing was taken, so that it can go with them. */
export async function up(db: Kysely<unknown>, c: ColumnTypes): Promise<void> {
  const { table, index } = builders(db, c);
  await table('phrasing_sources', (t) =>
    t
      .addColumn('phrasing_id', 'text', (k) => k.notNull().references('phrasings.id').onDelete('cascade'))
      .addColumn('question_id', 'text', (k) => k.notNull().references('questions.id').onDelete('cascade'))
      .addPrimaryKeyConstraint('phrasing_sources_key', ['phrasing_id', 'question_id']),
  );
  await index('phrasing_sources_question', 'phrasing_sources', ['question_id']);
}
