import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { conversationTables } from './conversations.ts';
import { openStore } from './open.ts';
import { outboxTable } from './outbox.ts';
import { personalTables } from './personal.ts';
import { questionTables, toldBy, type NewQuestion } from './questions.ts';
import { DEFAULT_RETENTION, purge } from './retention.ts';
import { ConflictError, type Store } from './store.ts';

const bytes = new Uint8Array([1]);
const DAY = 24 * 3600_000;

async function opened() {
  const store = await openStore(join(temporaryFolder(), 'guichet.db'), () => performance.now());
  onTestFinished(() => store.close());
  const conversations = conversationTables(store);
  await store.commit(
    ['awa', 'fatou'].flatMap((id) => [
      conversations.insertPerson({ id, at: 1 }),
      conversations.insertPreferences({ person_id: id, language: 'fr', at: 1 }),
      conversations.insertConversation({
        ...{ id: `c-${id}`, channel: 'x', account: '1', address_index: `a-${id}`, address_sealed: bytes },
        ...{ kind: 'private', person_id: id, at: 1 },
      }),
    ]),
  );
  return { store, tables: questionTables(store) };
}

const asked = (id: string, over: Partial<NewQuestion> = {}): NewQuestion => ({
  ...{ id, person_id: 'awa', conversation_id: 'c-awa', session_id: 's', channel: 'x', language: 'fr' },
  ...{ text_sealed: bytes, outcome: 'abstained', confidence: 100, document: null, at: 1, ...over },
});
const rows = (store: Store) => store.db.selectFrom('questions').selectAll().orderBy('id').execute();

/** Answers the group of a question, telling its askers. */
async function answered(
  { store, tables }: Awaited<ReturnType<typeof opened>>,
  id: string,
  tell: string[],
): Promise<void> {
  await store.commit([tables.assign({ id, group_id: id, state: 'open' })]);
  await store.commit([
    tables.insertAnswer({
      id: `by-${id}`,
      group_id: id,
      title: 'T',
      body: 'B',
      entry: 'e',
      actor: 'staff:x',
      at: 2,
    }),
    ...tables.settle(id, { state: 'answered', answer: `by-${id}`, tell }),
  ]);
}

test('a turn that is played again asks nothing twice', async () => {
  const { store, tables } = await opened();
  await store.commit([tables.insert(asked('1.0')), tables.insert(asked('1.1'))]);
  await store.commit([tables.insert(asked('1.0', { outcome: 'answered' }))]);
  expect(await rows(store)).toMatchObject([
    { id: '1.0', outcome: 'abstained', vote: 0, state: 'open' },
    { id: '1.1' },
  ]);
});

describe('a vote', () => {
  test('is the asker’s alone, is news once, and may change', async () => {
    const { store, tables } = await opened();
    await store.commit([tables.insert(asked('1.0', { outcome: 'answered' }))]);
    const cast = async (person_id: string, vote: number) =>
      (await store.commit([tables.vote({ id: '1.0', person_id, vote, at: 2 })]))[0]?.rows.length;
    expect(await cast('fatou', 1)).toBe(0);
    expect(await cast('awa', 1)).toBe(1);
    expect(await cast('awa', 1)).toBe(0);
    expect(await tables.unanswered(['open'])).toEqual([]);
    expect(await cast('awa', -1)).toBe(1);
    expect(await tables.unanswered(['open'])).toMatchObject([{ id: '1.0', vote: -1 }]);
  });

  test('down on what staff answered brings the question back to them', async () => {
    const it = await opened();
    await it.store.commit([it.tables.insert(asked('1.0'))]);
    await answered(it, '1.0', ['1.0']);
    await it.store.commit([it.tables.told({ id: '1.0', reply: 'sent' })]);
    expect(await it.tables.unanswered(['open'])).toEqual([]);
    await it.store.commit([it.tables.vote({ id: '1.0', person_id: 'awa', vote: -1, at: 3 })]);
    expect(await rows(it.store)).toMatchObject([
      { state: 'open', group_id: null, answer_id: null, reply: null },
    ]);
  });
});

