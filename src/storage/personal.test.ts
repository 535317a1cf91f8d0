import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inboxRow } from '../../test/contracts/store.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { conversationTables } from './conversations.ts';
import { migrateSqlite } from './dialects/sqlite/migrate.ts';
import { historyTables } from './history.ts';
import { inboxTable } from './inbox.ts';
import { openStore } from './open.ts';
import { outboxTable } from './outbox.ts';
import { KEPT, personalTables, type PersonalTable } from './personal.ts';
import { DEFAULT_RETENTION, purge } from './retention.ts';
import { ConflictError, type Statement, type Store } from './store.ts';

async function opened(): Promise<Store> {
  const store = await openStore(join(temporaryFolder(), 'guichet.db'), () => performance.now());
  onTestFinished(() => store.close());
  return store;
}

const bytes = new Uint8Array([1]);

/** A person with a private conversation, a session and a message in it. */
function meet(store: Store, id: string): Statement[] {
  const conversations = conversationTables(store);
  return [
    conversations.insertPerson({ id, at: 1 }),
    conversations.insertIdentity({
      ...{ id: `i-${id}`, person_id: id, channel: 'x', account: '1', scheme: 'user', value_index: `v-${id}` },
      ...{ value_sealed: bytes, profile_sealed: bytes, is_bot: 0, at: 1 },
    }),
    conversations.insertPreferences({ person_id: id, language: 'fr', at: 1 }),
    chat(store, `c-${id}`, 'private', id),
    session(store, `s-${id}`, `c-${id}`, id),
    say(store, id, `c-${id}`),
  ];
}

const chat = (store: Store, id: string, kind: string, person: string | null): Statement =>
  conversationTables(store).insertConversation({
    ...{ id, channel: 'x', account: '1', address_index: `a-${id}`, address_sealed: bytes, kind },
    ...{ person_id: person, at: 1 },
  });

const session = (store: Store, id: string, conversation: string, person: string | null): Statement =>
  conversationTables(store).startSession({
    ...{ id, conversation_id: conversation, person_id: person, started_at: 1, last_activity_at: 1 },
    ...{ message_count: 1, state_sealed: bytes },
  });

const say = (store: Store, person: string | null, conversation: string): Statement =>
  historyTables(store).insertMessage({
    ...{ conversation_id: conversation, person_id: person, session_id: null, direction: 'in', kind: 'text' },
    ...{ body_sealed: bytes, inbox_seq: 1, part: 0, counted: 1, at: 1 },
  });

test('every table that names a person, a conversation or a session is deleted from and exported, or says why not', async () => {
  const file = join(temporaryFolder(), 'guichet.db');
  await migrateSqlite(file);
  const db = new DatabaseSync(file);
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").all();
  const naming = tables
    .map(({ name }) => String(name))
    .filter((table) =>
      db
        .prepare(`pragma table_info("${table}")`)
        .all()
        .some(({ name }) => ['person_id', 'conversation_id', 'session_id'].includes(String(name))),
    );
  db.close();
  const store = await opened();
  const handled = [...personalTables(store).tables, ...Object.keys(KEPT)];
  expect(naming.filter((table) => !handled.includes(table))).toEqual([]);
  expect(naming.length).toBeGreaterThan(8);
});

