import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench, receiver } from './support.ts';
import type { Bench, Reply } from './support.ts';

const [awa, moussa] = people;
const DAY = 24 * 3600 * 1000;
let it: Bench;
let now: number;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21);
  it = await bench({ now: () => now });
});
afterEach(async () => {
  await it.stop();
  for (const close of closing.splice(0)) await close();
});

const ids = async (params: object = {}): Promise<number[]> =>
  ((await it.call('getUpdates', params)).result as { update_id: number }[]).map((update) => update.update_id);

const hook = async (respond: Parameters<typeof receiver>[0] = () => ({})) => {
  const server = await receiver(respond);
  closing.push(server.close);
  return server;
};

describe('getUpdates', () => {
  test('gives the same again until a higher offset confirms', async () => {
    const first = it.sim.phone.text(awa, 'un');
    const second = it.sim.phone.text(awa, 'deux');
    expect(second).toBe(first + 1);
    expect(await ids()).toEqual([first, second]);
    expect(await ids({ limit: 1 })).toEqual([first]);
    expect(await ids({ offset: second })).toEqual([second]);
    expect(await ids({ offset: second + 1 })).toEqual([]);
    expect(it.sim.state.updates.map((update) => update.state)).toEqual(['confirmed', 'confirmed']);
  });

  test('a negative offset keeps the last ones, one from another age starts at the head', async () => {
    const first = it.sim.phone.text(awa, 'un');
    const second = it.sim.phone.text(awa, 'deux');
    expect(await ids({ offset: second + 1000 })).toEqual([first, second]);
    expect(await ids({ offset: -1 })).toEqual([second]);
  });

  test('a lower update_id, given by hand, is not lost', async () => {
    const usual = it.sim.phone.text(awa, 'un');
    expect(await ids()).toEqual([usual]);
    it.sim.phone.raw({ update_id: 5, message: { message_id: 1, date: 1, chat: { id: 9, type: 'private' } } });
    expect(await ids({ offset: usual + 1 })).toEqual([5]);
    expect(await ids({ offset: usual + 1 })).toEqual([]);
  });

  test('waits for an update, or for its time', async () => {
    expect(await ids({ timeout: 1 })).toEqual([]);
    const waiting = ids({ timeout: 50 });
    await it.sim.waitFor(() => it.sim.state.polling);
    const id = it.sim.phone.text(awa, 'enfin');
    expect(await waiting).toEqual([id]);
  });

  test('the older of two pollers is told to go', async () => {
    const older = it.call('getUpdates', { timeout: 50 });
    await it.sim.waitFor(() => it.sim.state.polling);
    const newer = it.call('getUpdates', { timeout: 50 });
    expect(await older).toMatchObject({
      status: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    it.sim.phone.text(awa, 'x');
    expect((await newer).ok).toBe(true);
  });

  test('is refused beside a webhook, and ended by one', async () => {
    const { url } = await hook();
    const waiting = it.call('getUpdates', { timeout: 50 });
    await it.sim.waitFor(() => it.sim.state.polling);
    expect(await it.call('setWebhook', { url })).toMatchObject({
      result: true,
      description: 'Webhook was set',
    });
    expect(await waiting).toMatchObject({
      status: 409,
      description: 'Conflict: terminated by setWebhook request',
    });
    expect(await it.call('getUpdates')).toMatchObject({
      status: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
  });

  test('messages are kept a day, presses 150 s', async () => {
    it.sim.phone.text(awa, '/start');
    await it.call('sendMessage', {
      chat_id: awa.id,
      text: 'Menu',
      reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'a' }]] },
    });
    it.sim.phone.tap(awa, it.sim.state.lastBotMessage(awa.id)?.message_id ?? 0, 'a');
    expect(await ids()).toHaveLength(2);
    now += 150_000;
    expect(await ids()).toHaveLength(1);
    now += DAY;
    expect(await ids()).toEqual([]);
    expect(it.sim.state.updates.map((update) => update.state)).toEqual(['expired', 'expired']);
  });

  test('allowed_updates is sticky; the empty list is the default', async () => {
    await ids({ allowed_updates: ['callback_query'] });
    expect(it.sim.phone.text(awa, 'x')).toBe(0);
    await ids();
    expect(it.sim.phone.text(awa, 'x')).toBe(0);
    await ids({ allowed_updates: [] });
    expect(it.sim.phone.text(awa, 'x')).toBeGreaterThan(0);
    await ids({ allowed_updates: ['mesage'] });
    expect(it.sim.state.violations.map((violation) => violation.rule)).toEqual(['allowed_updates']);
  });
});