describe('an answer of staff', () => {
  test('waits for who asked, with what decides whether they may be written to', async () => {
    const it = await opened();
    const other = asked('2.0', { person_id: 'fatou', conversation_id: 'c-fatou', at: 5 });
    await it.store.commit([it.tables.insert(asked('1.0')), it.tables.insert(other)]);
    await answered(it, '1.0', ['1.0']);
    expect(await it.tables.waiting(['x'], 10)).toMatchObject([
      { id: '1.0', body: 'B', kind: 'private', notifications: 1, last_inbound_at: null, last_position: 0 },
    ]);
    expect(await it.tables.waiting(['y'], 10)).toEqual([]);
  });

  test('is given once, and told once', async () => {
    const it = await opened();
    await it.store.commit([it.tables.insert(asked('1.0'))]);
    await answered(it, '1.0', ['1.0']);
    await expect(
      it.store.commit(it.tables.settle('1.0', { state: 'dismissed', answer: null, tell: [] })),
    ).rejects.toBeInstanceOf(ConflictError);
    await it.store.commit([it.tables.told({ id: '1.0', reply: 'sent' })]);
    await expect(it.store.commit([it.tables.told({ id: '1.0', reply: 'sent' })])).rejects.toBeInstanceOf(
      ConflictError,
    );
    expect(await it.tables.replies(['1.0', 'x'])).toEqual(['sent']);
  });
});

test('whoever deletes their data takes their questions along, and waits for nothing any more', async () => {
  const it = await opened();
  const other = asked('2.0', { person_id: 'fatou', conversation_id: 'c-fatou' });
  await it.store.commit([it.tables.insert(asked('1.0')), it.tables.insert(other)]);
  await answered(it, '1.0', ['1.0']);
  await it.store.commit(personalTables(it.store).erase('awa', { conversation: 'c-awa' }).statements);
  expect(await rows(it.store)).toMatchObject([{ id: '2.0' }]);
  expect(await it.tables.waiting(['x'], 10)).toEqual([]);
  await expect(it.store.commit([it.tables.insert(asked('3.0'))])).rejects.toBeInstanceOf(ConflictError);
});

test('old questions keep their figures and nobody; older ones go', async () => {
  const { store, tables } = await opened();
  await store.commit([
    tables.insert(asked('a', { at: 1 })),
    tables.insert(asked('b', { at: 300 * DAY, outcome: 'answered', document: 'actes' })),
    tables.insert(asked('c', { at: 399 * DAY })),
  ]);
  await purge(store, DEFAULT_RETENTION, 400 * DAY);
  expect(await rows(store)).toMatchObject([
    {
      ...{ id: 'b', text_sealed: null, person_id: null, conversation_id: null, session_id: null },
      ...{ outcome: 'answered', document: 'actes' },
    },
    { id: 'c', person_id: 'awa', text_sealed: bytes },
  ]);
  expect((await tables.unanswered(['open'])).map(({ id }) => id)).toEqual(['c']);
});

test('an answer that did not arrive is known as such, longer than its message is kept', async () => {
  const { store, tables } = await opened();
  const outbox = outboxTable(store);
  await store.commit(['gone', 'there'].map((id) => tables.insert(asked(id, { at: 90 * DAY }))));
  await store.db.updateTable('questions').set({ reply: 'sent' }).execute();
  await store.commit(
    ['gone', 'there'].map((id) =>
      outbox.insert({
        ...{ id, channel: 'x', account: '1', destination_index: 'd', conversation_id: null, person_id: null },
        ...{ lane: 'broadcast', position: 1, payload_sealed: bytes, expires_at: 2, correlation: toldBy(id) },
        ...{ replaces: null, created_at: 1 },
      }),
    ),
  );
  const at = 90 * DAY;
  await store.commit([outbox.failed({ id: 'gone', at, error: '131047: Re-engagement message' })]);
  await store.commit([outbox.sending({ id: 'there', lease_until: at })]);
  await store.commit([outbox.sent({ id: 'there', at, platform_ref_sealed: null })]);
  expect([...(await tables.bounced(['gone', 'there']))]).toEqual([['gone', '131047: Re-engagement message']]);
  expect(await tables.bounced([])).toEqual(new Map());
  await purge(store, DEFAULT_RETENTION, at + 31 * DAY);
  expect(await store.db.selectFrom('outbox').select('id').execute()).toEqual([]);
  expect(await rows(store)).toMatchObject([
    { id: 'gone', reply: 'unreachable' },
    { id: 'there', reply: 'sent' },
  ]);
});
