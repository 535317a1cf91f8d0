import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WhatsAppSimulator } from '../../simulator/whatsapp/whatsapp.ts';
import {
  APP_SECRET,
  deliver,
  saidOnWhatsApp,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startWhatsApp,
} from '../support/product.ts';
import { smallDesk } from '../support/small-desk.ts';

/** What a desk says is not what is looked at here. */
const start = (options: Parameters<typeof startOnWhatsApp>[0] = {}) =>
  startOnWhatsApp({ desk: smallDesk(), ...options });

const sign = (body: string | Buffer, secret = APP_SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

const post = (url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  deliver(`${url}/webhook/whatsapp`, {
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

const textFrom = (wa_id: string, id: string, text = 'menu') => ({
  from: wa_id,
  id: `wamid.${Buffer.from(id).toString('base64')}`,
  timestamp: String(Math.floor(Date.now() / 1000)),
  type: 'text',
  text: { body: text },
});

const batchOf = (simulator: WhatsAppSimulator, messages: object[], over: object = {}) => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '1',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: simulator.displayNumber, phone_number_id: simulator.phoneId },
            messages,
            ...over,
          },
        },
      ],
    },
  ],
});

describe('what does not come from WhatsApp', () => {
  test('is refused, and leaves nothing behind', async () => {
    const { simulator, guichet, url } = await start();
    const body = JSON.stringify(batchOf(simulator, [textFrom('221770000200', 'bad-1', 'é')]));
    const escaped = body.replace('é', '\\u00e9');
    const rows: [string, string | Buffer, Record<string, string>, number][] = [
      ['unsigned', body, {}, 401],
      ['signed with another secret', body, { 'x-hub-signature-256': sign(body, 'x'.repeat(40)) }, 401],
      ['signed as sha1', body, { 'x-hub-signature': sign(body) }, 401],
      ['re-serialised after signing', body, { 'x-hub-signature-256': sign(escaped) }, 401],
      ['cut', body, { 'x-hub-signature-256': sign(body).slice(0, -2) }, 401],
      ['not JSON', '{', { 'x-hub-signature-256': sign('{') }, 400],
      ['too large', Buffer.alloc(3 * 1024 * 1024 + 1, 32), {}, 413],
    ];
    for (const [what, content, headers, status] of rows) {
      expect({ what, status: (await post(url, content, headers)).status }).toEqual({ what, status });
    }
    expect(await guichet.store.db.selectFrom('inbox').selectAll().execute()).toEqual([]);
    const wrong = `${url}/webhook/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${'x'.repeat(32)}`;
    const refused = await fetch(wrong);
    expect([refused.status, await refused.text()]).toEqual([403, 'Erreur de vérification']);
  });

  test('authentic bodies that are not for us are acknowledged; what cannot be used is kept aside', async () => {
    const { simulator, guichet, url } = await start();
    const signed = async (body: object): Promise<number> => {
      const raw = JSON.stringify(body);
      return (await post(url, raw, { 'x-hub-signature-256': sign(raw) })).status;
    };
    const foreign = { metadata: { phone_number_id: '999' } };
    expect(await signed(batchOf(simulator, [textFrom('221770000201', 'foreign')], foreign))).toBe(200);
    expect(await signed({ object: 'page', entry: [] })).toBe(200);
    expect(await signed(batchOf(simulator, [{ id: 'wamid.nobody', type: 'text' }]))).toBe(200);
    expect(
      await signed({
        object: 'whatsapp_business_account',
        entry: [{ changes: [{ field: 'account_update', value: {} }] }],
      }),
    ).toBe(200);
    const rows = await guichet.store.db.selectFrom('inbox').select(['status', 'error']).execute();
    expect(rows.map(({ status, error }) => [status, error])).toEqual([
      ['dead', 'it is not about a WhatsApp business account'],
      ['dead', 'message from nobody'],
    ]);
  });
});

