import { expect, test } from 'vitest';
import { botSaid, push, somebody, startProduct, textUpdate } from '../support/product.ts';
import { smallDesk } from '../support/small-desk.ts';

const FAST = { perSecond: 1000, perChatPerSecond: 1000, perGroupPerMinute: 1000 };

test('the same update twenty times at once has one effect and twenty acknowledgements', async () => {
  const { simulator, guichet, url } = await startProduct({ desk: smallDesk() });
  const awa = somebody();
  simulator.phone.text(awa, '/menu');
  await botSaid(simulator, awa, 1);
  const body = JSON.stringify(textUpdate(awa, '/contact'));
  const answers = await Promise.all(Array.from({ length: 20 }, () => push(url, body)));
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(awa.id)).toHaveLength(2);
  const effects = await guichet.store.db
    .selectFrom('interactions')
    .select('id')
    .where('data', '=', 'contact')
    .execute();
  expect(effects).toHaveLength(1);
});

test('an update number lower than the last is another update, not an old one', async () => {
  const { simulator, guichet, url } = await startProduct({ desk: smallDesk() });
  const awa = somebody();
  simulator.phone.text(awa, '/menu');
  await botSaid(simulator, awa, 1);
  await push(url, JSON.stringify({ ...textUpdate(awa, '/menu'), update_id: 7 }));
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(awa.id)).toHaveLength(2);
});

test('every update delivered three times: every reply once', async () => {
  const { simulator, guichet } = await startProduct({ desk: smallDesk(), overrides: { rate: FAST } });
  simulator.faults.set({ duplicateUpdates: 3 });
  const crowd = Array.from({ length: 10 }, () => somebody());
  for (const person of crowd)
    for (const text of ['/menu', '/contact', '/aide']) simulator.phone.text(person, text);
  await simulator.waitFor(() => simulator.state.pendingUpdates().length === 0, 15_000);
  await guichet.pipeline.idle();
  for (const person of crowd) {
    const said = simulator.state.botMessages(person.id).map((message) => message.text.split('\n')[0]);
    expect(said).toEqual(['📋 Menu', '📞 Médiathèque Exemple', '🆘 Aide - Comment utiliser ce service']);
  }
});

test('a chat that is told to wait keeps its order and delays nobody else', async () => {
  const { simulator, guichet } = await startProduct({ desk: smallDesk(), overrides: { rate: FAST } });
  const [slow, quick] = [somebody(), somebody()];
  simulator.faults.set({
    tooManyRequests: [{ method: 'sendMessage', chat: slow.id, times: 1, retryAfter: 1 }],
  });
  simulator.phone.text(slow, '/menu');
  simulator.phone.text(slow, '/contact');
  simulator.phone.text(quick, '/menu');
  await botSaid(simulator, quick, 1);
  expect(simulator.state.botMessages(slow.id)).toHaveLength(0);
  await botSaid(simulator, slow, 2);
  await guichet.pipeline.idle();
  const said = simulator.state.botMessages(slow.id).map((message) => message.text.split('\n')[0]);
  expect(said).toEqual(['📋 Menu', '📞 Médiathèque Exemple']);
  expect(simulator.state.calls.filter((call) => call.early)).toEqual([]);
});

test('a call whose answer was lost is repeated; one that was refused for its markup goes as plain text', async () => {
  const { simulator, guichet } = await startProduct({ desk: smallDesk(), overrides: { rate: FAST } });
  const [lost, refused] = [somebody(), somebody()];
  simulator.faults.set({
    dropCalls: [{ method: 'sendMessage', chat: lost.id, times: 1, mode: 'reset' }],
    errors: [
      {
        method: 'sendMessage',
        chat: refused.id,
        times: 1,
        code: 400,
        description: "Bad Request: can't parse entities: Unsupported start tag",
      },
    ],
  });
  simulator.phone.text(lost, '/menu');
  simulator.phone.text(refused, '/menu');
  await botSaid(simulator, lost, 1, 15_000);
  const plain = await botSaid(simulator, refused, 1);
  expect(plain.text).toContain('📋 Menu');
  expect(plain.entities).toEqual([]);
  await guichet.pipeline.idle();
});

test('a call whose answer is always lost is not repeated for ever, and holds up nobody', async () => {
  const { simulator, guichet } = await startProduct({ desk: smallDesk(), overrides: { rate: FAST } });
  const [lost, other] = [somebody(), somebody()];
  simulator.faults.set({ dropCalls: [{ method: 'sendMessage', chat: lost.id, mode: 'reset' }] });
  simulator.phone.text(lost, '/menu');
  const tries = () => simulator.state.calls.filter(({ method }) => method === 'sendMessage').length;
  await expect.poll(tries, { timeout: 10_000 }).toBe(3);
  simulator.phone.text(other, '/menu');
  await botSaid(simulator, other, 1);
  await expect
    .poll(
      async () => {
        const rows = await guichet.store.db.selectFrom('outbox').select('state').orderBy('seq').execute();
        return rows.map(({ state }) => state);
      },
      { timeout: 30_000 },
    )
    .toEqual(['failed', 'sent']);
  expect(tries()).toBe(5);
}, 60_000);

test('who blocked the bot gets nothing more and holds up nobody; back again, they are answered', async () => {
  const { simulator, guichet } = await startProduct({ desk: smallDesk(), overrides: { rate: FAST } });
  const awa = somebody();
  simulator.phone.text(awa, '/menu');
  await botSaid(simulator, awa, 1);
  simulator.phone.block(awa);
  await simulator.waitFor(() => simulator.state.pendingUpdates().length === 0);
  await guichet.pipeline.idle();
  const find = () =>
    guichet.store.db.selectFrom('conversations').select('unreachable_at').executeTakeFirstOrThrow();
  expect((await find()).unreachable_at).not.toBeNull();
  simulator.phone.unblock(awa);
  simulator.phone.text(awa, '/menu');
  await botSaid(simulator, awa, 2);
  await guichet.pipeline.idle();
  expect((await find()).unreachable_at).toBeNull();
});

test('a platform that is down loses nothing: everything leaves when it is back, in order', async () => {
  const { simulator, guichet, url } = await startProduct({ desk: smallDesk(), overrides: { rate: FAST } });
  const crowd = Array.from({ length: 5 }, () => somebody());
  for (const person of crowd) simulator.phone.text(person, '/menu');
  for (const person of crowd) await botSaid(simulator, person, 1);
  await simulator.stop();
  for (const person of crowd) {
    for (const text of ['/contact', '/aide']) {
      expect((await push(url, JSON.stringify(textUpdate(person, text)))).status).toBe(200);
    }
  }
  const health = async () =>
    ((await (await fetch(`${url}/health`)).json()) as { channels: { telegram: string } }).channels.telegram;
  await expect.poll(health, { timeout: 10_000 }).toBe('degraded');
  await simulator.start();
  for (const person of crowd) await botSaid(simulator, person, 3, 40_000);
  await guichet.pipeline.idle();
  for (const person of crowd) {
    const said = simulator.state.botMessages(person.id).map((message) => message.text.split('\n')[0]);
    expect(said.slice(1)).toEqual(['📞 Médiathèque Exemple', '🆘 Aide - Comment utiliser ce service']);
  }
  expect(await health()).toBe('ok');
}, 60_000);