describe('setWebhook is refused', () => {
  const rows: [object, string][] = [
    [{ url: 'http://example.org/x' }, 'bad webhook: An HTTPS URL must be provided for webhook'],
    [
      { url: 'https://example.org:8000/x' },
      'bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443',
    ],
    [{ url: 'https://127.0.0.1/x' }, 'bad webhook: IP address 127.0.0.1 is reserved'],
    [{ url: 'https://10.0.0.1:8443/x' }, 'bad webhook: IP address 10.0.0.1 is reserved'],
    [{ url: 'https://' }, 'invalid webhook URL specified'],
    [{ url: 'https://example.org', secret_token: 'é' }, 'secret token contains unallowed characters'],
    [{ url: 'https://example.org', secret_token: 'a'.repeat(257) }, 'secret token is too long'],
  ];
  test.each(rows)('%j', async (params, description) => {
    const strict = await bench({ allowHttpWebhook: false });
    closing.push(strict.stop);
    expect(await strict.call('setWebhook', params)).toMatchObject({
      status: 400,
      description: `Bad Request: ${description}`,
    });
    expect(strict.sim.state.webhook).toBeNull();
  });
});

describe('webhook', () => {
  test('gets what was waiting, with the secret, and confirms it by a 200', async () => {
    const id = it.sim.phone.text(awa, 'avant');
    const { url, received } = await hook();
    await it.call('setWebhook', { url, secret_token: 'secret_de-test' });
    await it.sim.waitFor(() => it.sim.state.pendingUpdates().length === 0);
    expect(received).toMatchObject([
      { update: { update_id: id, message: { text: 'avant' } }, secret: 'secret_de-test' },
    ]);
    expect((await it.call('getWebhookInfo')).result).toMatchObject({ url, pending_update_count: 0 });
  });

  test('a refused update holds back its chat only, and comes again until 2xx', async () => {
    let refusals = 0;
    const { url, received } = await hook((update): Reply => {
      const { text } = (update as unknown as { message: { text: string } }).message;
      return text === 'poison' && refusals++ < 3 ? { status: 400 } : {};
    });
    await it.call('setWebhook', { url });
    for (const text of ['poison', 'après']) it.sim.phone.text(awa, text);
    it.sim.phone.text(moussa, 'autre');
    await it.sim.waitFor(() => it.sim.state.pendingUpdates().length === 0);
    const texts = received.map(({ update }) => (update['message'] as { text: string }).text);
    expect(texts.filter((text) => text !== 'autre')).toEqual([
      'poison',
      'poison',
      'poison',
      'poison',
      'après',
    ]);
    expect(texts.indexOf('autre')).toBeLessThan(texts.indexOf('après'));
    expect(it.sim.state.updates[0]?.deliveries.map((delivery) => delivery.status)).toEqual([
      400, 400, 400, 200,
    ]);
    expect((await it.call('getWebhookInfo')).result).toMatchObject({
      last_error_message: 'Wrong response from the webhook: 400 Bad Request',
    });
  });

  test('one request at a time per chat; a press does not wait for a message', async () => {
    let open = 0;
    let most = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { url, received } = await hook(async (update) => {
      if ('callback_query' in update) return {};
      most = Math.max(most, ++open);
      await held;
      open--;
      return {};
    });
    it.sim.phone.text(awa, '/start');
    await ids({ offset: -1 });
    await it.call('sendMessage', {
      chat_id: awa.id,
      text: 'Menu',
      reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'a' }]] },
    });
    await it.call('setWebhook', { url });
    for (const text of ['un', 'deux', 'trois']) it.sim.phone.text(awa, text);
    it.sim.phone.tap(awa, it.sim.state.lastBotMessage(awa.id)?.message_id ?? 0, 'a');
    await it.sim.waitFor(() => received.some(({ update }) => 'callback_query' in update));
    release();
    await it.sim.waitFor(() => it.sim.state.pendingUpdates().length === 0);
    expect(most).toBe(1);
  });

  test('different chats in parallel, up to max_connections', async () => {
    let open = 0;
    let most = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { url, received } = await hook(async () => {
      most = Math.max(most, ++open);
      await held;
      open--;
      return {};
    });
    await it.call('setWebhook', { url, max_connections: 2 });
    for (const user of people) it.sim.phone.text(user, 'x');
    await it.sim.waitFor(() => received.length === 2);
    release();
    await it.sim.waitFor(() => it.sim.state.pendingUpdates().length === 0);
    expect(most).toBe(2);
  });

  test('obeys Retry-After, and gives up an update that is too old', async () => {
    const { url, received } = await hook(() => ({ status: 503, headers: { 'retry-after': '20' } }));
    await it.call('setWebhook', { url });
    it.sim.phone.text(awa, 'x');
    await it.sim.waitFor(() => received.length === 2);
    // 20 s, at a hundredth.
    now += DAY;
    await it.sim.waitFor(() => it.sim.state.updates[0]?.state === 'expired');
    expect(it.sim.state.pendingUpdates()).toEqual([]);
  });

  test('many updates over one kept-alive connection leave no listeners behind', async () => {
    const warnings: string[] = [];
    const warned = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', warned);
    const { url, received } = await hook();
    await it.call('setWebhook', { url, max_connections: 1 });
    for (let i = 0; i < 30; i++) it.sim.phone.text(awa, `${i}`);
    await it.sim.waitFor(() => it.sim.state.pendingUpdates().length === 0);
    process.off('warning', warned);
    expect(received).toHaveLength(30);
    expect(warnings).toEqual([]);
  });

  test('executes no method found in a 200, and says so', async () => {
    const body = JSON.stringify({ method: 'sendMessage', chat_id: awa.id, text: 'x' });
    const { url } = await hook(() => ({ body }));
    await it.call('setWebhook', { url });
    it.sim.phone.text(awa, 'x');
    await it.sim.waitFor(() => it.sim.state.violations[0]?.rule === 'method-in-answer');
    expect(it.sim.state.botMessages()).toEqual([]);
  });

  test('a port that does not answer is tried again', async () => {
    const gone = await receiver(() => ({}));
    await gone.close();
    await it.call('setWebhook', { url: gone.url });
    it.sim.phone.text(awa, 'x');
    await it.sim.waitFor(() => (it.sim.state.updates[0]?.deliveries.length ?? 0) >= 3);
    expect(it.sim.state.webhook?.lastError?.message).toBe('Connection refused');
    expect(it.sim.state.pendingUpdates()).toHaveLength(1);
  });

  test('deleteWebhook leaves what is pending to getUpdates, unless told to drop it', async () => {
    const { url } = await hook(() => ({ status: 500 }));
    await it.call('setWebhook', { url });
    const id = it.sim.phone.text(awa, 'x');
    await it.sim.waitFor(() => (it.sim.state.updates[0]?.deliveries.length ?? 0) > 0);
    expect((await it.call('deleteWebhook')).description).toBe('Webhook was deleted');
    expect(await ids()).toEqual([id]);
    await it.call('deleteWebhook', { drop_pending_updates: true });
    expect(await ids()).toEqual([]);
    expect(it.sim.state.updates[0]?.state).toBe('dropped');
  });
});