describe('batches', () => {
  test('every message of every change of every entry has one effect, duplicates none', async () => {
    const { simulator, guichet, url } = await start({ violations: 'expected' });
    const phone = (i: number): string => `22177000${String(3000 + i)}`;
    const messages = Array.from({ length: 100 }, (_, i) =>
      textFrom(phone(i), `batch-${String(i % 90)}-${String(i % 90)}`),
    );
    const change = (from: number, to: number) =>
      batchOf(simulator, messages.slice(from, to)).entry[0]?.changes[0];
    const body = {
      object: 'whatsapp_business_account',
      entry: [0, 1].map((e) => ({
        id: String(e),
        changes: [0, 1].map((c) => change(e * 50 + c * 25, e * 50 + c * 25 + 25)),
      })),
    };
    const raw = JSON.stringify(body);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(url, raw, { 'x-hub-signature-256': sign(raw) })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await guichet.pipeline.idle();
    const rows = await guichet.store.db.selectFrom('inbox').selectAll().where('kind', '=', 'text').execute();
    expect(rows).toHaveLength(90);
    expect(rows.every(({ status }) => status === 'done')).toBe(true);
    expect(await guichet.store.db.selectFrom('outbox').selectAll().execute()).toHaveLength(90);
  });

  test('delivered twice, late and in the wrong order, each message is answered once', async () => {
    const { simulator, guichet } = await start();
    simulator.faults.set({ duplicateWebhooks: 3, reorder: true, batch: 4 });
    const many = Array.from({ length: 10 }, () => somebodyOnWhatsApp());
    for (const who of many) simulator.phone.text(who, 'menu');
    await Promise.all(many.map((who) => saidOnWhatsApp(simulator, who, 1)));
    await simulator.waitFor(() => simulator.state.pendingWebhooks().length === 0);
    await guichet.pipeline.idle();
    for (const who of many) expect(simulator.state.botMessages(who.wa_id)).toHaveLength(1);
  });
});

const outbox = (guichet: Awaited<ReturnType<typeof start>>['guichet']) =>
  guichet.store.db.selectFrom('outbox').selectAll().execute();

describe('what becomes of our messages', () => {
  test('the furthest state is kept, and the words go once the platform has them', async () => {
    const { simulator, guichet } = await start();
    simulator.faults.set({ reorder: true, duplicateWebhooks: 2 });
    const awa = somebodyOnWhatsApp();
    simulator.phone.text(awa, 'menu');
    await saidOnWhatsApp(simulator, awa, 1);
    simulator.phone.read(awa);
    await expect
      .poll(async () => (await outbox(guichet))[0])
      .toMatchObject({
        state: 'sent',
        delivery: 3,
        payload_sealed: null,
      });
  });

  test.each([131026, 131049, 131053])('a failure told later (%i) is kept with its reason', async (code) => {
    const { simulator, guichet, logged } = await start();
    simulator.faults.set({ failStatus: [{ code }] });
    simulator.phone.text(somebodyOnWhatsApp(), 'menu');
    await expect.poll(async () => (await outbox(guichet))[0]?.state, { timeout: 5000 }).toBe('failed');
    const [row] = await outbox(guichet);
    expect(row?.error).toMatch(new RegExp(`^${String(code)}: \\S`));
    expect(row?.payload_sealed).toBeNull();
    await expect.poll(() => logged.join('')).toContain('message_bounced');
  });

  test('a message the platform took and lost is sent again', async () => {
    const { simulator, guichet } = await start();
    simulator.faults.set({ failStatus: [{ code: 131000, times: 1 }] });
    const awa = somebodyOnWhatsApp();
    simulator.phone.text(awa, 'menu');
    await saidOnWhatsApp(simulator, awa, 1, 10_000);
    await expect
      .poll(async () => await outbox(guichet), { timeout: 10_000 })
      .toMatchObject([{ state: 'sent', attempt: 2 }]);
  });

  test('failures told twice, late, or after "sent" neither lose the message nor double it', async () => {
    const { simulator, guichet } = await start();
    simulator.faults.set({ duplicateWebhooks: 3, failStatus: [{ code: 131000, times: 1, afterSent: true }] });
    const awa = somebodyOnWhatsApp();
    simulator.phone.text(awa, 'menu');
    await expect
      .poll(async () => (await outbox(guichet))[0], { timeout: 10_000 })
      .toMatchObject({ state: 'sent', attempt: 2, delivery: 2, payload_sealed: null });
    await simulator.waitFor(() => simulator.state.pendingWebhooks().length === 0);
    await guichet.pipeline.idle();
    expect(simulator.state.callsOf('POST messages')).toHaveLength(2);
    expect(simulator.state.botMessages(awa.wa_id)).toHaveLength(1);
  });

  test('a message that is lost again and again is given up, and staff see it', async () => {
    const { simulator, guichet, logged } = await start();
    simulator.faults.set({ failStatus: [{ code: 131000 }] });
    simulator.phone.text(somebodyOnWhatsApp(), 'menu');
    await expect
      .poll(async () => (await outbox(guichet))[0], { timeout: 60_000, interval: 200 })
      .toMatchObject({ state: 'failed', attempt: 5, payload_sealed: null });
    expect((await outbox(guichet))[0]?.error).toMatch(/^131000: /);
    await expect.poll(() => logged.join('')).toContain('message_bounced');
  }, 70_000);

  test('a failure told while the call is still under way is heard', async () => {
    const { guichet, url, simulator } = await start();
    // The platform tells the fate before it answers the call.
    simulator.faults.set({ latencyMs: 700 });
    const awa = somebodyOnWhatsApp();
    simulator.phone.text(awa, 'menu');
    const [row] = await expect
      .poll(async () => (await outbox(guichet)).filter(({ state }) => state === 'sending'), { timeout: 5000 })
      .toHaveLength(1)
      .then(() => outbox(guichet));
    const raw = JSON.stringify(
      batchOf(simulator, [], {
        statuses: [
          {
            id: 'wamid.early',
            status: 'failed',
            timestamp: '1795000000',
            recipient_id: awa.wa_id,
            errors: [{ code: 131049, title: 'Not delivered' }],
            biz_opaque_callback_data: `${row?.id ?? ''}.${String(row?.fence ?? 0)}`,
          },
        ],
      }),
    );
    expect((await post(url, raw, { 'x-hub-signature-256': sign(raw) })).status).toBe(200);
    await guichet.pipeline.idle();
    expect((await outbox(guichet))[0]).toMatchObject({ state: 'failed', payload_sealed: null });
  });

  test('a lost answer is settled by the status: nobody gets the message twice', async () => {
    const { simulator, guichet } = await start();
    simulator.faults.set({ dropCalls: [{ mode: 'record-then-reset', times: 1 }] });
    const awa = somebodyOnWhatsApp();
    simulator.phone.text(awa, 'menu');
    await saidOnWhatsApp(simulator, awa, 1);
    await expect.poll(async () => (await outbox(guichet))[0]).toMatchObject({ state: 'sent', attempt: 1 });
    // Nothing waits for a second call: the next message leaves at once.
    await guichet.pipeline.idle();
    expect(simulator.state.botMessages(awa.wa_id)).toHaveLength(1);
    expect(simulator.state.callsOf('POST messages')).toHaveLength(1);
  });

  test('a revoked token alarms staff and loses nothing', async () => {
    const { simulator, guichet, logged } = await start();
    simulator.faults.set({ errors: [{ code: 190, times: 1 }] });
    simulator.phone.text(somebodyOnWhatsApp(), 'menu');
    await expect.poll(() => logged.join('')).toContain('channel_refused');
    await expect.poll(async () => (await outbox(guichet))[0]?.state).toBe('pending');
  });
});

