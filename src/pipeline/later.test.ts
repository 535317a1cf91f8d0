import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { smallDesk } from '../../test/support/small-desk.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import type { Channel } from '../channels/channel.ts';
import { loadDesk } from '../desk/load.ts';
import { createSealer, generateKey } from '../lib/seal.ts';
import { conversationTables } from '../storage/conversations.ts';
import { historyTables } from '../storage/history.ts';
import { openStore } from '../storage/open.ts';
import { outboxTable } from '../storage/outbox.ts';
import { placeOf } from '../storage/places.ts';
import { questionTables } from '../storage/questions.ts';
import { staffInbox } from '../storage/staff-inbox.ts';
import { StoreUnavailableError } from '../storage/store.ts';
import { createLateAnswers } from './late-answers.ts';
import { createLater, runAll } from './later.ts';
import type { OutboxJob } from './replies.ts';
import { questionPlace } from './questions.ts';
import { createStaffReplies } from './staff-replies.ts';

const ACCOUNT = 'bot-1';

/** A desk whose staff have answered what people asked. */
async function started() {
  const store = await openStore(join(temporaryFolder(), 'guichet.db'), () => performance.now());
  onTestFinished(() => store.close());
  const sealer = createSealer(generateKey());
  const channel = {
    ...{ name: 'telegram', title: 'Telegram', account: ACCOUNT },
    capabilities: {},
    render: ({ body }: { body: unknown }) => [body],
  } as unknown as Channel;
  const logged: Record<string, unknown>[] = [];
  const log = (event: string, fields = {}) => void logged.push({ event, ...fields });
  let ids = 0;
  const [conversations, history] = [conversationTables(store), historyTables(store)];
  const [questions, staff] = [questionTables(store), staffInbox(store)];
  const runtime = {
    ...{ store, sealer, questions, staff, conversations, history, outbox: outboxTable(store) },
    channels: new Map([['telegram', channel]]),
    clock: { now: () => 1000, monotonic: () => 1000 },
    newId: () => `row-${String((ids += 1))}`,
    desk: loadDesk(smallDesk()),
    log: { info: log, warn: log, error: log },
    metrics: { timed: () => undefined, counted: () => undefined },
  };
  const sent: OutboxJob[] = [];
  const later = createLater(runtime, (jobs) => void sent.push(...jobs));

  /** Somebody in a conversation of theirs. */
  async function meet(id: string, { account = ACCOUNT, kind = 'private' } = {}): Promise<void> {
    const address = { channel: 'telegram', account, chat: id, kind };
    const at = `conversations|address|c-${id}`;
    await store.commit([
      conversations.insertPerson({ id, at: 1 }),
      conversations.insertPreferences({ person_id: id, language: 'fr', at: 1 }),
      conversations.insertConversation({
        ...{ id: `c-${id}`, channel: 'telegram', account, address_index: `a-${id}`, kind, at: 1 },
        ...{ address_sealed: sealer.seal(JSON.stringify(address), at) },
        person_id: kind === 'private' ? id : null,
      }),
    ]);
  }
  /** A question of theirs that staff have answered. */
  async function asked(id: string, person: string, text: Uint8Array | string): Promise<void> {
    await store.commit([
      questions.insert({
        ...{ id, person_id: person, conversation_id: `c-${person}`, session_id: null, channel: 'telegram' },
        ...{ language: 'fr', outcome: 'abstained', confidence: null, document: null, at: 1 },
        text_sealed: typeof text === 'string' ? sealer.seal(text, questionPlace(id)) : text,
      }),
      questions.assign({ id, group_id: id, state: 'open' }),
    ]);
    const row = { title: 'T', body: 'Voilà.', entry: 'e', actor: 'staff:x', at: 2 };
    await store.commit([
      questions.insertAnswer({ ...row, id: `by-${id}`, group_id: id }),
      ...questions.settle(id, { state: 'answered', answer: `by-${id}`, tell: [id] }),
    ]);
  }
  return {
    ...{ store, sealer, history, staff, meet, asked, logged, sent, later },
    late: createLateAnswers(runtime, later),
    replies: createStaffReplies(runtime, later),
    states: async () =>
      Object.fromEntries(
        (await store.db.selectFrom('questions').select(['id', 'reply']).execute()).map((row) => [
          row.id,
          row.reply,
        ]),
      ),
  };
}

