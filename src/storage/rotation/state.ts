import { createDigest, indexKeyOf, sealedBy, type Digest, type Sealer } from '../../lib/seal.ts';
import { FolderError } from '../folder-error.ts';
import { statement, type Statement, type Store } from '../store.ts';

/** How far a change of key got: everything before `after` in this table, and every table before it. */
export interface Progress {
  /** Id of the new key. */
  to: string;
  table: string;
  after: string | number;
}

/** What the database itself says of its keys. */
export interface KeyState {
  /** Id of the key that seals and indexes everything; absent: no start of this version has written it yet. */
  sealedWith?: string;
  progress?: Progress;
  repeats?: Buffer;
}

const SEALED_WITH = 'sealed_with';
const PROGRESS = 'key_change';
const REPEATS = 'repeats';
const REPEATS_PLACE = 'meta|value|repeats';

export async function readKeyState({ db }: Store): Promise<KeyState> {
  const rows = await db
    .selectFrom('meta')
    .selectAll()
    .where('key', 'in', [SEALED_WITH, PROGRESS, REPEATS])
    .execute();
  const { [SEALED_WITH]: sealedWith, [PROGRESS]: progress, [REPEATS]: repeats } = valuesOf(rows);
  return {
    ...(sealedWith !== undefined && { sealedWith }),
    ...(progress !== undefined && { progress: JSON.parse(progress) as Progress }),
    ...(repeats !== undefined && { repeats: Buffer.from(repeats, 'base64url') }),
  };
}

const valuesOf = (rows: readonly { key: string; value: string }[]): Partial<Record<string, string>> =>
  Object.fromEntries(rows.map(({ key, value }) => [key, value]));

const put = ({ db }: Store, key: string, value: string): Statement =>
  statement(
    db
      .insertInto('meta')
      .values({ key, value })
      .onConflict((c) => c.column('key').doUpdateSet({ value }))
      .compile(),
  );

export const saveProgress = (store: Store, progress: Progress): Statement =>
  put(store, PROGRESS, JSON.stringify(progress));

export const ended = (store: Store, keyId: string): Statement[] => [
  put(store, SEALED_WITH, keyId),
  statement(store.db.deleteFrom('meta').where('key', '=', PROGRESS).compile()),
];

/**
 * Repeats of what was received are recognised by digests of ids that are kept nowhere, so those digests cannot be made
 * anew: the part of the first key that made them goes on making them, sealed by the key in use.
 */
export function keepRepeats(
  store: Store,
  { repeats }: KeyState,
  sealer: Sealer,
  former: Buffer,
): Statement[] {
  if (repeats && sealedBy(repeats) === sealer.keyId) return [];
  const key = repeats ? sealer.openBytes(repeats, REPEATS_PLACE) : indexKeyOf(former);
  return [put(store, REPEATS, Buffer.from(sealer.seal(key, REPEATS_PLACE)).toString('base64url'))];
}

/**
 * Refuses a database that another key seals, such as one put back from a backup, with a sentence (`FolderError`). Gives
 * the digests that recognise what was received before.
 */
export async function checkKeys(store: Store, sealer: Sealer): Promise<{ repeats: Digest }> {
  const { sealedWith, progress, repeats } = await readKeyState(store);
  if (progress) {
    throw new FolderError(
      'The key of the database is half changed. Run "guichet rotate-key" with both keys, the new one first: it goes on where it stopped.',
    );
  }
  if (sealedWith !== undefined && sealedWith !== sealer.keyId) {
    throw new FolderError(
      `The database is sealed with key ${sealedWith}, and the first of your keys is ${sealer.keyId}. Give both, ${sealer.keyId} first, and run "guichet rotate-key"; or put back the database that belongs to this folder.`,
    );
  }
  if (sealedWith === undefined) await store.commit([put(store, SEALED_WITH, sealer.keyId)]);
  return {
    repeats: repeats
      ? createDigest(sealer.openBytes(repeats, REPEATS_PLACE))
      : (scope, value) => sealer.digest(scope, value),
  };
}
