import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { generateKey, keyIdOf } from '../lib/seal.ts';

/** A data folder that cannot be used; the message says why and what to do. */
export class FolderError extends Error {}

const stampSchema = z.object({
  desk: z.string(),
  mode: z.enum(['demo', 'live']),
  /** Id of the key that sealed what is in the folder. */
  key: z.string().optional(),
});
export type Stamp = Pick<z.infer<typeof stampSchema>, 'desk' | 'mode'>;

export interface DataFolder {
  database: string;
  /** Folder of the files people send, made when the first one comes. */
  media: string;
  /** Master keys, the one in use first (see lib/seal). */
  keys: [Buffer, ...Buffer[]];
  release(): void;
}

/**
 * Opens `data/<desk>`: checks whose it is, holds it for this process alone, and gives its encryption key, made on
 * first use. Throws `FolderError`.
 *
 * The lock is SQLite's own file lock on a file beside the database: the system releases it when the process dies,
 * however it dies.
 */
export function openDataFolder(path: string, stamp: Stamp, givenKeys: string | undefined): DataFolder {
  return open(path, stamp, givenKeys, lock);
}

/**
 * The same folder beside the process that holds it, for commands: SQLite lets several processes in. A folder that no
 * start has made yet has nothing in it. Throws `FolderError`.
 */
export function joinDataFolder(path: string, stamp: Stamp, givenKeys: string | undefined): DataFolder {
  if (!existsSync(join(path, 'guichet.db'))) {
    throw new FolderError(
      `${path} holds no data yet: start this desk once, or set GUICHET_DATA and GUICHET_DESK.`,
    );
  }
  return open(path, stamp, givenKeys, () => () => undefined);
}

function open(
  path: string,
  stamp: Stamp,
  givenKeys: string | undefined,
  hold: (path: string) => () => void,
): DataFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new FolderError(
      `The data folder ${path} cannot be made (${codeOf(error)}). Set GUICHET_DATA to a folder this user may write to.`,
    );
  }
  const release = hold(path);
  try {
    const stamped = checkStamp(path, stamp);
    const keys = givenKeys === undefined ? ([readKey(path)] as [Buffer]) : parseKeys(givenKeys);
    checkKey(path, stamp, stamped, keys);
    return {
      database: join(path, 'guichet.db'),
      media: join(path, 'media'),
      keys,
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

function lock(path: string): () => void {
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(join(path, 'guichet.lock'));
  } catch (error) {
    throw new FolderError(
      `The data folder ${path} cannot be written (${codeOf(error)}). Give this user the right to write there, or set GUICHET_DATA.`,
    );
  }
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw new FolderError(
      isSqlite(error, SQLITE_BUSY)
        ? `Another Guichet already runs on ${path}. Stop it first, or set GUICHET_DATA to another folder.`
        : `The data folder ${path} cannot be locked (${error instanceof Error ? error.message : 'error'}). Give this user the right to write there, check that the disk is not full, and if guichet.lock is damaged, remove it.`,
    );
  }
  return () => {
    db.close();
  };
}

/** Data sealed with another key could not be read, and known people would become strangers. */
function checkKey(path: string, stamp: Stamp, stamped: string | undefined, keys: Buffer[]): void {
  const ids = keys.map(keyIdOf);
  if (stamped === undefined) writeStamp(path, { ...stamp, key: ids[0] });
  else if (!ids.includes(stamped)) {
    throw new FolderError(
      `The data in ${path} is sealed with another key (${stamped}). Give that key as GUICHET_KEY, or put guichet.key back from your backup.`,
    );
  }
}

function writeStamp(path: string, stamp: Stamp & { key?: string | undefined }): void {
  writeFileSync(join(path, 'stamp.json'), `${JSON.stringify(stamp)}\n`, { mode: 0o600 });
}

function checkStamp(path: string, stamp: Stamp): string | undefined {
  const file = join(path, 'stamp.json');
  if (!existsSync(file)) {
    writeStamp(path, stamp);
    return undefined;
  }
  let found: z.infer<typeof stampSchema>;
  try {
    found = stampSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new FolderError(
      `${file} is damaged. It should read ${JSON.stringify(stamp)} if this folder is that desk's.`,
    );
  }
  if (found.desk !== stamp.desk || found.mode !== stamp.mode) {
    throw new FolderError(
      `The data folder ${path} belongs to desk "${found.desk}" in ${found.mode} mode, not to desk "${stamp.desk}" in ${stamp.mode} mode. Set GUICHET_DATA to another folder, or GUICHET_DESK to that desk.`,
    );
  }
  return found.key;
}

/** Keys as the configuration gives them: base64url, separated by commas. */
function parseKeys(given: string): [Buffer, ...Buffer[]] {
  const [first = '', ...others] = given.split(',');
  return [Buffer.from(first, 'base64url'), ...others.map((key) => Buffer.from(key, 'base64url'))];
}

function readKey(path: string): Buffer {
  const file = join(path, 'guichet.key');
  if (!existsSync(file)) {
    if (existsSync(join(path, 'guichet.db'))) {
      throw new FolderError(
        `The key ${file} is missing, and ${path} holds data sealed with it. Put it back from your backup, or give it as GUICHET_KEY.`,
      );
    }
    writeFileSync(file, `${generateKey().toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  try {
    chmodSync(file, 0o600);
  } catch {
    // A folder copied by another user: readable is enough, whose it is is theirs to mend.
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (key.length !== 32) {
    throw new FolderError(
      `${file} is damaged: a key is 64 hexadecimal digits. Put it back from your backup; without it the data cannot be read.`,
    );
  }
  return key;
}

const SQLITE_BUSY = 5;

const isSqlite = (error: unknown, ...codes: number[]): boolean =>
  error instanceof Error && 'errcode' in error && codes.includes(Number(error.errcode) & 0xff);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'error';