const UNREADABLE = new Uint8Array([1, 2, 3]);

describe('a row that cannot be told', () => {
  test('holds up no other, and makes room after three tries', async () => {
    const it = await started();
    for (let i = 0; i < 60; i++) await it.meet(`p${String(i)}`);
    // More than are taken up at once stand before the one that can be told.
    for (let i = 0; i < 59; i++) await it.asked(`${i.toString(36)}.0`, `p${String(i)}`, UNREADABLE);
    await it.asked('zz.0', 'p59', 'Mon chien ?');
    for (let i = 0; i < 3; i++) await it.late.run();
    expect(it.sent).toHaveLength(0);
    await it.late.run();
    expect(it.sent).toHaveLength(1);
    expect(await it.states()).toMatchObject({ '0.0': 'failed', 'zz.0': 'sent' });
    expect(it.logged.find(({ event }) => event === 'not_told')).toMatchObject({
      ...{ errand: 'late_answer', row: '0.0', attempt: 1 },
    });
  }, 30_000);

  test('one among others', async () => {
    const it = await started();
    for (const [at, person] of ['awa', 'fatou', 'marie'].entries()) {
      await it.meet(person);
      await it.asked(`${String(at)}.0`, person, at === 0 ? UNREADABLE : 'Mon chien ?');
    }
    await it.late.run();
    expect(await it.states()).toEqual({ '0.0': 'wanted', '1.0': 'sent', '2.0': 'sent' });
  });

  test('nor is a reply of staff, which may be written again', async () => {
    const it = await started();
    for (const person of ['awa', 'fatou']) {
      await it.meet(person);
      await it.store.commit([
        it.history.insertStaffMessage({
          ...{ person_id: person, conversation_id: `c-${person}`, kind: 'message', form: null, at: 1 },
          ...{ body_sealed: UNREADABLE, place: `staff_messages|body|1|${person}` },
        }),
      ]);
    }
    const seal = (id: number) =>
      it.sealer.seal('{"text":"Oui."}', placeOf('staff_messages', 'reply_sealed')({ id }));
    const write = async (id: number, reply_sealed: Uint8Array) => {
      await it.store.commit([it.staff.reply(id, { reply_sealed, replied_by: 'staff:x', at: 2 })]);
    };
    await write(1, UNREADABLE);
    await write(2, seal(2));
    for (let i = 0; i < 3; i++) await it.replies.run();
    expect(await it.staff.list({ kinds: ['message'], handled: true })).toMatchObject([
      { reply: 'failed', handled_at: null },
      { reply: 'sent' },
    ]);
    await write(1, seal(1));
    await it.replies.run();
    expect(it.sent).toHaveLength(2);
  });
});

test('a store that is down settles nothing', async () => {
  const it = await started();
  const failed = () => {
    throw new Error('It must wait.');
  };
  const waiting = () => Promise.resolve([{ id: 1, channel: 'telegram' } as never]);
  const tell = () => Promise.reject(new StoreUnavailableError('full'));
  for (let i = 0; i < 4; i++)
    await expect(it.later.each({ name: 'x', waiting, tell, failed })).rejects.toThrow('full');
});

test('each errand is run on its own', async () => {
  const ran: string[] = [];
  const errands = ['a', 'b'].map((name) => ({
    run() {
      ran.push(name);
      return name === 'a' ? Promise.reject(new Error('a fails')) : Promise.resolve();
    },
  }));
  await expect(runAll(errands)).rejects.toThrow('a fails');
  expect(ran).toEqual(['a', 'b']);
});

test.each([
  [{}, 'sent'],
  [{ account: 'the bot before' }, 'gone'],
  [{ kind: 'group' }, 'in_group'],
  [{ kind: 'group', account: 'the bot before' }, 'in_group'],
])('an answer for who asked at %j is %s', async (where, reply) => {
  const it = await started();
  await it.meet('awa', where);
  await it.asked('1.0', 'awa', 'Mon chien ?');
  await it.late.run();
  expect(await it.states()).toEqual({ '1.0': reply });
  expect(it.sent).toHaveLength(reply === 'sent' ? 1 : 0);
});