describe('erasing one person', () => {
  test('takes everything of theirs, in groups too, and nothing of anybody else', async () => {
    const store = await opened();
    const personal = personalTables(store);
    await store.commit([...meet(store, 'awa'), ...meet(store, 'fatou'), chat(store, 'g', 'group', null)]);
    await store.commit([
      say(store, 'awa', 'g'),
      say(store, 'fatou', 'g'),
      session(store, 's-g', 'g', null),
      // What a platform reports in her conversation names nobody.
      say(store, null, 'c-awa'),
    ]);
    await store.commit(personal.erase('awa', { conversation: 'c-awa' }).statements);
    const left = async (table: PersonalTable): Promise<unknown[]> =>
      store.db.selectFrom(table).selectAll().execute();
    expect(await left('persons')).toMatchObject([{ id: 'fatou' }]);
    for (const table of ['identities', 'preferences', 'sessions'] as const)
      expect(await left(table)).toMatchObject([{ person_id: 'fatou' }]);
    expect(await left('messages')).toMatchObject([{ person_id: 'fatou' }, { person_id: 'fatou' }]);
    expect(await left('conversations')).toMatchObject([{ id: 'c-fatou' }, { id: 'g' }]);
  });

  test('twice is a conflict, and so is whatever was under way', async () => {
    const store = await opened();
    const personal = personalTables(store);
    await store.commit(meet(store, 'awa'));
    await store.commit(personal.erase('awa', { conversation: 'c-awa' }).statements);
    await expect(
      store.commit(personal.erase('awa', { conversation: 'c-awa' }).statements),
    ).rejects.toBeInstanceOf(ConflictError);
    await expect(store.commit([say(store, 'awa', 'c-awa')])).rejects.toBeInstanceOf(ConflictError);
    await expect(
      store.commit([
        conversationTables(store).continueSession({
          ...{ id: 's-awa', last_activity_at: 2, message_count: 2, state_sealed: bytes },
        }),
      ]),
    ).rejects.toBeInstanceOf(ConflictError);
  });

  test('among thousands of units under way, none brings a row back', async () => {
    const store = await opened();
    const personal = personalTables(store);
    await store.commit([...meet(store, 'awa'), chat(store, 'g', 'group', null)]);
    const units = Array.from({ length: 4000 }, (_, i) =>
      i === 2000
        ? personal.erase('awa', { conversation: 'c-awa' }).statements
        : [say(store, 'awa', i % 2 === 0 ? 'g' : 'c-awa')],
    );
    const done = await Promise.allSettled(units.map((unit) => store.commit(unit)));
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(2001);
    for (const table of ['persons', 'messages', 'sessions', 'identities'] as const)
      expect(await store.db.selectFrom(table).selectAll().execute()).toEqual([]);
  });
});

test('a done row of the inbox keeps what recognises a repeat, and not whose it was', async () => {
  const store = await opened();
  const inbox = inboxTable(store);
  await store.commit([inbox.insert(inboxRow())]);
  const [row] = await inbox.pending(0, 1);
  await store.commit([inbox.finish({ seq: row?.seq ?? 0, at: 2 })]);
  const [kept] = await store.db.selectFrom('inbox').selectAll().execute();
  expect(kept).toMatchObject({
    dedup_key: '1',
    status: 'done',
    payload_sealed: null,
    conversation_key: null,
  });
});

test('a scrubbed store has an empty log, and says when it could not', async () => {
  const file = join(temporaryFolder(), 'guichet.db');
  const store = await openStore(file, () => performance.now());
  onTestFinished(() => store.close());
  await store.commit([inboxTable(store).insert(inboxRow())]);
  const reader = new DatabaseSync(file);
  reader.exec('begin');
  reader.prepare('select count(*) from inbox').get();
  await store.commit([inboxTable(store).insert(inboxRow({ dedup_key: '2' }))]);
  // Somebody still reads what the log holds.
  expect(await store.scrub()).toBe(false);
  reader.exec('rollback');
  reader.close();
  expect(await store.scrub()).toBe(true);
  const other = new DatabaseSync(file);
  expect(other.prepare('pragma wal_checkpoint').get()).toMatchObject({ log: 0 });
  other.close();
}, 20_000);

test('the words of a message whose fate is never told go all the same', async () => {
  const store = await opened();
  const outbox = outboxTable(store);
  const day = 24 * 3600_000;
  const add = (id: string, expires_at: number): Statement =>
    outbox.insert({
      ...{ id, channel: 'x', account: '1', destination_index: 'd', conversation_id: null, person_id: null },
      ...{ lane: 'interactive', position: 1, payload_sealed: bytes, expires_at, correlation: 'inbox:1' },
      ...{ replaces: null, created_at: 1 },
    });
  await store.commit([add('old', day), add('young', 2 * day)]);
  await store.commit(['old', 'young'].map((id) => outbox.sending({ id, lease_until: 2 })));
  await purge(store, DEFAULT_RETENTION, 2 * day + 1);
  expect(await store.db.selectFrom('outbox').select(['id', 'state', 'payload_sealed']).execute()).toEqual([
    { id: 'old', state: 'failed', payload_sealed: null },
    { id: 'young', state: 'sending', payload_sealed: bytes },
  ]);
});
