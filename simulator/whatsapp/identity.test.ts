import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { askContact } from './requests.ts';
import { bench, receiver } from './support.ts';
import type { Bench, Receiver, Value } from './support.ts';

const NOW = 1_790_000_000_000;
const [awa, moussa, , fatou] = people;
const timestamp = String(NOW / 1000);

let it: Bench;
let hook: Receiver;
beforeAll(async () => {
  it = await bench({ now: () => NOW });
  hook = await receiver(it.sim);
  await it.sim.subscribe(hook.url);
});
afterAll(async () => {
  await it.stop();
  await hook.close();
});
beforeEach(async () => {
  it.sim.faults.reset();
  for (const user of [awa, moussa, fatou]) it.sim.phone.text(user, 'Bonjour');
  await it.sim.waitFor(() => it.sim.state.pendingWebhooks().length === 0);
});

const idOf = async (answer: ReturnType<Bench['send']>) => (await answer).messages?.[0]?.id ?? '';

/** What the webhook got for this message. */
async function received(id: string): Promise<Value> {
  const find = () => hook.values.find(({ messages }) => messages?.some((message) => message.id === id));
  return it.sim.waitFor(find);
}

describe('the envelope', () => {
  test('of who has a number', async () => {
    const id = it.sim.phone.text(awa, 'Où ?');
    expect(await received(id)).toEqual({
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '221330000000', phone_number_id: '100000000000001' },
      contacts: [
        { profile: { name: 'Awa Démo' }, wa_id: '221770000001', user_id: 'SN.13490000000000000001' },
      ],
      messages: [
        {
          from: '221770000001',
          from_user_id: 'SN.13490000000000000001',
          id,
          timestamp,
          type: 'text',
          text: { body: 'Où ?' },
        },
      ],
    });
  });

  test('of who hides it: no from, no wa_id, nowhere', async () => {
    const question = await idOf(
      it.send({ recipient: fatou.user_id, type: 'text', text: { body: 'Votre nom ?' } }),
    );
    const id = it.sim.phone.text(fatou, 'Fatou', { replyTo: question });
    expect(await received(id)).toMatchObject({
      contacts: [{ profile: { name: fatou.name, username: '@fatou.demo' }, user_id: fatou.user_id }],
    });
    const { contacts, messages } = await received(id);
    expect(contacts?.[0]).not.toHaveProperty('wa_id');
    expect(messages).toEqual([
      {
        from_user_id: fatou.user_id,
        id,
        timestamp,
        context: { from: '221330000000', id: question },
        type: 'text',
        text: { body: 'Fatou' },
      },
    ]);
  });

  test('of anybody, once no number is told', async () => {
    const own = it.sim.phone.text(awa, 'Avant');
    it.sim.faults.withoutPhone = true;
    const id = it.sim.phone.text(awa, 'Après', { replyTo: own });
    const value = await received(id);
    expect(JSON.stringify(value)).not.toContain(awa.wa_id);
    expect(Buffer.from(id.slice('wamid.'.length), 'base64').toString('latin1')).not.toContain(awa.wa_id);
    expect(value.messages?.[0]).toMatchObject({
      from_user_id: awa.user_id,
      context: { from: awa.user_id, id: own },
    });
  });

  test('who has no name, no business-scoped id', async () => {
    const id = it.sim.phone.text({ wa_id: '221770000050' }, 'x');
    expect(await received(id)).toMatchObject({ contacts: [{ profile: {}, wa_id: '221770000050' }] });
    expect((await received(id)).messages?.[0]).not.toHaveProperty('from_user_id');
  });
});

test('the number that was asked for; messages to it arrive', async () => {
  const asked = await idOf(
    it.send({ recipient: fatou.user_id, type: 'interactive', interactive: askContact }),
  );
  const id = it.sim.phone.shareNumber(fatou);
  expect((await received(id)).messages).toEqual([
    {
      from_user_id: fatou.user_id,
      context: { from: '221330000000', id: asked },
      id,
      timestamp,
      type: 'contacts',
      origin: 'contact_request',
      contacts: [
        {
          name: { formatted_name: fatou.name, first_name: fatou.name },
          phones: [{ phone: '+221770000004', wa_id: '221770000004', type: 'CELL' }],
        },
      ],
    },
  ]);
  await it.say('221770000004', 'Merci');
  expect(it.sim.state.lastBotMessage(fatou.user_id ?? '')?.text).toBe('Merci');
});

describe('what the platform says of people', () => {
  test('a new number: told from the old one, without contacts; the same chat', async () => {
    const user = { wa_id: '221770000060', user_id: 'SN.60', name: 'Ex Emple' };
    it.sim.phone.text(user, 'Avant');
    const id = it.sim.phone.changeNumber(user, '221770000061');
    const value = await received(id);
    expect(value).not.toHaveProperty('contacts');
    expect(value.messages).toEqual([
      {
        from: '221770000060',
        from_user_id: 'SN.60',
        id,
        timestamp,
        type: 'system',
        system: {
          body: 'User Ex Emple changed from 221770000060 to 221770000061',
          wa_id: '221770000061',
          type: 'user_changed_number',
        },
      },
    ]);
    const after = it.sim.phone.text(user, 'Après');
    expect((await received(after)).messages?.[0]).toMatchObject({ from: '221770000061' });
    expect(it.sim.state.messages('221770000061').map(({ text }) => text)).toEqual(['Avant', 'Après']);
    expect(it.sim.state.messages('221770000060')).toEqual([]);
    expect(() => it.sim.phone.changeNumber(user, moussa.wa_id ?? '')).toThrow(/somebody's/);
  });

  test('a new business-scoped id: a system message, and its own field', async () => {
    const user = { wa_id: '221770000070', user_id: 'SN.70', name: 'Ex Emple' };
    it.sim.phone.text(user, 'Avant');
    const id = it.sim.phone.changeUserId(user, 'SN.71');
    expect((await received(id)).messages).toEqual([
      {
        from: '221770000070',
        from_user_id: 'SN.70',
        id,
        timestamp,
        type: 'system',
        system: {
          body: 'User Ex Emple changed from SN.70 to SN.71',
          user_id: 'SN.71',
          previous_user_id: 'SN.70',
          type: 'user_changed_user_id',
        },
      },
    ]);
    await it.sim.waitFor(() => it.sim.state.pendingWebhooks().length === 0);
    expect(it.sim.state.webhooks.at(-1)?.body['entry']).toMatchObject([
      {
        changes: [
          {
            field: 'user_id_update',
            value: {
              contacts: [{ profile: { name: 'Ex Emple' }, wa_id: '221770000070' }],
              user_id_update: [
                { wa_id: '221770000070', user_id: { previous: 'SN.70', current: 'SN.71' }, timestamp },
              ],
            },
          },
        ],
      },
    ]);
    expect(() => it.sim.phone.changeUserId({ wa_id: '221770000072' }, 'SN.72')).toThrow(/no business-scoped/);
  });
});