describe('the 24-hour window', () => {
  test('a reply whose window closes while it waits is not sent, and staff are told what can be', async () => {
    const { simulator, guichet, logged } = await start();
    const awa = somebodyOnWhatsApp();
    simulator.faults.set({ errors: [{ code: 131016 }] });
    // It took nearly a day to reach us: five seconds are left.
    simulator.phone.text(awa, 'menu', { timestamp: Math.floor(Date.now() / 1000) - 86_400 + 5 });
    await expect
      .poll(async () => (await outbox(guichet))[0], { timeout: 30_000 })
      .toMatchObject({ state: 'failed', error: 'outside_window', payload_sealed: null });
    expect(simulator.state.callsOf('POST messages').length).toBeGreaterThan(0);
    expect(logged.join('')).toContain('Send an approved template, or wait until they write');
  }, 40_000);

  test('the latest message counts, in whatever order they come', async () => {
    const { simulator, guichet } = await start();
    const awa = somebodyOnWhatsApp();
    const now = Math.floor(Date.now() / 1000);
    simulator.phone.text(awa, 'menu', { timestamp: now - 60 });
    await saidOnWhatsApp(simulator, awa, 1);
    simulator.phone.text(awa, 'aide', { timestamp: now - 7200 });
    await saidOnWhatsApp(simulator, awa, 2);
    await guichet.pipeline.idle();
    const [row] = await guichet.store.db.selectFrom('conversations').selectAll().execute();
    expect(row?.last_inbound_at).toBe((now - 60) * 1000);
  });
});

describe('the token', () => {
  test('goes to the configured root only', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('x');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void elsewhere.close());
    const simulator = await startWhatsApp();
    simulator.faults.set({
      mediaUrl: `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}/x`,
    });
    const { logged } = await start({ simulator });
    const awa = somebodyOnWhatsApp();
    simulator.phone.image(awa);
    const reply = await saidOnWhatsApp(simulator, awa, 2);
    expect(reply.text).toContain("Je n'ai pas pu ouvrir ce fichier");
    expect(seen).toEqual([]);
    expect(logged.join('')).not.toContain(simulator.token);
  });
});
