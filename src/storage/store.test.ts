import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { storeContract, inboxRow } from '../../test/contracts/store.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { generateKey } from '../lib/seal.ts';
import { migrateSqlite } from './dialects/sqlite/migrate.ts';
import { FolderError, joinDataFolder, openDataFolder } from './folder.ts';
import { inboxTable } from './inbox.ts';
import { openStore } from './open.ts';
import { outboxTable } from './outbox.ts';
import { DEFAULT_RETENTION, purge } from './retention.ts';
import { StoreUnavailableError } from './store.ts';

const monotonic = (): number => performance.now();
const open = (file = join(temporaryFolder(), 'guichet.db')) => openStore(file, monotonic);

storeContract('SQLite', () => open());

test('the writing connection syncs every commit and overwrites what it deletes', async () => {
  const store = await open();
  onTestFinished(() => store.close());
  // synchronous 2 is FULL, secure_delete 1 is ON: https://sqlite.org/pragma.html
  expect(await store.pragmas()).toEqual({
    journal_mode: 'wal',
    synchronous: 2,
    foreign_keys: 1,
    secure_delete: 1,
  });
});

test('migrating twice changes nothing; a newer database is refused', async () => {
  const file = join(temporaryFolder(), 'guichet.db');
  const schema = (): unknown => {
    const db = new DatabaseSync(file);
    const rows = db.prepare('select type, name, sql from sqlite_schema order by name').all();
    db.close();
    return rows;
  };
  await migrateSqlite(file);
  const first = schema();
  await migrateSqlite(file);
  expect(schema()).toEqual(first);

  const db = new DatabaseSync(file);
  db.exec("insert into kysely_migration (name, timestamp) values ('9999_future', '2030-01-01')");
  db.close();
  await expect(migrateSqlite(file)).rejects.toThrow(/newer version of Guichet/);
});

