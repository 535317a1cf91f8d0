import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { generateKey, keyIdOf } from '../lib/seal.ts';
import { FolderError } from './folder-error.ts';
import { parseKeys, readKeys, writeKeys, type Keys } from './key-file.ts';
import { replaceFile } from './replace-file.ts';

export { FolderError };

const stampSchema = z.object({
  desk: z.string(),
  mode: z.enum(['demo', 'live']),
  /** Id of the key that sealed what is in the folder. */
  key: z.string().optional(),
  /** Id of the key that a change under way seals it with. */
  next: z.string().optional(),
});
type Stamped = z.infer<typeof stampSchema>;
export type Stamp = Pick<Stamped, 'desk' | 'mode'>;

export interface DataFolder {
  database: string;
  /** Folder of the files people send, made when the first one comes. */
  media: string;
  /** Folder of the files that answers come from, given while the desk runs. */
  documents: string;
  /** File of who asked to be forgotten (see erasures.ts). */
  erasures: string;
  /** Master keys, the one in use first (see lib/seal). */
  keys: Keys;
  release(): void;
}

/** A data folder held to change its key: `keys[0]` is the one that everything is to be sealed with. */
export interface KeyChange extends DataFolder {
  /** Id of the key that everything was sealed with. */
  from: string;
  /** The change was begun and not ended. */
  underWay: boolean;
  /** A new key was made and put first, as asked. */
  made: boolean;
  /** From now on only a change of key opens the folder. */
  begin(): void;
  /** Everything is sealed with the first key. */
  end(): void;
  /** Keeps the first key alone. False: the keys are the configuration's, not the folder's. */
  forgetOthers(): boolean;
}

/**
 * Opens `data/<desk>`: checks whose it is, holds it for this process alone, and gives its encryption key, made on
 * first use. Throws `FolderError`.
 *
 * The lock is SQLite's own file lock on a file beside the database: the system releases it when the process dies,
 * however it dies.
 */
export function openDataFolder(path: string, stamp: Stamp, givenKeys: string | undefined): DataFolder {
  return open(path, stamp, givenKeys, () => lock(path, DESK));
}

/**
 * The same folder beside the process that holds it, for commands: SQLite lets several processes in. A folder that no
 * start has made yet has nothing in it. Throws `FolderError`.
 */
export function joinDataFolder(path: string, stamp: Stamp, givenKeys: string | undefined): DataFolder {
  mustHoldData(path);
  return open(path, stamp, givenKeys, () => lock(path, COMMAND));
}

/**
 * The same folder for a change of key, beside nobody: neither the desk nor a command. `make`: a new key is put first in
 * the folder's own, unless one waits there already. Throws `FolderError`.
 */
