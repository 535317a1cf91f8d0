import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import type { ColumnTypes } from './dialects/columns.ts';
import * as initial from './migrations/0001_initial.ts';
import * as media from './migrations/0002_media.ts';
import * as privacy from './migrations/0003_privacy.ts';
import * as accounts from './migrations/0004_accounts.ts';
import * as forms from './migrations/0005_forms.ts';
import * as library from './migrations/0006_library.ts';
import * as questions from './migrations/0007_questions.ts';
import * as staffReplies from './migrations/0008_staff_replies.ts';
import * as phrasingSources from './migrations/0009_phrasing_sources.ts';

export class SchemaError extends Error {}

/** In order, for ever: a released migration is never changed. */
const MIGRATIONS: Record<string, { up(db: Kysely<unknown>, columns: ColumnTypes): Promise<void> }> = {
  '0001_initial': initial,
  '0002_media': media,
  '0003_privacy': privacy,
  '0004_accounts': accounts,
  '0005_forms': forms,
  '0006_library': library,
  '0007_questions': questions,
  '0008_staff_replies': staffReplies,
  '0009_phrasing_sources': phrasingSources,
};

export async function runMigrations(db: Kysely<unknown>, columns: ColumnTypes): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: () =>
        Promise.resolve(
          Object.fromEntries(
            Object.entries(MIGRATIONS).map(([name, { up }]): [string, Migration] => [
              name,
              { up: (connection: Kysely<unknown>) => up(connection, columns) },
            ]),
          ),
        ),
    },
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error && /previously executed migration .* is missing/.test(error.message)) {
    throw new SchemaError(
      'This database was written by a newer version of Guichet. Start that version, or restore a backup made by this one.',
    );
  }
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('A migration failed.', { cause: error });
}