test('while another program holds the file, writes wait or are refused as unavailable, and work again after', async () => {
  const file = join(temporaryFolder(), 'guichet.db');
  const store = await open(file);
  onTestFinished(() => store.close());
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const inbox = inboxTable(store);
  const blocked = store.commit([inbox.insert(inboxRow())]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(store.stalledFor()).toBeGreaterThan(10);
  other.exec('ROLLBACK');
  other.close();
  await blocked;
  expect((await inbox.counts()).pending).toBe(1);
});

test('once closed, it says so', async () => {
  const store = await open();
  await store.close();
  await expect(store.commit([inboxTable(store).insert(inboxRow())])).rejects.toBeInstanceOf(
    StoreUnavailableError,
  );
});

test('after a crash, interactive calls under way are sent again once; broadcasts never', async () => {
  const store = await open();
  onTestFinished(() => store.close());
  const outbox = outboxTable(store);
  const add = (id: string, lane: 'interactive' | 'broadcast') =>
    outbox.insert({
      id,
      channel: 'telegram',
      account: '1',
      destination_index: 'd',
      conversation_id: null,
      person_id: null,
      lane,
      position: 1,
      payload_sealed: new Uint8Array([1]),
      expires_at: 10,
      correlation: 'inbox:1',
      replaces: null,
      created_at: 1,
    });
  await store.commit([add('reply', 'interactive'), add('news', 'broadcast')]);
  const leave = (id: string) => store.commit([outbox.sending({ id, lease_until: 5 })]);
  await leave('reply');
  await leave('news');

  await outbox.recover(new Map());
  expect((await outbox.pending(0, 10)).map((row) => row.id)).toEqual(['reply']);
  expect((await outbox.counts()).uncertain).toBe(1);

  await leave('reply');
  await outbox.recover(new Map());
  expect(await outbox.pending(0, 10)).toEqual([]);
  expect((await outbox.counts()).uncertain).toBe(2);
});

test('retention keeps what is young or open, whatever its class', async () => {
  const store = await open();
  onTestFinished(() => store.close());
  const inbox = inboxTable(store);
  const now = 400 * 24 * 3600_000;
  const day = 24 * 3600_000;
  await store.commit([
    inbox.insert(inboxRow({ dedup_key: 'old done', status: 'done', received_at: now - 9 * day })),
    inbox.insert(inboxRow({ dedup_key: 'young done', status: 'done', received_at: now - 7 * day })),
    inbox.insert(inboxRow({ dedup_key: 'old pending', received_at: now - 300 * day })),
    inbox.insert(inboxRow({ dedup_key: 'old dead', status: 'dead', received_at: now - 31 * day })),
    inbox.insert(inboxRow({ dedup_key: 'young dead', status: 'dead', received_at: now - 9 * day })),
  ]);
  expect(await purge(store, DEFAULT_RETENTION, now)).toBe(2);
  const left = await store.db.selectFrom('inbox').select('dedup_key').orderBy('seq').execute();
  expect(left.map((row) => row.dedup_key)).toEqual(['young done', 'old pending', 'young dead']);
});

test('a data folder belongs to one desk and mode, and to one process at a time', () => {
  const path = join(temporaryFolder(), 'css-demo');
  const stamp = { desk: 'css', mode: 'demo' } as const;
  const folder = openDataFolder(path, stamp, undefined);
  expect(() => openDataFolder(path, stamp, undefined)).toThrow(/already runs/);
  folder.release();
  expect(() => openDataFolder(path, { desk: 'css', mode: 'live' }, undefined)).toThrow(
    /in demo mode, not to desk "css" in live mode/,
  );
  const again = openDataFolder(path, stamp, undefined);
  expect(again.keys).toEqual(folder.keys);
  again.release();
  expect(statSync(join(path, 'guichet.key')).mode & 0o777).toBe(0o600);
});

test('what commands hold a folder by is its owner’s alone, whatever they run under and whoever made it', async () => {
  const path = join(temporaryFolder(), 'css');
  const stamp = { desk: 'css', mode: 'live' } as const;
  openDataFolder(path, stamp, undefined).release();
  await (await openStore(join(path, 'guichet.db'), monotonic)).close();
  const modes = () =>
    ['guichet.lock', 'commands.lock'].map((file) => statSync(join(path, file)).mode & 0o777);
  joinDataFolder(path, stamp, undefined).release();
  expect(modes()).toEqual([0o600, 0o600]);
  for (const file of ['guichet.lock', 'commands.lock']) chmodSync(join(path, file), 0o644);
  openDataFolder(path, stamp, undefined).release();
  joinDataFolder(path, stamp, undefined).release();
  expect(modes()).toEqual([0o600, 0o600]);
});

test('another key than the one that sealed the data is refused, first or alone; an older one after it is taken', () => {
  const path = join(temporaryFolder(), 'css');
  const stamp = { desk: 'css', mode: 'live' } as const;
  const [old, fresh] = [generateKey().toString('base64url'), generateKey().toString('base64url')];
  openDataFolder(path, stamp, old).release();
  expect(() => openDataFolder(path, stamp, fresh)).toThrow(/sealed with another key/);
  expect(() => openDataFolder(path, stamp, `${fresh},${old}`)).toThrow(/still sealed.*rotate-key/);
  openDataFolder(path, stamp, `${old},${fresh}`).release();
});

test('a missing key beside existing data stops the start, and is not replaced', () => {
  const path = temporaryFolder();
  writeFileSync(join(path, 'guichet.db'), '');
  expect(() => openDataFolder(path, { desk: 'css', mode: 'live' }, undefined)).toThrow(FolderError);
  expect(existsSync(join(path, 'guichet.key'))).toBe(false);
  writeFileSync(join(path, 'stamp.json'), 'not json');
  expect(() =>
    openDataFolder(path, { desk: 'css', mode: 'live' }, generateKey().toString('base64url')),
  ).toThrow(/is damaged/);
  expect(readFileSync(join(path, 'stamp.json'), 'utf8')).toBe('not json');
});
