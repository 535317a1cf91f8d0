import { DatabaseSync } from 'node:sqlite';

const BUSY_TIMEOUT_MS = 5000;

/**
 * What every connection to the database file is opened with.
 * - `synchronous=FULL`: without it a commit in WAL mode is not on disk when it returns.
 * - `secure_delete`: deleted phones and texts are overwritten, not left in free pages.
 */
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'secure_delete = ON',
  `busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'wal_autocheckpoint = 2000',
  'cache_size = -16000',
  'temp_store = MEMORY',
  'trusted_schema = OFF',
];

export function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  for (const pragma of PRAGMAS) db.exec(`PRAGMA ${pragma}`);
  return db;
}

/**
 * Moves what the log holds into the database and empties it: deleted rows are overwritten there, and the log still has the
 * pages of before. False: another program reads them now; nobody waits for it here.
 */
export function emptyLog(db: DatabaseSync): boolean {
  try {
    db.exec('PRAGMA busy_timeout = 0');
    return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
  } catch {
    return false;
  } finally {
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

export function readPragmas(db: DatabaseSync): Record<string, unknown> {
  const names = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete'];
  return Object.fromEntries(
    names.map((name) => [name, Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]]),
  );
}
