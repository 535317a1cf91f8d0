import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { NAMES } from '../../cli/rotate-key.ts';
import { createSealer, generateKey, keyIdOf } from '../../lib/seal.ts';
import { accountTables } from '../accounts.ts';
import { conversationTables } from '../conversations.ts';
import { directoryTables, phoneIndex } from '../directory.ts';
import { joinDataFolder, openDataFolder, openForKeyChange } from '../folder.ts';
import { openStore } from '../open.ts';
import { mediaPlace } from '../places.ts';
import type { Store } from '../store.ts';
import type { Names } from './indexes.ts';
import { rotateKeys, sealedByOthers, type Rotation } from './rotate.ts';
import { checkKeys } from './state.ts';

const stamp = { desk: 'css', mode: 'live' } as const;
const PHONE = '+221770000001';
const [A, B, C] = [generateKey(), generateKey(), generateKey()];
const given = (...keys: Buffer[]): string => keys.map((key) => key.toString('base64url')).join(',');

async function withStore<T>(data: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(join(data, 'guichet.db'), () => performance.now());
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** A folder sealed with key A: somebody with an account, named by a directory that is kept elsewhere. */
async function folderOf(): Promise<string> {
  const data = join(temporaryFolder(), 'data');
  const folder = openDataFolder(data, stamp, given(A));
  const sealer = createSealer(A);
  await withStore(data, async (store) => {
    await checkKeys(store, sealer);
    const conversations = conversationTables(store);
    const identity = {
      id: 'i',
      person_id: 'p',
      channel: 'telegram',
      account: '1',
      scheme: 'user',
      is_bot: 0,
    };
    await store.commit([
      conversations.insertPerson({ id: 'p', at: 1 }),
      conversations.insertIdentity({
        ...{ ...identity, at: 1 },
        value_index: NAMES.identity(sealer, identity, { scheme: 'user', value: '7001' }),
        value_sealed: sealer.seal('7001', 'identities|value|i'),
        profile_sealed: sealer.seal('{}', 'identities|profile|i'),
      }),
      accountTables(store).insert({
        ...{ id: 'a', person_id: 'p', status: 'active', channel: 'telegram', at: 1 },
        phone_index: phoneIndex(sealer, PHONE),
        phone_sealed: sealer.seal(PHONE, 'user_accounts|phone|a'),
        directory_index: NAMES.directory(sealer, PERSON)[0] ?? null,
      }),
    ]);
  });
  mkdirSync(join(data, 'media'));
  writeFileSync(join(data, 'media', 'photo-0001'), sealer.seal('image', mediaPlace('photo-0001')));
  folder.release();
  return data;
}
const PERSON = JSON.stringify({ code: 'P-1', phones: [PHONE] });

async function rotate(
  data: string,
  keys: Buffer[],
  over: Partial<Names> = {},
  leaveDamaged = false,
): Promise<Rotation> {
  const folder = openForKeyChange(data, stamp, given(...keys), false);
  try {
    return await withStore(data, (store) =>
      rotateKeys({ folder, store, names: { ...NAMES, ...over }, leaveDamaged }),
    );
  } finally {
    folder.release();
  }
}

const stampOf = (data: string): unknown => JSON.parse(readFileSync(join(data, 'stamp.json'), 'utf8'));
function edit(data: string, sql: string): void {
  const db = new DatabaseSync(join(data, 'guichet.db'));
  db.exec(sql);
  db.close();
}
const accountOf = (data: string): Record<string, unknown> | undefined => {
  const db = new DatabaseSync(join(data, 'guichet.db'), { readOnly: true });
  const row = db.prepare('select * from user_accounts').get();
  db.close();
  return row;
};

test('key after key, everything follows, and what was received before is still recognised', async () => {
  const data = await folderOf();
  const repeat = createSealer(A).digest('channel|whatsapp', 'wamid.x');
  for (const [next, last] of [
    [B, A],
    [C, B],
  ] as const) {
    expect(await rotate(data, [next, last])).toMatchObject({ changed: true, files: 1, left: [] });
    expect(stampOf(data)).toEqual({ ...stamp, key: keyIdOf(next) });
    const sealer = createSealer(next);
    const digest = await withStore(data, async (store) => (await checkKeys(store, sealer)).repeats);
    expect(digest('channel|whatsapp', 'wamid.x')).toBe(repeat);
    const account = accountOf(data);
    expect(account?.['phone_index']).toBe(phoneIndex(sealer, PHONE));
    expect(sealer.open(account?.['phone_sealed'] as Uint8Array, 'user_accounts|phone|a')).toBe(PHONE);
    const photo = readFileSync(join(data, 'media', 'photo-0001'));
    expect(sealer.open(photo, mediaPlace('photo-0001'))).toBe('image');
    expect(await rotate(data, [next, last])).toMatchObject({ changed: false });
  }
});

test('dead after its last row, it does the files and the rest, and touches no row again', async () => {
  const data = await folderOf();
  const photo = join(data, 'media', 'photo-0001');
  const old = readFileSync(photo);
  await rotate(data, [B, A]);
  const account = accountOf(data);
  writeFileSync(photo, old);
  writeFileSync(join(data, 'stamp.json'), JSON.stringify({ ...stamp, key: keyIdOf(A), next: keyIdOf(B) }));
  expect(() => openDataFolder(data, stamp, given(B, A))).toThrow(/half changed/);
  expect(await rotate(data, [B, A])).toEqual({ changed: true, rows: 0, files: 1, left: [] });
  expect(accountOf(data)).toEqual(account);
  openDataFolder(data, stamp, given(B)).release();
});

test('a directory that is kept elsewhere says who an account is; silent, it stops the change before it begins', async () => {
  const data = await folderOf();
  const before = accountOf(data);
  const silent = (): Promise<string[]> => Promise.reject(new Error('no answer'));
  await expect(rotate(data, [B, A], { elsewhere: silent })).rejects.toThrow('no answer');
  expect(stampOf(data)).toEqual({ ...stamp, key: keyIdOf(A) });
  expect(accountOf(data)).toEqual(before);
  openDataFolder(data, stamp, given(A)).release();

  const asked: string[] = [];
  const elsewhere = (phone: string): Promise<string[]> => {
    asked.push(phone);
    return Promise.resolve([PERSON]);
  };
  await rotate(data, [B, A], { elsewhere });
  expect(asked).toEqual([PHONE]);
  expect(accountOf(data)?.['directory_index']).toBe(NAMES.directory(createSealer(B), PERSON)[0]);
});

test('a number in the imported directory is found under the new key', async () => {
  const data = await folderOf();
  const put = [{ id: 'd', json: PERSON, phones: [PHONE] }];
  await withStore(data, (store) => directoryTables(store, createSealer(A)).apply({ put, remove: [], at: 1 }));
  await rotate(data, [B, A]);
  const found = await withStore(data, (store) => directoryTables(store, createSealer(B)).withPhone(PHONE));
  expect(found).toEqual([PERSON]);
  expect(accountOf(data)?.['directory_index']).toBe(NAMES.directory(createSealer(B), PERSON)[0]);
});

test('values under a key that was not given stop it before it begins', async () => {
  const data = await folderOf();
  await rotate(data, [B, A]);
  const strange = Buffer.from(createSealer(A).seal('7001', 'identities|value|i')).toString('hex');
  edit(data, `update identities set value_sealed = x'${strange}'`);
  await expect(rotate(data, [C, B])).rejects.toThrow(
    new RegExp(`identities.value_sealed: 1 under key ${keyIdOf(A)}[\\s\\S]*Add those keys`),
  );
  openDataFolder(data, stamp, given(B)).release();
  expect(await rotate(data, [C, B, A])).toMatchObject({ changed: true, left: [] });
});

test('a damaged value is told, and left as it is only when asked', async () => {
  const data = await folderOf();
  edit(data, 'update identities set profile_sealed = substr(profile_sealed, 1, 30)');
  await expect(rotate(data, [B, A])).rejects.toThrow(/damaged[\s\S]*identities.profile_sealed: 1 under key/);
  expect(() => openDataFolder(data, stamp, given(B, A))).toThrow(/half changed/);
  const left = [{ where: 'identities.profile_sealed', key: keyIdOf(A), n: 1 }];
  expect(await rotate(data, [B, A], {}, true)).toMatchObject({ changed: true, left });
  openDataFolder(data, stamp, given(B)).release();
  const folder = openForKeyChange(data, stamp, given(B, A), false);
  onTestFinished(folder.release);
  expect(await withStore(data, (store) => sealedByOthers(store, folder))).toEqual(left);
});

test('a database put back from before is refused, and follows by another change', async () => {
  const data = await folderOf();
  const before = readFileSync(join(data, 'guichet.db'));
  await rotate(data, [B, A]);
  writeFileSync(join(data, 'guichet.db'), before);
  await withStore(data, (store) => expect(checkKeys(store, createSealer(B))).rejects.toThrow(/rotate-key/));
  expect(await rotate(data, [B, A])).toMatchObject({ changed: true, left: [] });
  await withStore(data, (store) => checkKeys(store, createSealer(B)));
  expect(accountOf(data)?.['phone_index']).toBe(phoneIndex(createSealer(B), PHONE));
});

test('the key is changed beside nobody, and nobody comes in meanwhile', async () => {
  const data = await folderOf();
  const change = () => openForKeyChange(data, stamp, given(B, A), false);
  const desk = openDataFolder(data, stamp, given(A));
  expect(change).toThrow(/already runs/);
  desk.release();
  const commands = [joinDataFolder(data, stamp, given(A)), joinDataFolder(data, stamp, given(A))];
  expect(change).toThrow(/command is at work/);
  for (const { release } of commands) release();
  const folder = change();
  expect(() => openDataFolder(data, stamp, given(A))).toThrow(/already runs/);
  expect(() => joinDataFolder(data, stamp, given(A))).toThrow(/being changed/);
  folder.begin();
  folder.release();
  for (const keys of [given(A), given(B), given(B, A), given(A, B)])
    expect(() => openDataFolder(data, stamp, keys)).toThrow(/half changed|another key/);
  expect(() => openForKeyChange(data, stamp, given(C, A, B), false)).toThrow(/put that key first/);
  expect(() => openForKeyChange(data, stamp, given(B), false)).toThrow(/another key/);
  expect(() => openForKeyChange(data, stamp, given(A), true)).toThrow(/put that key first/);
});

test('a new key is made only where the keys are kept', async () => {
  const data = await folderOf();
  expect(() => openForKeyChange(data, stamp, given(A), true)).toThrow(/openssl rand -hex 32/);
  writeFileSync(join(data, 'guichet.key'), `${A.toString('hex')}\n`);
  const folder = openForKeyChange(data, stamp, undefined, true);
  expect(folder.made).toBe(true);
  expect(folder.keys[1]).toEqual(A);
  folder.release();
  // Made and not begun: the same one is taken up, and the desk says what is missing.
  expect(() => openDataFolder(data, stamp, undefined)).toThrow(/still sealed.*rotate-key/);
  const again = openForKeyChange(data, stamp, undefined, true);
  expect([again.made, again.keys[0]]).toEqual([false, folder.keys[0]]);
  expect(again.forgetOthers()).toBe(true);
  again.release();
  expect(readFileSync(join(data, 'guichet.key'), 'utf8')).toBe(`${folder.keys[0].toString('hex')}\n`);
});
