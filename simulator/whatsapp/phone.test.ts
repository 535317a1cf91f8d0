import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { requests, row } from './requests.ts';
import { bench, receiver } from './support.ts';
import type { Bench, Receiver, Value } from './support.ts';
import type { WaUser } from './whatsapp.ts';

const NOW = 1_790_000_000_000;
const [awa, moussa] = people;
const timestamp = String(NOW / 1000);
const wamid = expect.stringMatching(/^wamid\./);
const mediaId = expect.stringMatching(/^\d{16}$/);
const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('base64');
const from = { from: awa.wa_id, from_user_id: awa.user_id, id: wamid, timestamp };
const bytes = Buffer.from('octets');

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
  for (const user of [awa, moussa]) it.sim.phone.text(user, 'Bonjour');
  await it.sim.waitFor(() => it.sim.state.pendingWebhooks().length === 0);
});

const { buttons, list, template } = requests(() => it, awa.wa_id);
const idOf = async (answer: ReturnType<Bench['send']>) => (await answer).messages?.[0]?.id ?? '';

/** What the webhook got for this message. */
async function received(id: string): Promise<Value> {
  const find = () => hook.values.find(({ messages }) => messages?.some((message) => message.id === id));
  return it.sim.waitFor(find);
}

describe('what is said', () => {
  type Act = (user: WaUser) => string;
  const file = { mime_type: 'image/jpeg', sha256: sha256(bytes), id: mediaId };
  test.each<[string, object, Act]>([
    [
      'a forward, at another time, with more',
      {
        context: { forwarded: true },
        timestamp: '17',
        type: 'text',
        text: { body: 'x' },
        referral: { a: 1 },
      },
      (user) =>
        it.sim.phone.text(user, 'x', { forwarded: true, timestamp: 17, extra: { referral: { a: 1 } } }),
    ],
    [
      'an image',
      { type: 'image', image: { ...file, caption: 'La carte' } },
      (user) => it.sim.phone.image(user, { bytes, caption: 'La carte', name: 'x.jpg' }),
    ],
    [
      'a document',
      {
        type: 'document',
        document: { ...file, mime_type: 'application/pdf', filename: 'a.pdf', caption: 'x' },
      },
      (user) => it.sim.phone.document(user, { bytes, caption: 'x', name: 'a.pdf' }),
    ],
    [
      'a sound',
      { type: 'audio', audio: { ...file, mime_type: 'audio/mpeg', voice: false } },
      (user) => it.sim.phone.audio(user, { bytes, mime: 'audio/mpeg', caption: 'never' }),
    ],
    [
      'a voice note',
      { type: 'audio', audio: { ...file, mime_type: 'audio/ogg; codecs=opus', voice: true } },
      (user) => it.sim.phone.voice(user, { bytes }),
    ],
    [
      'a video',
      { type: 'video', video: { ...file, mime_type: 'video/mp4', caption: 'x' } },
      (user) => it.sim.phone.video(user, { bytes, caption: 'x' }),
    ],
    [
      'a sticker',
      { type: 'sticker', sticker: { ...file, mime_type: 'image/webp', animated: true } },
      (user) => it.sim.phone.sticker(user, { bytes, animated: true }),
    ],
    [
      'a place',
      { type: 'location', location: { latitude: 14.7, longitude: -17.4, name: 'Dakar' } },
      (user) => it.sim.phone.location(user, { latitude: 14.7, longitude: -17.4, name: 'Dakar' }),
    ],
    [
      'a card',
      {
        type: 'contacts',
        origin: 'other',
        contacts: [
          {
            name: { formatted_name: 'Autre Démo', first_name: 'Autre Démo' },
            phones: [{ phone: '+221 77 000 00 09', wa_id: '221770000009', type: 'CELL' }],
          },
        ],
      },
      (user) =>
        it.sim.phone.contacts(user, [
          { name: 'Autre Démo', phone: '+221 77 000 00 09', wa_id: '221770000009' },
        ]),
    ],
    [
      'an order',
      {
        type: 'order',
        order: {
          catalog_id: '300000000000001',
          text: 'Vite',
          product_items: [{ product_retailer_id: 'p', quantity: 2, item_price: 5, currency: 'XOF' }],
        },
      },
      (user) => it.sim.phone.order(user, [{ product: 'p', quantity: 2, price: 5 }], 'Vite'),
    ],
    [
      'what WhatsApp cannot show',
      {
        type: 'unsupported',
        errors: [expect.objectContaining({ code: 131051, title: expect.any(String) })],
        unsupported: { type: 'poll' },
      },
      (user) => it.sim.phone.unsupported(user),
    ],
  ])('%s', async (_, fields, act) => {
    const id = act(awa);
    expect((await received(id)).messages).toEqual([{ ...from, id, ...fields }]);
  });
});

