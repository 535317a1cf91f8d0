import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { DEFAULT_DAYS } from '../desk/desk.ts';
import type { DeskRetention } from '../desk/desk.ts';
import { accountDesk } from './account-desk.ts';
import { conversationTables } from './conversations.ts';
import { openStore } from './open.ts';
import { purge, retentionOf } from './retention.ts';
import type { Store } from './store.ts';

const DAY = 24 * 3600_000;
const NOW = 4000 * DAY;
const days = (own: Partial<DeskRetention>) => retentionOf({ ...DEFAULT_DAYS, ...own });

async function opened(): Promise<Store> {
  const store = await openStore(join(temporaryFolder(), 'guichet.db'), () => 0);
  onTestFinished(() => store.close());
  return store;
}

/** One row of a class, so many days old. */
const ROWS: Record<
  'audit' | 'forms' | 'interactions' | 'questions',
  (store: Store, age: number) => Promise<unknown>
> = {
  audit: ({ db }, age) =>
    db
      .insertInto('account_creation_audit')
      .values({
        ...{
          at: NOW - age * DAY,
          person_id: null,
          channel: 'telegram',
          phone_index: null,
          outcome: 'refused',
        },
        ...{ reason: null, actor: 'person', processing_ms: 1 },
      })
      .execute(),
  forms: ({ db }, age) =>
    db
      .insertInto('staff_messages')
      .values({
        ...{ person_id: null, conversation_id: null, kind: 'message', form: null, place: `p${String(age)}` },
        ...{ body_sealed: Buffer.from('x'), at: NOW - age * DAY, handled_at: null },
        ...{ reply_sealed: null, reply: null, replied_by: null, replied_at: null },
      })
      .execute(),
  interactions: ({ db }, age) =>
    db
      .insertInto('interactions')
      .values({
        ...{ person_id: null, conversation_id: 'c', channel: 'telegram', action: 'a', data: null },
        ...{ response_length: 0, response_time_ms: 0, at: NOW - age * DAY },
      })
      .execute(),
  questions: ({ db }, age) =>
    db
      .insertInto('questions')
      .values({
        ...{
          id: `q${String(age)}`,
          person_id: null,
          conversation_id: null,
          session_id: null,
          channel: 'web',
        },
        ...{
          language: 'fr',
          text_sealed: Buffer.from('x'),
          outcome: 'answered',
          confidence: null,
          document: null,
        },
        ...{ voted_at: null, group_id: null, answer_id: null, reply: null, at: NOW - age * DAY },
      })
      .execute(),
};
const TABLES = {
  audit: 'account_creation_audit',
  forms: 'staff_messages',
  interactions: 'interactions',
  questions: 'questions',
} as const;

test.each(Object.keys(ROWS) as (keyof typeof ROWS)[])(
  '%s goes after the days the desk says, and not before',
  async (name) => {
    const store = await opened();
    for (const age of [39, 40, 41, 400]) await ROWS[name](store, age);
    const left = async (): Promise<number[]> => {
      const rows = await store.db.selectFrom(TABLES[name]).select('at').orderBy('at', 'desc').execute();
      return rows.map(({ at }) => (NOW - at) / DAY);
    };
    await purge(store, days({ [name]: 40, legalHold: true }), NOW);
    expect(await left()).toEqual([39, 40, 41, 400]);
    // The figures of a question stay as long as the others.
    await purge(store, days({ [name]: 40, ...(name === 'questions' ? { interactions: 40 } : {}) }), NOW);
    expect(await left()).toEqual([39, 40]);
  },
);

