import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { DocumentVersion, Extracted, LibraryRecords, Phrasing } from '../message/library.ts';
import { replaceFile } from './replace-file.ts';
import { ConflictError, statement, type Statement, type Store } from './store.ts';

export const REVISION = 'library_revision';
/** Room that the database keeps for itself. Bytes. */
const FREE_AT_LEAST = 200 * 1024 * 1024;
const ORPHAN_MS = 3600_000;

/** What the library keeps, and what goes into one commit with other rows. */
export interface LibraryTables extends LibraryRecords {
  /** Adds phrasings, and says from which questions each was taken: staff's own have none. */
  phrasingStatements(phrasings: readonly (Phrasing & { questions: readonly string[] })[]): Statement[];
}

/** Rows, and the files themselves in `folder`, named by their SHA-256. */
export function libraryTables(store: Store, folder: string): LibraryTables {
  const { db } = store;
  const fileOf = (hash: string): string => {
    if (!/^[\da-f]{64}$/.test(hash)) throw new RangeError('A document file is named by its SHA-256.');
    return join(folder, hash);
  };
  const changed = (): Statement => {
    const value = randomUUID();
    return statement(
      db
        .insertInto('meta')
        .values({ key: REVISION, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .compile(),
    );
  };
  return {
    versions: () =>
      db
        .selectFrom('document_versions')
        .selectAll()
        .orderBy('document')
        .orderBy('number')
        .execute() as Promise<DocumentVersion[]>,
    async insert(version) {
      try {
        await store.commit([
          statement(db.insertInto('document_versions').values(version).compile()),
          changed(),
        ]);
        return true;
      } catch (error) {
        if (error instanceof ConflictError) return false;
        throw error;
      }
    },
    async settle(id, state, reason) {
      const update = db.updateTable('document_versions').set({ state, reason }).where('id', '=', id);
      await store.commit([statement(update.compile()), changed()]);
    },
    async withdraw(document, { at, by, why }) {
      const update = db
        .updateTable('document_versions')
        .set({ withdrawn_at: at, withdrawn_by: by, withdrawn_why: why })
        .where('document', '=', document)
        .where('withdrawn_at', 'is', null);
      const [result] = await store.commit([statement(update.compile()), changed()]);
      return result?.changes ?? 0;
    },
    async revision() {
      const row = await db.selectFrom('meta').select('value').where('key', '=', REVISION).executeTakeFirst();
      return row?.value ?? '';
    },
    phrasings: () => db.selectFrom('phrasings').selectAll().orderBy('at').orderBy('id').execute(),
    phrasingStatements: (phrasings) => [
      ...phrasings.flatMap(({ questions, ...row }) => [
        statement(db.insertInto('phrasings').values(row).compile()),
        // A question that went meanwhile is the source of nothing.
        ...questions.map((id) =>
          statement(
            db
              .insertInto('phrasing_sources')
              .columns(['phrasing_id', 'question_id'])
              .expression(
                db
                  .selectFrom('questions')
                  .select([sql.val(row.id).as('phrasing_id'), 'id as question_id'])
                  .where('id', '=', id),
              )
              .compile(),
          ),
        ),
      ]),
      ...(phrasings.length === 0 ? [] : [changed()]),
    ],
    async extraction(hash, format, extractor) {
      const row = await db
        .selectFrom('extractions')
        .select('content')
        .where('hash', '=', hash)
        .where('format', '=', format)
        .where('extractor', '=', extractor)
        .executeTakeFirst();
      return row && (JSON.parse(row.content) as Extracted);
    },
    async keepExtraction(hash, format, { extractor, content, at }) {
      const values = { extractor, content: JSON.stringify(content), at };
      await db
        .insertInto('extractions')
        .values({ hash, format, ...values })
        .onConflict((c) => c.columns(['hash', 'format']).doUpdateSet(values))
        .execute();
    },
    async sweep(hashes, now) {
      const rows = await db.selectFrom('document_versions').select('hash').distinct().execute();
      const known = new Set(rows.map(({ hash }) => hash));
      const read = await db.selectFrom('extractions').select('hash').distinct().execute();
      const gone = read.map(({ hash }) => hash).filter((hash) => !known.has(hash) && !hashes.has(hash));
      for (const hash of gone)
        await sql`delete from extractions where hash = ${hash} and at < ${now - ORPHAN_MS}`.execute(db);
      for (const name of await readdir(folder).catch(() => [])) {
        if (known.has(name)) continue;
        const file = join(folder, name);
        const written = await stat(file).catch(() => undefined);
        if (written && Math.abs(now - written.mtimeMs) >= ORPHAN_MS) await rm(file, { force: true });
      }
    },
    async saveFile(hash, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize - bytes.length < FREE_AT_LEAST) return false;
      // The same bytes twice are one file; rewriting it mends one that a disk has damaged.
      replaceFile(fileOf(hash), bytes);
      return true;
    },
    async readFile(hash) {
      const bytes = await readFile(fileOf(hash)).catch(() => undefined);
      return bytes && createHash('sha256').update(bytes).digest('hex') === hash ? bytes : undefined;
    },
  };
}
