import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { body, button, row, rows, requests, text } from './requests.ts';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

const [awa, , , fatou] = people;
let it: Bench;
let inbound: string;

beforeAll(async () => {
  it = await bench();
});
beforeEach(() => {
  for (const user of people) inbound = it.sim.phone.text(user, 'Bonjour');
  (it.sim.state.violations as unknown[]).length = 0;
});
afterAll(() => it.stop());

const { send, interactive, buttons, list, template } = requests(() => it, awa.wa_id);
describe('accepted', () => {
  test.each<[string, () => ReturnType<typeof send>]>([
    ['text', () => send({ type: 'text', text: { body: text(4096), preview_url: false } })],
    ['4096 emoji', () => send({ text: { body: '😀'.repeat(2048) } })],
    ['type left out', () => send({ text: { body: 'x' } })],
    ['recipient_type', () => send({ recipient_type: 'individual', type: 'text', text: { body: 'x' } })],
    ['callback data', () => send({ text: { body: 'x' }, biz_opaque_callback_data: text(512) })],
    ['an answer', () => send({ text: { body: 'x' }, context: { message_id: inbound } })],
    ['3 buttons', () => buttons(['a', text(20)], ['b', 'B'], [text(256), 'C'])],
    [
      'a list of 10 rows',
      () =>
        list([
          { title: text(24), rows: rows(5) },
          { title: 'B', rows: rows(5, 5) },
        ]),
    ],
    ['a row at its limits', () => list([{ rows: [row(text(200), text(24), text(72))] }], text(20))],
    [
      'header, footer, body at their limits',
      () =>
        interactive({
          type: 'button',
          header: { type: 'text', text: text(60) },
          body: { text: text(1024) },
          footer: { text: text(60) },
          action: { buttons: [button('a', 'A')] },
        }),
    ],
    [
      'a link button',
      () =>
        interactive({
          type: 'cta_url',
          body: { text: 'Site' },
          action: { name: 'cta_url', parameters: { display_text: text(20), url: 'https://example.org/a' } },
        }),
    ],
    [
      'a request for the number',
      () =>
        interactive({
          type: 'request_contact_info',
          body: { text: 'Votre numéro ?' },
          action: { name: 'request_contact_info' },
        }),
    ],
    [
      'an image by link',
      () => send({ type: 'image', image: { link: 'https://example.org/a.png', caption: 'x' } }),
    ],
    ['a location', () => send({ type: 'location', location: { latitude: 14.7, longitude: -17.4 } })],
    [
      'contacts',
      () =>
        send({
          type: 'contacts',
          contacts: [
            {
              name: { formatted_name: 'Agence', first_name: 'Agence' },
              phones: [{ phone: '+221330000000' }],
            },
          ],
        }),
    ],
    ['a reaction', () => send({ type: 'reaction', reaction: { message_id: inbound, emoji: '👍' } })],
    ['a template', () => template('reponse_disponible', 'fr', body('Awa'))],
    ['a template without components', () => template('hello_world', 'en_US')],
    ['a read receipt', () => it.send({ status: 'read', message_id: inbound })],
    ['typing', () => it.send({ status: 'read', message_id: inbound, typing_indicator: { type: 'text' } })],
  ])('%s', async (_, act) => {
    expect(await act()).toMatchObject({ status: 200 });
    expect(it.sim.state.violations).toEqual([]);
  });
});

describe('tolerated, and recorded', () => {
  test.each<[string, string, () => ReturnType<typeof send>]>([
    ['a number with a plus', 'phone', () => send({ to: '+221 77 000 00 01', text: { body: 'x' } })],
    ['two addresses', 'recipient', () => send({ recipient: awa.user_id, text: { body: 'x' } })],
    ['"true"', 'type', () => send({ text: { body: 'x', preview_url: 'true' } })],
    ['Markdown', 'markup', () => send({ text: { body: 'Le **montant**' } })],
    ['HTML', 'markup', () => send({ text: { body: 'Le <b>montant</b>' } })],
    ['a Markdown link', 'markup', () => send({ text: { body: '[site](https://example.org)' } })],
    [
      'an answer to a stranger',
      'context',
      () => send({ text: { body: 'x' }, context: { message_id: 'wamid.x' } }),
    ],
    ['emoji past the UTF-16 limit', 'length', () => buttons(['a', '😀'.repeat(15)])],
    ['two rows alike', 'row-title', () => list([{ rows: [row('a', 'A'), row('b', 'A')] }])],
    ['plain http', 'link', () => send({ type: 'image', image: { link: 'http://example.org/a.png' } })],
    [
      'a document without a name',
      'filename',
      () => send({ type: 'document', document: { link: 'https://example.org' } }),
    ],
  ])('%s: %s', async (_, rule, act) => {
    expect((await act()).status).toBe(200);
    expect(it.sim.state.violations).toMatchObject([{ call: 'POST messages', rule }]);
  });
});

describe('addresses', () => {
  test('a number: the answer has wa_id', async () => {
    expect(await it.say(awa.wa_id)).toMatchObject({
      messaging_product: 'whatsapp',
      contacts: [{ input: awa.wa_id, wa_id: awa.wa_id }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
  });

  test('a business-scoped id: the answer has user_id and no wa_id', async () => {
    const answer = await it.send({ recipient: fatou.user_id, text: { body: 'x' } });
    expect(answer.contacts).toEqual([{ input: fatou.user_id, user_id: fatou.user_id }]);
    expect(it.sim.state.lastBotMessage(fatou.user_id ?? '')?.id).toBe(answer.messages?.[0]?.id);
  });

  test('number and id lead to one chat', async () => {
    await it.send({ recipient: awa.user_id, text: { body: 'par identifiant' } });
    expect(it.sim.state.lastBotMessage('221770000001')?.text).toBe('par identifiant');
    expect(it.sim.state.lastBotMessage(awa.user_id ?? '')?.text).toBe('par identifiant');
  });
});
