import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { people } from './people.ts';
import { bench, receiver } from './support.ts';
import type { Bench, Receiver } from './support.ts';
import type { WhatsAppSimulatorOptions } from './whatsapp.ts';

const [awa, moussa] = people;
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function started(
  respond?: (nth: number) => number | Promise<number>,
  options: WhatsAppSimulatorOptions = {},
): Promise<Bench & { hook: Receiver }> {
  const it = await bench(options);
  const hook = await receiver(it.sim, respond);
  opened.push(it.stop, hook.close);
  await it.sim.subscribe(hook.url);
  return { ...it, hook };
}

describe('verification', () => {
  test('the challenge comes back: events are pushed from then on', async () => {
    const it = await bench();
    const hook = await receiver(it.sim);
    opened.push(it.stop, hook.close);
    it.sim.phone.text(awa, 'avant');
    expect(it.sim.state.webhookUrl).toBeUndefined();
    expect(it.sim.state.webhooks.map(({ state }) => state)).toEqual(['missed']);
    await it.sim.subscribe(hook.url);
    it.sim.phone.text(awa, 'après');
    await it.sim.waitFor(() => hook.messages().length === 1);
    expect(hook.messages()).toMatchObject([{ text: { body: 'après' } }]);
  });

  test.each<[string, (challenge: string) => { status: number; body: string }]>([
    ['another status', (body) => ({ status: 201, body })],
    ['a refusal', (body) => ({ status: 403, body })],
    ['a redirection', (body) => ({ status: 302, body })],
    ['more than the challenge', (body) => ({ status: 200, body: `${body}\n` })],
    ['JSON', (challenge) => ({ status: 200, body: JSON.stringify({ challenge }) })],
    ['nothing', () => ({ status: 200, body: '' })],
  ])('%s is refused', async (_, answer) => {
    const it = await bench();
    opened.push(it.stop);
    let query: Record<string, string> = {};
    const server = createServer((req, res) => {
      query = Object.fromEntries(new URL(req.url ?? '', 'http://here').searchParams);
      const { status, body } = answer(query['hub.challenge'] ?? '');
      res.writeHead(status, { location: '/other' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(it.sim.subscribe(`http://127.0.0.1:${port}/hook?mine=1`)).rejects.toThrow(
      /couldn't be validated/,
    );
    expect(query).toEqual({
      mine: '1',
      'hub.mode': 'subscribe',
      'hub.verify_token': it.sim.verifyToken,
      'hub.challenge': expect.stringMatching(/^\d+$/),
    });
    expect(it.sim.state.webhookUrl).toBeUndefined();
  });
});

describe('signature', () => {
  test('over the very bytes: escaped, so that JSON written again does not match', async () => {
    const it = await started();
    it.sim.phone.text(awa, 'Où est l’état civil ? https://example.org/a 😀');
    await it.sim.waitFor(() => it.hook.raws.length === 1);
    const [raw = ''] = it.hook.raws;
    expect(raw).toMatch(/^[\x20-\x7e]+$/);
    expect(raw).toContain('O\\u00f9 est l\\u2019\\u00e9tat civil');
    expect(raw).toContain('https:\\/\\/example.org\\/a \\ud83d\\ude00');
    const sign = (body: string): string =>
      `sha256=${createHmac('sha256', it.sim.appSecret).update(body).digest('hex')}`;
    const [delivery] = it.sim.state.webhooks;
    expect(delivery?.signature).toBe(sign(raw));
    expect(sign(JSON.stringify(JSON.parse(raw)))).not.toBe(delivery?.signature);
    expect(JSON.parse(raw)).toEqual(delivery?.body);
  });

  test('with the secret of the application', async () => {
    const it = await bench({ appSecret: 'a' });
    const hook = await receiver({ ...it.sim, appSecret: 'b', verifyToken: it.sim.verifyToken });
    opened.push(it.stop, hook.close);
    await it.sim.subscribe(hook.url);
    it.sim.phone.text(awa, 'Bonjour');
    await it.sim.waitFor(() => it.sim.state.webhooks[0]?.attempts[0]?.status === 401);
    expect(hook.messages()).toEqual([]);
  });
});

describe('at least once', () => {
  test.each([500, 404, 201, 204, 302])(
    '%i is not 200: the same bytes come again, later and later',
    async (status) => {
      const it = await started((nth) => (nth < 4 ? status : 200));
      const id = it.sim.phone.text(awa, 'Bonjour');
      await it.sim.waitFor(() => it.sim.state.webhooks[0]?.state === 'delivered');
      const { attempts = [] } = it.sim.state.webhooks[0] ?? {};
      expect(attempts.map((attempt) => attempt.status)).toEqual([status, status, status, 200]);
      const waits = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0));
      // 5 s, 10 s, 20 s at this bench's scale; a timer may be early by the rounding of the clock.
      [25, 50, 100].forEach((least, i) => expect(waits[i]).toBeGreaterThanOrEqual(least - 2));
      expect(new Set(it.hook.raws).size).toBe(1);
      expect(it.hook.messages().map((message) => message.id)).toEqual([id]);
    },
  );

  test('what fails does not hold back what follows', async () => {
    const it = await started((nth) => (nth === 1 ? 503 : 200));
    for (const text of ['un', 'deux']) it.sim.phone.text(awa, text);
    await it.sim.waitFor(() => it.hook.messages().length === 2);
    expect(it.hook.messages()).toMatchObject([{ text: { body: 'deux' } }, { text: { body: 'un' } }]);
  });

  test('no answer in time is no answer', async () => {
    const never = new Promise<number>(() => undefined);
    const it = await started((nth) => (nth === 1 ? never : 200), { webhookTimeoutMs: 100 });
    it.sim.phone.text(awa, 'Bonjour');
    await it.sim.waitFor(() => it.sim.state.webhooks[0]?.state === 'delivered');
    expect(it.sim.state.webhooks[0]?.attempts).toMatchObject([
      { error: expect.stringContaining('in time') },
      { status: 200 },
    ]);
  });

  test('given up after seven days', async () => {
    let now = 1_790_000_000_000;
    const it = await started(() => 500, { now: () => now });
    it.sim.phone.text(awa, 'Bonjour');
    await it.sim.waitFor(() => it.sim.state.webhooks[0]?.attempts[0]?.status === 500);
    expect(it.sim.state.pendingWebhooks()).toHaveLength(1);
    now += 7 * 86_400_000;
    await it.sim.waitFor(() => it.sim.state.webhooks[0]?.state === 'expired');
    expect(it.sim.state.pendingWebhooks()).toEqual([]);
  });

  test('the platform stops and starts: what was pending comes again', async () => {
    let up = false;
    const it = await started(() => (up ? 200 : 500), { timeScale: 1 });
    it.sim.phone.text(awa, 'Bonjour');
    await it.sim.waitFor(() => it.hook.raws.length === 1);
    await it.sim.stop();
    it.sim.phone.text(moussa, 'pendant');
    up = true;
    await it.sim.start();
    await it.sim.waitFor(() => it.hook.messages().length === 2);
    expect(it.sim.state.pendingWebhooks()).toEqual([]);
  });
});

describe('faults', () => {
  test('duplicates: so many POSTs of the same bytes', async () => {
    const it = await started();
    it.sim.faults.duplicateWebhooks = 3;
    const id = it.sim.phone.text(awa, 'Bonjour');
    await it.sim.waitFor(() => it.hook.messages().length === 3);
    expect(new Set(it.hook.raws).size).toBe(1);
    expect(it.hook.messages().map((message) => message.id)).toEqual([id, id, id]);
  });

  test('a duplicate that is taken ends the retries', async () => {
    // The first copy, then the three attempts that give a wrong retry of it its time.
    const it = await started((nth) => ([1, 3, 4, 5].includes(nth) ? 500 : 200));
    it.sim.faults.duplicateWebhooks = 2;
    it.sim.phone.text(awa, 'Bonjour');
    await it.sim.waitFor(() => it.sim.state.webhooks[0]?.state === 'delivered');
    it.sim.faults.reset();
    it.sim.phone.text(moussa, 'Bonjour');
    await it.sim.waitFor(() => it.sim.state.webhooks[1]?.state === 'delivered');
    expect(it.sim.state.webhooks.map(({ attempts }) => attempts.length)).toEqual([2, 4]);
  });

  test('a chance of duplicates: the same seed, the same ones', async () => {
    const runs = await Promise.all(
      [7, 7].map(async (seed) => {
        const it = await started(undefined, { seed });
        it.sim.faults.duplicateWebhooks = 0.5;
        for (let i = 0; i < 12; i++) it.sim.phone.text(awa, String(i));
        await it.sim.waitFor(() => it.sim.state.pendingWebhooks().length === 0);
        return it.sim.state.webhooks.map(({ attempts }) => attempts.length);
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0])).toEqual(new Set([1, 2]));
  });

  test('batches: several messages, changes and entries in one POST', async () => {
    const it = await started();
    it.sim.faults.batch = 8;
    const sent = Array.from({ length: 8 }, (_, i) => it.sim.phone.text(i % 2 ? awa : moussa, String(i)));
    await it.sim.waitFor(() => it.hook.messages().length === 8);
    expect(it.hook.raws).toHaveLength(1);
    expect(it.hook.shapes).toEqual([[2, 3, 1]]);
    expect(it.hook.values.map(({ messages }) => messages?.length)).toEqual([2, 1, 1, 2, 1, 1]);
    expect(it.hook.messages().map(({ id }) => id)).toEqual(sent);
    expect(it.hook.values[0]?.contacts).toHaveLength(2);
  });

  test('a batch that does not fill up goes after a moment; statuses do not mix with messages', async () => {
    const it = await started();
    await it.say(awa.wa_id);
    it.sim.phone.text(awa, 'Bonjour');
    await it.sim.waitFor(() => it.sim.state.pendingWebhooks().length === 0);
    it.sim.faults.batch = 50;
    await it.say(awa.wa_id);
    it.sim.phone.text(awa, 'encore');
    await it.sim.waitFor(
      () => it.hook.statuses().filter(({ status }) => status === 'delivered').length === 1,
    );
    await it.sim.waitFor(() => it.hook.messages().length === 2);
    for (const { messages, statuses } of it.hook.values)
      expect(messages === undefined).toBe(statuses !== undefined);
  });

  test('reordered: what happens at once is told last first', async () => {
    const it = await started();
    it.sim.faults.reorder = true;
    const ids = ['un', 'deux', 'trois'].map((text) => it.sim.phone.text(awa, text));
    await it.sim.waitFor(() => it.hook.messages().length === 3);
    expect(it.hook.raws).toHaveLength(3);
    expect(it.hook.messages().map(({ id }) => id)).toEqual(ids.reverse());
  });

  test('about another number of ours, about another field', async () => {
    const it = await started();
    it.sim.phone.raw({ metadata: { display_phone_number: '1', phone_number_id: '2' }, messages: [] });
    it.sim.phone.raw({ event: 'APPROVED' }, 'message_template_status_update');
    await it.sim.waitFor(() => it.hook.values.length === 2);
    expect(it.hook.values[0]?.metadata.phone_number_id).toBe('2');
    expect(it.hook.values[1]).toMatchObject({ messaging_product: 'whatsapp', event: 'APPROVED' });
    expect(it.sim.state.webhooks[1]?.body).toMatchObject({
      object: 'whatsapp_business_account',
      entry: [{ changes: [{ field: 'message_template_status_update' }] }],
    });
  });
});