describe('about other messages', () => {
  test('a reply button', async () => {
    const menu = await idOf(buttons(['aide', 'Aide'], ['menu', 'Menu']));
    const id = it.sim.phone.reply(awa, menu, 'menu');
    expect((await received(id)).messages).toEqual([
      {
        ...from,
        id,
        context: { from: '221330000000', id: menu },
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'menu', title: 'Menu' } },
      },
    ]);
  });

  test('a row of a list, with its description when it has one', async () => {
    const menu = await idOf(list([{ rows: [row('a', 'Un', 'Le premier'), row('b', 'Deux')] }]));
    const replies = ['a', 'b'].map((id) => it.sim.phone.reply(awa, menu, id));
    const got = await Promise.all(replies.map(received));
    expect(got.map(({ messages }) => messages?.[0]?.['interactive'])).toEqual([
      { type: 'list_reply', list_reply: { id: 'a', title: 'Un', description: 'Le premier' } },
      { type: 'list_reply', list_reply: { id: 'b', title: 'Deux' } },
    ]);
  });

  test('a quick reply of a template is a button of its own kind', async () => {
    const parameters = [{ type: 'text', text: 'Awa' }];
    const offer = await idOf(template('reponse_disponible', 'fr', { type: 'body', parameters }));
    const id = it.sim.phone.reply(awa, offer, 'Recevoir la réponse');
    expect((await received(id)).messages).toMatchObject([
      {
        context: { from: '221330000000', id: offer },
        type: 'button',
        button: { payload: 'Recevoir la réponse', text: 'Recevoir la réponse' },
      },
    ]);
  });

  test('a reaction; taken back, it has no emoji', async () => {
    const to = await idOf(it.say(awa.wa_id));
    const put = it.sim.phone.reaction(awa, to, '👍');
    expect(it.sim.state.lastBotMessage(awa.wa_id ?? '')?.reaction).toEqual({ to, emoji: '👍' });
    const back = it.sim.phone.reaction(awa, to, '');
    expect(it.sim.state.lastBotMessage(awa.wa_id ?? '')).not.toHaveProperty('reaction');
    const got = await Promise.all([put, back].map(received));
    expect(got.map(({ messages }) => messages?.[0]?.['reaction'])).toEqual([
      { message_id: to, emoji: '👍' },
      { message_id: to },
    ]);
  });

  test('an edit, of a text or of a caption; a withdrawal', async () => {
    const text = it.sim.phone.text(awa, 'Alocations');
    const image = it.sim.phone.image(awa, { bytes, caption: 'avant' });
    const edits = [
      it.sim.phone.edit(awa, text, 'Allocations'),
      it.sim.phone.edit(awa, image, 'après'),
      it.sim.phone.revoke(awa, text),
    ];
    const got = await Promise.all(edits.map(received));
    expect(got.map(({ messages }) => messages?.[0])).toEqual([
      {
        ...from,
        type: 'edit',
        edit: { original_message_id: text, message: { type: 'text', text: { body: 'Allocations' } } },
      },
      {
        ...from,
        type: 'edit',
        edit: {
          original_message_id: image,
          message: {
            type: 'image',
            image: { mime_type: 'image/jpeg', sha256: sha256(bytes), id: mediaId, caption: 'après' },
          },
        },
      },
      { ...from, type: 'revoke', revoke: { original_message_id: text } },
    ]);
    expect(it.sim.state.messages(awa.wa_id).find(({ id }) => id === text)).toMatchObject({
      text: '',
      edited: true,
      revoked: true,
    });
    expect(() => it.sim.phone.edit(awa, text, 'x')).toThrow(/no message/);
  });
});

describe('what cannot be done', () => {
  test.each<[string, RegExp, () => unknown]>([
    ['a button that is not there', /offers no "x"/, async () => it.sim.phone.reply(awa, await menu(), 'x')],
    ['a message that is not there', /no message/, () => it.sim.phone.reply(awa, 'wamid.x', 'a')],
    ['somebody else’s message', /no message/, async () => it.sim.phone.reply(moussa, await menu(), 'a')],
    [
      'an answer to another chat',
      /no message/,
      async () => it.sim.phone.text(moussa, 'x', { replyTo: await menu() }),
    ],
    ['an edit of what the bot said', /no message/, async () => it.sim.phone.edit(awa, await menu(), 'x')],
    ['an edit of a place', /only a text/, () => it.sim.phone.edit(awa, place(), 'x')],
    ['a number nobody asked for', /nobody asked/, () => it.sim.phone.shareNumber(moussa)],
    ['a person without any id', /needs a wa_id/, () => it.sim.phone.text({ name: 'x' }, 'x')],
  ])('%s', async (_, why, act) => {
    await expect((async () => act())()).rejects.toThrow(why);
  });
  const menu = () => idOf(buttons(['a', 'A']));
  const place = () => it.sim.phone.location(awa, { latitude: 1, longitude: 1 });

  test('and it changes nothing', () => {
    const before = it.sim.state.messages(moussa.wa_id).length;
    const media = it.sim.state.webhooks.length;
    expect(() => it.sim.phone.image(moussa, { replyTo: 'wamid.x' })).toThrow();
    expect(it.sim.state.messages(moussa.wa_id)).toHaveLength(before);
    expect(it.sim.state.webhooks).toHaveLength(media);
  });
});