test('what was sent to be asked about goes with its session: its text, and its file unless a form has it', async () => {
  const store = await opened();
  const { db } = store;
  const MINUTE = 60_000;
  const tables = conversationTables(store);
  await store.commit([
    tables.insertConversation({
      ...{ id: 'c', channel: 'x', account: '1', address_index: 'c', kind: 'private', person_id: null, at: 0 },
      address_sealed: Buffer.from('x'),
    }),
  ]);
  const sent = async (id: string, minutes: number, over: { session?: number; form?: string } = {}) => {
    if (over.session !== undefined)
      await store.commit([
        tables.startSession({
          ...{ id: `s-${id}`, conversation_id: 'c', person_id: null, started_at: 0, message_count: 1 },
          ...{ last_activity_at: NOW - over.session * MINUTE, state_sealed: Buffer.from('x') },
        }),
      ]);
    await db
      .insertInto('session_documents')
      .values({ id, session_id: `s-${id}`, document_sealed: Buffer.from('x'), at: NOW - minutes * MINUTE })
      .execute();
    await db
      .insertInto('media')
      .values({
        ...{ id, conversation_id: 'c', person_id: null, kind: 'document', bytes: 1 },
        ...{ about_sealed: Buffer.from('x'), at: NOW - minutes * MINUTE, form: over.form ?? null },
      })
      .execute();
  };
  await sent('living', 90, { session: 5 });
  await sent('over', 90, { session: 31 });
  await sent('in-a-form', 90, { session: 31, form: 'f' });
  await sent('of-the-api', 119);
  await sent('of-the-api-long-ago', 121);
  await purge(store, retentionOf(DEFAULT_DAYS, 30 * MINUTE), NOW);
  const ids = async (table: 'session_documents' | 'media') =>
    (await db.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id);
  expect(await ids('session_documents')).toEqual(['living', 'of-the-api']);
  expect(await ids('media')).toEqual(['in-a-form', 'living', 'of-the-api']);
});

test('words of questions go before their figures', async () => {
  const store = await opened();
  for (const age of [20, 50]) await ROWS.questions(store, age);
  await purge(store, days({ questions: 40 }), NOW);
  const rows = await store.db.selectFrom('questions').select(['id', 'text_sealed']).orderBy('id').execute();
  expect(rows.map(({ id, text_sealed }) => [id, text_sealed === null])).toEqual([
    ['q20', false],
    ['q50', true],
  ]);
});

test('old looks at numbers go, and the chain of those that are left still verifies', async () => {
  const store = await opened();
  const desk = accountDesk(store);
  const look = (age: number): Promise<void> =>
    desk.reveal({ at: NOW - age * DAY, actor: `staff-${String(age)}`, accountId: null, reason: 'test' });
  const left = async () =>
    (await store.db.selectFrom('phone_access_log').select('actor').orderBy('id').execute()).map(
      ({ actor }) => actor,
    );
  const retention = days({ audit: 40 });
  // An old date after a young one: a clock was wrong, and the chain has no hole.
  for (const age of [50, 45, 30, 44, 10]) await look(age);
  expect(await purge(store, retention, NOW)).toBe(2);
  expect(await left()).toEqual(['staff-30', 'staff-44', 'staff-10']);
  expect(await desk.revealsAreWhole()).toBe(true);

  await store.db.deleteFrom('phone_access_log').where('actor', '=', 'staff-30').execute();
  expect(await desk.revealsAreWhole()).toBe(false);
});

test('a chain that is wholly gone goes on from its last link, over more than a batch', async () => {
  const store = await opened();
  const desk = accountDesk(store);
  for (let at = 1; at <= 501; at += 1)
    await desk.reveal({ at, actor: 'staff', accountId: null, reason: 'test' });
  expect(await purge(store, days({}), NOW)).toBe(501);
  await desk.reveal({ at: NOW, actor: 'staff', accountId: null, reason: 'test' });
  await desk.reveal({ at: NOW, actor: 'staff', accountId: null, reason: 'test' });
  expect(await desk.revealsAreWhole()).toBe(true);
  expect(await purge(store, days({}), NOW)).toBe(0);
  // The rest of the chain cannot be taken for the whole of it.
  const first = store.db.selectFrom('phone_access_log').select('id').orderBy('id').limit(1);
  await store.db.deleteFrom('phone_access_log').where('id', '=', first).execute();
  expect(await desk.revealsAreWhole()).toBe(false);
});