export function openForKeyChange(
  path: string,
  stamp: Stamp,
  givenKeys: string | undefined,
  make: boolean,
): KeyChange {
  mustHoldData(path);
  const locks = [lock(path, DESK)];
  const release = (): void => {
    for (const unlock of locks.splice(0)) unlock();
  };
  try {
    locks.push(lock(path, CHANGE));
    const stamped = readStamp(path, stamp);
    let keys = givenKeys === undefined ? readKeys(path) : parseKeys(givenKeys);
    const ids = keys.map(keyIdOf);
    const from = stamped?.key ?? ids.at(-1) ?? '';
    mustHave(path, ids, from);
    const { next } = stamped ?? {};
    if (next !== undefined && next !== ids[0]) {
      throw new FolderError(
        `The data in ${path} is being changed to key ${next}: put that key first, and run "guichet rotate-key" to finish it before any other change.`,
      );
    }
    const makes = make && next === undefined && ids[0] === from;
    if (makes) {
      if (givenKeys !== undefined) {
        throw new FolderError(
          'The key is given by GUICHET_KEY: make a new one with "openssl rand -hex 32", write it first there, the one in use after a comma, and run "guichet rotate-key" without --new.',
        );
      }
      keys = [generateKey(), ...keys];
      writeKeys(path, keys);
    }
    const [first] = keys;
    const to = keyIdOf(first);
    return {
      ...placesIn(path),
      keys,
      release,
      from,
      underWay: next !== undefined,
      made: makes,
      begin: () => {
        writeStamp(path, { ...stamp, key: from, next: to });
      },
      end: () => {
        writeStamp(path, { ...stamp, key: to });
      },
      forgetOthers: () => {
        if (givenKeys === undefined) writeKeys(path, [first]);
        return givenKeys === undefined;
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function mustHoldData(path: string): void {
  if (!existsSync(join(path, 'guichet.db'))) {
    throw new FolderError(
      `${path} holds no data yet: start this desk once, or set GUICHET_DATA and GUICHET_DESK.`,
    );
  }
}

const placesIn = (path: string) => ({
  database: join(path, 'guichet.db'),
  media: join(path, 'media'),
  erasures: join(path, 'erasures'),
  documents: join(path, 'documents'),
});

function open(path: string, stamp: Stamp, givenKeys: string | undefined, hold: () => () => void): DataFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new FolderError(
      `The data folder ${path} cannot be made (${codeOf(error)}). Set GUICHET_DATA to a folder this user may write to.`,
    );
  }
  const release = hold();
  try {
    const stamped = readStamp(path, stamp);
    if (!stamped) writeStamp(path, stamp);
    const keys = givenKeys === undefined ? readKeys(path) : parseKeys(givenKeys);
    checkKey(path, stamp, stamped, keys);
    return { ...placesIn(path), keys, release };
  } catch (error) {
    release();
    throw error;
  }
}

interface Lock {
  file: string;
  /** What takes it: EXCLUSIVE is alone, a read is beside other reads. */
  take: string;
  busy(path: string): string;
}
const DESK: Lock = {
  file: 'guichet.lock',
  take: 'BEGIN EXCLUSIVE',
  busy: (path) =>
    `Another Guichet already runs on ${path}. Stop it first, or set GUICHET_DATA to another folder.`,
};
const COMMAND: Lock = {
  file: 'commands.lock',
  take: 'BEGIN; SELECT count(*) FROM sqlite_schema',
  busy: (path) => `The key of ${path} is being changed: wait until that is done.`,
};
const CHANGE: Lock = {
  file: 'commands.lock',
  take: 'BEGIN EXCLUSIVE',
  busy: (path) => `A guichet command is at work on ${path}: wait until it is done.`,
};

function lock(path: string, { file, take, busy }: Lock): () => void {
  let db: DatabaseSync;
  try {
    const whole = join(path, file);
    // One that is there is not opened here: closing it again would end the locks that this process holds on it.
    if (existsSync(whole)) chmodSync(whole, 0o600);
    else closeSync(openSync(whole, 'a', 0o600));
    db = new DatabaseSync(join(path, file));
  } catch (error) {
    throw new FolderError(
      `The data folder ${path} cannot be written (${codeOf(error)}). Give this user the right to write there, or set GUICHET_DATA.`,
    );
  }
  try {
    db.exec(`PRAGMA journal_mode = DELETE; ${take}`);
  } catch (error) {
    db.close();
    throw new FolderError(
      isSqlite(error, SQLITE_BUSY)
        ? busy(path)
        : `The data folder ${path} cannot be locked (${error instanceof Error ? error.message : 'error'}). Give this user the right to write there, check that the disk is not full, and if ${file} is damaged, remove it.`,
    );
  }
  return () => {
    db.close();
  };
}

/**
 * Data sealed with another key could not be read, and known people would become strangers: one key seals and indexes
 * everything, and it is the first.
 */
function checkKey(path: string, stamp: Stamp, stamped: Stamped | undefined, keys: Buffer[]): void {
  const ids = keys.map(keyIdOf);
  const { key, next } = stamped ?? {};
  if (key === undefined) {
    if (existsSync(join(path, 'guichet.db')))
      throw new FolderError(
        `${join(path, 'stamp.json')} does not say which key sealed the data in ${path}. Put it back from your backup, or write there ${JSON.stringify({ ...stamp, key: ids[0] })} if you are sure that it is this one.`,
      );
    writeStamp(path, { ...stamp, key: ids[0] });
    return;
  }
  mustHave(path, ids, key);
  if (next !== undefined) {
    throw new FolderError(
      `The key of ${path} is half changed, from ${key} to ${next}. Run "guichet rotate-key" with both keys, the new one first: it goes on where it stopped.`,
    );
  }
  if (ids[0] !== key) {
    throw new FolderError(
      `The data in ${path} is still sealed with key ${key}, which is not the first of your keys. Run "guichet rotate-key" to seal it with the first, or put ${key} first.`,
    );
  }
}

function mustHave(path: string, ids: readonly string[], key: string): void {
  if (ids.includes(key)) return;
  throw new FolderError(
    `The data in ${path} is sealed with another key (${key}). Give that key as GUICHET_KEY, or put guichet.key back from your backup.`,
  );
}

function writeStamp(path: string, stamp: { [K in keyof Stamped]: Stamped[K] | undefined }): void {
  replaceFile(join(path, 'stamp.json'), `${JSON.stringify(stamp)}\n`);
}

/** Undefined: there is none yet. Throws when it is another desk's. */
function readStamp(path: string, stamp: Stamp): Stamped | undefined {
  const file = join(path, 'stamp.json');
  if (!existsSync(file)) return undefined;
  let found: Stamped;
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
  return found;
}

const SQLITE_BUSY = 5;

const isSqlite = (error: unknown, ...codes: number[]): boolean =>
  error instanceof Error && 'errcode' in error && codes.includes(Number(error.errcode) & 0xff);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'error';
