import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench, receiver } from './support.ts';
import type { Bench } from './support.ts';

const [awa, moussa] = people;
let it: Bench;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21);
  it = await bench({ now: () => now });
  for (const user of people) it.sim.phone.text(user, '/start');
});
afterEach(() => it.stop());

const say = (user = awa, text = 'x') => it.call('sendMessage', { chat_id: user.id, text });

describe('calls that get no answer', () => {
  const rows = [
    ['reset', 0],
    ['record-then-reset', 1],
  ] as const;
  test.each(rows)('%s: %i message recorded', async (mode, recorded) => {
    it.sim.faults.dropCalls = [{ mode, method: 'sendMessage', times: 1 }];
    await expect(say()).rejects.toThrow();
    expect(it.sim.state.botMessages()).toHaveLength(recorded);
    expect(it.sim.state.callsOf('sendMessage')).toMatchObject([
      { dropped: 'reset', executed: recorded === 1 },
    ]);
    expect((await say()).ok).toBe(true);
  });

  test.each([
    ['hang', 0],
    ['record-then-hang', 1],
  ] as const)('%s: %i message recorded', async (mode, recorded) => {
    it.sim.faults.dropCalls = [{ mode, chat: awa.id }];
    const abort = new AbortController();
    const hung = fetch(`${it.sim.url}/bot${it.sim.token}/sendMessage?chat_id=${awa.id}&text=x`, {
      signal: abort.signal,
    });
    await it.sim.waitFor(() => it.sim.state.calls[0]?.dropped === 'hang');
    abort.abort();
    await expect(hung).rejects.toThrow();
    expect(it.sim.state.botMessages()).toHaveLength(recorded);
    expect((await say(moussa)).ok).toBe(true);
  });
});

describe('429', () => {
  test('forced for one chat, twice; a call before the wait is over is marked', async () => {
    it.sim.faults.tooManyRequests = [{ chat: awa.id, retryAfter: 7, times: 2 }];
    const response = await fetch(`${it.sim.url}/bot${it.sim.token}/sendMessage?chat_id=${awa.id}&text=x`);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    });
    expect((await say(moussa)).ok).toBe(true);
    expect((await say()).status).toBe(429);
    now += 7000;
    expect((await say()).ok).toBe(true);
    expect(it.sim.state.callsOf('sendMessage', awa.id).map((call) => call.early ?? false)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('real limits: a short burst in one chat, then one a second', async () => {
    it.sim.faults.rateLimit = true;
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await say()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    expect((await say(moussa)).status).toBe(200);
    now += 1000;
    expect((await say()).status).toBe(200);
    expect((await say()).status).toBe(429);
    expect((await it.call('sendChatAction', { chat_id: awa.id, action: 'typing' })).ok).toBe(true);
  });

  test('real limits: 30 a second in all, 20 a minute in a group', async () => {
    it.sim.faults.rateLimit = true;
    const many = Array.from({ length: 31 }, (_, i) => ({ id: 710000000 + i, first_name: `P${i}` }));
    for (const user of many) it.sim.phone.text(user, '/start');
    const overall: number[] = [];
    for (const user of many) overall.push((await say(user)).status);
    expect(overall.filter((status) => status === 429)).toHaveLength(1);
    now += 60_000;
    const group = { id: -77, type: 'group', title: 'Essai' } as const;
    it.sim.phone.text({ ...awa, chat: group }, '/start');
    const inGroup: number[] = [];
    for (let i = 0; i < 21; i++)
      inGroup.push((await it.call('sendMessage', { chat_id: -77, text: 'x' })).status);
    expect(inGroup.filter((status) => status === 429)).toHaveLength(1);
  });
});

test('injected errors, once, with their parameters; HTML from a proxy', async () => {
  it.sim.faults.errors = [
    {
      method: 'sendmessage',
      times: 1,
      code: 400,
      description: 'Bad Request: x',
      parameters: { migrate_to_chat_id: -5 },
    },
    { times: 1, code: 502, description: '', html: '<html>Bad Gateway</html>' },
  ];
  expect(await say()).toMatchObject({ status: 400, parameters: { migrate_to_chat_id: -5 } });
  const proxy = await fetch(`${it.sim.url}/bot${it.sim.token}/getMe`);
  expect([proxy.status, await proxy.text()]).toEqual([502, '<html>Bad Gateway</html>']);
  expect((await say()).ok).toBe(true);
  it.sim.faults.errors = [{ code: 500, description: 'Internal Server Error' }];
  it.sim.faults.reset();
  expect((await say()).ok).toBe(true);
});

describe('duplicates', () => {
  test('by polling: given again after it was confirmed', async () => {
    await it.call('getUpdates', { offset: -1 });
    it.sim.faults.duplicateUpdates = 2;
    const id = it.sim.phone.text(awa, 'x');
    const poll = async (): Promise<number[]> =>
      ((await it.call('getUpdates', { offset: id + 1 })).result as { update_id: number }[]).map(
        (u) => u.update_id,
      );
    await it.call('getUpdates', { offset: id });
    expect(await poll()).toEqual([id]);
    expect(await poll()).toEqual([]);
  });

  test('by webhook: at the same time', async () => {
    const { url, received, close } = await receiver(() => ({}));
    await it.call('setWebhook', { url, drop_pending_updates: true });
    it.sim.faults.duplicateUpdates = 3;
    const id = it.sim.phone.text(awa, 'x');
    await it.sim.waitFor(() => it.sim.state.pendingUpdates().length === 0);
    expect(received.map(({ update }) => update.update_id)).toEqual([id, id, id]);
    await close();
  });

  test('by chance, the same with the same seed', async () => {
    it.sim.faults.duplicateUpdates = 0.5;
    for (let i = 0; i < 40; i++) it.sim.phone.text(awa, 'x');
    const doubled = it.sim.state.updates.filter((update) => update.copies === 2).length;
    expect(doubled).toBeGreaterThan(5);
    expect(doubled).toBeLessThan(35);
  });
});

test('the platform goes down and comes back at the same address, with what it knew', async () => {
  const { url } = it.sim;
  await it.stop();
  await expect(say()).rejects.toThrow();
  await it.sim.start();
  expect(it.sim.url).toBe(url);
  expect((await say()).ok).toBe(true);
});
