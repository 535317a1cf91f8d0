import { mkdir, open, readFile, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sealer } from '../lib/seal.ts';
import { mediaPlace } from './places.ts';
import { prepared } from './prepared.ts';
import type { Statement, Store } from './store.ts';

export interface NewMedia {
  id: string;
  conversation_id: string;
  person_id: string | null;
  kind: string;
  bytes: number;
  about_sealed: Uint8Array;
  at: number;
}

/** Files people sent: the bytes are sealed files of the data folder, a row says whose they are. */
export interface MediaStore {
  /** Writes the bytes. False: the disk has too little room left. Saving the same id again replaces it. */
  save(id: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined: no such file (any more). */
  read(id: string): Promise<Buffer | undefined>;
  insert(row: NewMedia): Statement;
  /** The files a session is answered from, and what was read in them. The bytes go with the next sweep. */
  forgetOf(session: string): Statement[];
  /** The bytes are gone when it resolves; no such file is no error. */
  remove(id: string): Promise<void>;
  /** Removes files whose row is gone, and those whose turn never ended. `now`: epoch ms. Returns how many went. */
  sweep(now: number): Promise<number>;
}

/** Room that the database keeps for itself. Bytes. */
const FREE_AT_LEAST = 200 * 1024 * 1024;
/** A turn ends within minutes: a file that has no row by then is nobody's. */
const ORPHAN_MS = 3600_000;
const ID = /^[\w-]{8,64}$/;

const insert = prepared<{ [K in keyof NewMedia]: NewMedia[K] }>((db, p) =>
  db
    .insertInto('media')
    .values({
      id: p.id,
      conversation_id: p.conversation_id,
      person_id: p.person_id,
      kind: p.kind,
      bytes: p.bytes,
      about_sealed: p.about_sealed,
      at: p.at,
    })
    .onConflict((c) => c.column('id').doNothing()),
);

const forgetFiles = prepared<{ session: string }>((db, p) =>
  db
    .deleteFrom('media')
    .where('id', 'in', db.selectFrom('session_documents').select('id').where('session_id', '=', p.session))
    .where('form', 'is', null),
);

const forgetWords = prepared<{ session: string }>((db, p) =>
  db.deleteFrom('session_documents').where('session_id', '=', p.session),
);

export function mediaStore(store: Store, folder: string, sealer: Sealer): MediaStore {
  const [filesOf, wordsOf] = [forgetFiles(store.db), forgetWords(store.db)];
  const fileOf = (id: string): string => {
    if (!ID.test(id)) throw new RangeError('A media id is 8 to 64 of A-Z, a-z, 0-9, - and _.');
    return join(folder, id);
  };
  return {
    insert: insert(store.db),
    forgetOf: (session) => [filesOf({ session }), wordsOf({ session })],
    async save(id, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize - bytes.length < FREE_AT_LEAST) return false;
      const file = fileOf(id);
      await writeWhole(`${file}.part`, sealer.seal(bytes, mediaPlace(id)));
      await rename(`${file}.part`, file);
      await syncFolder(folder);
      return true;
    },
    async read(id) {
      try {
        return sealer.openBytes(await readFile(fileOf(id)), mediaPlace(id));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    remove: (id) => rm(fileOf(id), { force: true }),
    async sweep(now) {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      const rows = await store.db.selectFrom('media').select('id').execute();
      const known = new Set(rows.map(({ id }) => id));
      let gone = 0;
      for (const name of names.filter((one) => !known.has(one))) {
        const file = join(folder, name);
        const written = await stat(file).catch(() => undefined);
        if (!written || Math.abs(now - written.mtimeMs) < ORPHAN_MS) continue;
        await rm(file, { force: true });
        gone++;
      }
      return gone;
    },
  };
}

/** On disk before its row is, as the row itself is. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
