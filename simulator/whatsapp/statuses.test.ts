import { afterEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { requests, text } from './requests.ts';
import { bench, receiver } from './support.ts';
import type { Bench, Receiver } from './support.ts';
import type { WhatsAppSimulatorOptions } from './whatsapp.ts';

const [awa, moussa, , fatou] = people;
const START = 1_790_000_000_000;
const HOUR = 3_600_000;
let now = START;
let it: Bench & { hook: Receiver };
afterEach(async () => {
  await it.stop();
  await it.hook.close();
});

async function start(options: WhatsAppSimulatorOptions = {}): Promise<void> {
  now = START;
  const started = await bench({ now: () => now, ...options });
  it = { ...started, hook: await receiver(started.sim) };
  await it.sim.subscribe(it.hook.url);
  for (const user of [awa, fatou]) it.sim.phone.text(user, 'Bonjour');
}

const statusesOf = async (id: string | undefined, last: string) => {
  const mine = () => it.hook.statuses().filter((status) => status.id === id);
  await it.sim.waitFor(() => mine().some(({ status }) => status === last));
  return mine();
};
const { template } = requests(() => it, awa.wa_id);
const free = {
  billable: false,
  pricing_model: 'PMP',
  type: 'free_customer_service',
  category: 'service',
};

describe('what becomes of a message', () => {
  test('sent, delivered, read: a POST each, with what the business had put on it', async () => {
    await start();
    const answer = await it.send({
      to: awa.wa_id,
      text: { body: 'Voici' },
      biz_opaque_callback_data: 'outbox:42',
    });
    const id = answer.messages?.[0]?.id;
    await statusesOf(id, 'delivered');
    it.sim.phone.read(awa);
    const common = {
      id,
      timestamp: String(START / 1000),
      recipient_id: awa.wa_id,
      recipient_user_id: awa.user_id,
      biz_opaque_callback_data: 'outbox:42',
    };
    expect(await statusesOf(id, 'read')).toEqual([
      { ...common, status: 'sent', pricing: free },
      { ...common, status: 'delivered', pricing: free },
      { ...common, status: 'read' },
    ]);
    const contact = { profile: { name: awa.name }, wa_id: awa.wa_id, user_id: awa.user_id };
    const told = it.hook.values.filter(({ statuses }) => statuses);
    expect(told.map(({ contacts, statuses }) => [statuses?.length, contacts])).toEqual(
      Array.from({ length: 3 }, () => [1, [contact]]),
    );
    expect(it.sim.state.statuses).toMatchObject(
      ['sent', 'delivered', 'read'].map((status) => ({ id, status, callbackData: 'outbox:42' })),
    );
  });

  test('until v23 with the conversation: its end with sent alone', async () => {
    await start({ version: 'v23.0' });
    const { messages } = await it.say(awa.wa_id);
    await statusesOf(messages?.[0]?.id, 'delivered');
    it.sim.phone.read(awa);
    const [sent, delivered, read] = await statusesOf(messages?.[0]?.id, 'read');
    const id = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect(sent?.['conversation']).toEqual({
      id,
      expiration_timestamp: String((START + 24 * HOUR) / 1000),
      origin: { type: 'service' },
    });
    expect(delivered?.['conversation']).toEqual({ id, origin: { type: 'service' } });
    expect(read).not.toHaveProperty('conversation');
    expect([sent, delivered]).toMatchObject([{ pricing: free }, { pricing: free }]);
  });

  test('from v24 without', async () => {
    await start({ version: 'v24.0' });
    const { messages } = await it.say(awa.wa_id);
    for (const status of await statusesOf(messages?.[0]?.id, 'delivered'))
      expect(status).not.toHaveProperty('conversation');
  });

  test('a template outside the window is paid for', async () => {
    await start();
    now += 25 * HOUR;
    const { messages } = await template('hello_world', 'en_US');
    const [sent] = await statusesOf(messages?.[0]?.id, 'delivered');
    expect(sent?.['pricing']).toEqual({
      billable: true,
      pricing_model: 'PMP',
      type: 'regular',
      category: 'utility',
    });
  });

  test('sent to a business-scoped id: the number only when it may be told', async () => {
    await start();
    const ids: (string | undefined)[] = [];
    for (const user of [awa, fatou]) {
      const { messages } = await it.send({ recipient: user.user_id, text: { body: 'x' } });
      ids.push(messages?.[0]?.id);
    }
    const [known] = await statusesOf(ids[0], 'delivered');
    expect(known).toMatchObject({ recipient_id: awa.wa_id, recipient_user_id: awa.user_id });
    const [hidden] = await statusesOf(ids[1], 'delivered');
    expect(hidden).not.toHaveProperty('recipient_id');
    expect(hidden).toMatchObject({ recipient_user_id: fatou.user_id });
    const contacts = it.hook.values.filter(({ statuses }) => statuses?.[0]?.id === ids[1]);
    expect(contacts.map((value) => value.contacts)).toEqual([
      [{ profile: { name: fatou.name }, user_id: fatou.user_id }],
      [{ profile: { name: fatou.name, username: fatou.username }, user_id: fatou.user_id }],
    ]);
  });

  test('reordered: read comes before delivered and sent', async () => {
    await start();
    it.sim.faults.reorder = true;
    const answer = it.say(awa.wa_id);
    const { id } = await it.sim.waitFor(() => it.sim.state.lastBotMessage(awa.wa_id ?? ''));
    it.sim.phone.read(awa);
    await answer;
    expect((await statusesOf(id, 'sent')).map(({ status }) => status)).toEqual(['read', 'delivered', 'sent']);
  });

  test('the platform stops in between: what is left is told after the start', async () => {
    await start({ timeScale: 1 });
    const { messages } = await it.say(awa.wa_id);
    await it.sim.stop();
    await it.sim.start();
    const told = await statusesOf(messages?.[0]?.id, 'delivered');
    expect(told.map(({ status }) => status)).toEqual(['sent', 'delivered']);
  });

  test('writing is reading what came before', async () => {
    await start();
    const { messages } = await it.say(awa.wa_id);
    it.sim.phone.text(awa, 'Merci');
    expect((await statusesOf(messages?.[0]?.id, 'read')).map(({ status }) => status)).toEqual([
      'sent',
      'delivered',
      'read',
    ]);
  });
});

describe('failures come after the 200', () => {
  const image = async (bytes: number): Promise<object> => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', 'application/pdf');
    form.set('file', new Blob([Buffer.alloc(bytes)], { type: 'application/pdf' }), 'a.pdf');
    const upload = await it.request(`${it.sim.phoneId}/media`, { method: 'POST', body: form });
    const { id } = (await upload.json()) as { id: string };
    return { type: 'image', image: { id } };
  };
  const say = { text: { body: 'x' } };
  test.each<[string, number, string, () => object | Promise<object>]>([
    ['the window has closed', 131047, 'Re-engagement message', () => ((now += 24 * HOUR), say)],
    ['blocked', 131026, 'Message undeliverable', () => (it.sim.phone.block(awa), say)],
    ['nobody has this number', 131026, 'Message undeliverable', () => ({ ...say, to: '221770000099' })],
    ['who never wrote', 131047, 'Re-engagement message', () => ({ ...say, to: moussa.wa_id })],
    ['a media of another kind', 131053, 'Media upload error', () => image(10)],
    [
      'asked for',
      131049,
      'This message was not delivered to maintain healthy ecosystem engagement.',
      () => ((it.sim.faults.failStatus = [{ code: 131049 }]), say),
    ],
  ])('%s: %i', async (_, code, title, act) => {
    await start();
    const answer = await it.send({ to: awa.wa_id, biz_opaque_callback_data: 'outbox:1', ...(await act()) });
    expect(answer).toMatchObject({ status: 200, messages: [{ id: expect.any(String) }] });
    expect(it.sim.state.botMessages()).toEqual([]);
    const id = answer.messages?.[0]?.id;
    const [status, ...more] = await statusesOf(id, 'failed');
    expect(more).toEqual([]);
    expect(status).toEqual({
      id,
      status: 'failed',
      timestamp: String(now / 1000),
      recipient_id: answer.contacts?.[0]?.wa_id,
      biz_opaque_callback_data: 'outbox:1',
      errors: [
        {
          code,
          title,
          message: title,
          error_data: { details: expect.any(String) },
          href: expect.stringContaining('https://developers.facebook.com/'),
        },
      ],
    });
    expect(it.hook.values.find(({ statuses }) => statuses?.[0]?.id === id)).not.toHaveProperty('contacts');
  });

  test('to a business-scoped id: told with it', async () => {
    await start();
    it.sim.phone.block(fatou);
    const { messages } = await it.send({ recipient: fatou.user_id, ...say });
    const [status] = await statusesOf(messages?.[0]?.id, 'failed');
    expect(status).toMatchObject({ recipient_user_id: fatou.user_id });
    expect(status).not.toHaveProperty('recipient_id');
  });

  test('failed is final, and the person never sees it', async () => {
    await start();
    it.sim.faults.failStatus = [{ code: 131026, times: 1 }];
    const { messages } = await it.say(awa.wa_id);
    const id = messages?.[0]?.id ?? '';
    it.sim.phone.text(awa, 'Merci');
    await statusesOf(id, 'failed');
    it.sim.phone.read(awa);
    await it.say(awa.wa_id, text(3));
    await it.sim.waitFor(() => it.sim.state.lastBotMessage('221770000001')?.status === 'delivered');
    expect((await statusesOf(id, 'failed')).map(({ status }) => status)).toEqual(['failed']);
    expect(() => it.sim.phone.reaction(awa, id, '👍')).toThrow(/no message/);
    expect(it.sim.state.messages(awa.wa_id).find((message) => message.id === id)).toMatchObject({
      status: 'failed',
      error: 131026,
    });
  });

  test('sent, then failed: the device refuses', async () => {
    await start();
    it.sim.faults.failStatus = [{ code: 131026, afterSent: true, to: awa.wa_id ?? '' }];
    const { messages } = await it.say(awa.wa_id);
    const told = await statusesOf(messages?.[0]?.id, 'failed');
    expect(told.map(({ status }) => status)).toEqual(['sent', 'failed']);
  });

  test('unblocked: messages arrive again', async () => {
    await start();
    it.sim.phone.block(awa);
    expect(() => it.sim.phone.text(awa, 'x')).toThrow(/unblock/);
    it.sim.phone.unblock(awa);
    const { messages } = await it.say(awa.wa_id);
    expect(await statusesOf(messages?.[0]?.id, 'delivered')).toHaveLength(2);
  });
});
