import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { DocumentFormat, DocumentVersion, Extracted, Phrasing } from '../message/library.ts';
import { replaceFile } from './replace-file.ts';
import { ConflictError, statement, type Statement, type Store } from './store.ts';

/** Documents given while the desk runs: rows, and the files themselves in the data folder, named by their SHA-256. */
export interface LibraryTables {
  /** Every version of every document, in the order of their numbers. */
  versions(): Promise<DocumentVersion[]>;
  /** False: the document has this number already. */
  insert(version: DocumentVersion): Promise<boolean>;
  settle(id: string, state: 'ready' | 'refused', reason: string | null): Promise<void>;
  /** All versions of a document; how many. */
  withdraw(document: string, how: { at: number; by: string; why: string | null }): Promise<number>;
  /** Another word whenever anything of this changed, whoever changed it. */
  revision(): Promise<string>;
  /** Other ways of asking for a passage, in the order they came. */
  phrasings(): Promise<Phrasing[]>;
  addPhrasings(phrasings: readonly Phrasing[]): Promise<void>;
  /** What this version of the reader read in a file. */
  extraction(hash: string, format: DocumentFormat, extractor: number): Promise<Extracted | undefined>;
  keepExtraction(
    hash: string,
    format: DocumentFormat,
    read: { extractor: number; content: Extracted; at: number },
  ): Promise<void>;
  /** Forgets what was read in files that are neither here nor among `hashes`, and files whose row never came. */
  sweep(hashes: ReadonlySet<string>, now: number): Promise<void>;
  /** Keeps the bytes under their hash. False: the disk has too little room left. */
  saveFile(hash: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined: there are none, or they are not those that were kept. */
  readFile(hash: string): Promise<Buffer | undefined>;
}

const REVISION = 'library_revision';
/** Room that the database keeps for itself. Bytes. */
const FREE_AT_LEAST = 200 * 1024 * 1024;
const ORPHAN_MS = 3600_000;

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
    async addPhrasings(phrasings) {
      const rows = phrasings.map((each) => statement(db.insertInto('phrasings').values(each).compile()));
      await store.commit([...rows, changed()]);
    },
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
