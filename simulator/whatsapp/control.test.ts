import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { askContact, requests } from './requests.ts';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

const START = 1_790_000_000_000;
const [awa, , , fatou] = people;
const user = awa.wa_id ?? '';
let now: number;
let it: Bench;

beforeEach(async () => {
  now = START;
  it = await bench({ now: () => now });
});
afterEach(() => it.stop());

const { send, buttons, list } = requests(() => it, user);
const at = (path: string): string => `${it.sim.url}/simulator/api/whatsapp/${path}`;
interface State {
  chat: { messages: Record<string, unknown>[]; windowUntil: number } & Record<string, unknown>;
  violations: number;
}
const state = async (id = user): Promise<State> =>
  (await (await fetch(at(`state?user=${id}`))).json()) as State;
const post = async (
  action: string,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(at(action), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const said = async (action: string, body: object = {}): Promise<string> => {
  const answer = await post(action, { user, ...body });
  expect(answer).toEqual({ status: 200, body: { id: expect.stringMatching(/^wamid\./) } });
  return String(answer.body['id']);
};
const payload = () => it.sim.state.messages(user).at(-1)?.payload;

test('an empty phone: four people, no message, a window that never opened', async () => {
  expect(await state()).toEqual({
    business: { name: 'Guichet (démo)', number: '221330000000' },
    users: people.map((person) => ({ id: person.wa_id ?? person.user_id, ...person })),
    user: { id: user, ...awa },
    chat: { id: user, typing: false, blocked: false, windowOpen: false, windowUntil: 0, messages: [] },
    violations: 0,
  });
  expect((await state(fatou.user_id)).chat['id']).toBe(fatou.user_id);
});

test('a conversation, as the page sees it', async () => {
  const question = await said('text', { text: 'menu' });
  const typing = { type: 'text' };
  await it.send({ status: 'read', message_id: question, typing_indicator: typing });
  expect((await state()).chat).toMatchObject({
    typing: true,
    windowOpen: true,
    windowUntil: START / 1000 + 86_400,
    messages: [
      { id: question, from: 'user', timestamp: START / 1000, kind: 'text', text: 'menu', read: true },
    ],
  });
  const { messages } = await buttons(['a', 'Aide'], ['b', 'Menu']);
  const menu = messages?.[0]?.id ?? '';
  await it.sim.waitFor(() => it.sim.state.lastBotMessage(user)?.status === 'delivered');
  const { chat } = await state();
  expect(chat).toMatchObject({ typing: false });
  expect(chat.messages[1]).toEqual({
    id: menu,
    from: 'bot',
    timestamp: START / 1000,
    kind: 'interactive',
    text: 'Choisissez',
    status: 'delivered',
    buttons: [
      { id: 'a', title: 'Aide' },
      { id: 'b', title: 'Menu' },
    ],
  });
  await post('read', { user });
  const tap = await said('reply', { message: menu, id: 'a' });
  await said('reaction', { message: menu, emoji: '👍' });
  const after = await state();
  expect(after.chat.messages.slice(1)).toMatchObject([
    { id: menu, status: 'read', reaction: '👍' },
    { id: tap, kind: 'interactive', text: 'Aide', replyTo: menu, read: false },
  ]);
  now += 86_400_000;
  expect((await state()).chat).toMatchObject({ windowOpen: false, windowUntil: now / 1000 });
});

test('lists, links, requests, headers and failures are shown too', async () => {
  await said('text', { text: 'menu' });
  await list([{ title: 'T', rows: [{ id: 'a', title: 'Un', description: 'Le premier' }] }], 'Voir');
  await send({
    type: 'interactive',
    interactive: {
      type: 'cta_url',
      header: { type: 'text', text: 'En-tête' },
      footer: { text: 'Pied' },
      body: { text: 'Site' },
      action: { name: 'cta_url', parameters: { display_text: 'Ouvrir', url: 'https://example.org' } },
    },
  });
  await send({ type: 'interactive', interactive: askContact });
  await send({ type: 'image', image: { link: 'https://example.org/a.png' } });
  it.sim.faults.failStatus = [{ code: 131049 }];
  await send({ text: { body: 'perdu' } });
  await it.sim.waitFor(() => it.sim.state.statuses.some(({ status }) => status === 'failed'));
  expect((await state()).chat.messages.slice(1)).toMatchObject([
    { list: { button: 'Voir', sections: [{ title: 'T', rows: [{ id: 'a', description: 'Le premier' }] }] } },
    { header: 'En-tête', footer: 'Pied', url: { text: 'Ouvrir', url: 'https://example.org' } },
    { asks: 'contact' },
    { media: { kind: 'image', link: 'https://example.org/a.png' } },
    { status: 'failed', error: 131049 },
  ]);
});

describe('actions', () => {
  test.each<[string, object, object]>([
    ['text', { text: 'Bonjour' }, { type: 'text', text: { body: 'Bonjour' } }],
    ['image', { caption: 'x' }, { type: 'image', image: { caption: 'x', mime_type: 'image/jpeg' } }],
    ['voice', {}, { type: 'audio', audio: { voice: true } }],
    ['audio', {}, { type: 'audio', audio: { voice: false } }],
    ['document', { name: 'a.pdf' }, { type: 'document', document: { filename: 'a.pdf' } }],
    ['video', {}, { type: 'video' }],
    ['sticker', {}, { type: 'sticker' }],
    [
      'location',
      { latitude: 14.7, longitude: -17.4, name: 'Dakar' },
      { type: 'location', location: { latitude: 14.7, longitude: -17.4, name: 'Dakar' } },
    ],
    [
      'card',
      { name: 'Autre Démo', phone: '221770000009' },
      { type: 'contacts', contacts: [{ phones: [{ phone: '+221770000009', wa_id: '221770000009' }] }] },
    ],
    [
      'order',
      { items: [{ product: 'p', quantity: 1, price: 5 }], text: 'Vite' },
      { type: 'order', order: { text: 'Vite', product_items: [{ product_retailer_id: 'p' }] } },
    ],
    ['unsupported', {}, { type: 'unsupported' }],
  ])('%s', async (action, body, expected) => {
    const id = await said(action, body);
    expect(payload()).toMatchObject({ id, ...expected });
  });

  test('an answer, an edit, a withdrawal', async () => {
    const first = await said('text', { text: 'Alocations' });
    await said('text', { text: 'et ?', replyTo: first });
    expect(payload()).toMatchObject({ context: { id: first } });
    await said('edit', { message: first, text: 'Allocations' });
    expect((await state()).chat.messages[0]).toMatchObject({ text: 'Allocations', edited: true });
    await said('revoke', { message: first });
    expect((await state()).chat.messages[0]).toMatchObject({ text: '', revoked: true });
  });

  test('the number that was asked for, their own or another', async () => {
    await said('text', { text: 'x' });
    await send({ type: 'interactive', interactive: askContact });
    await said('contact');
    expect(payload()).toMatchObject({ origin: 'contact_request', contacts: [{ phones: [{ wa_id: user }] }] });
    await said('contact', { phone: '221770000009' });
    expect(payload()).toMatchObject({ contacts: [{ phones: [{ wa_id: '221770000009' }] }] });
  });

  test('a new number, a new business-scoped id: the person goes on', async () => {
    await said('text', { text: 'avant' });
    await said('number', { number: '221770000041' });
    await post('user-id', { user: '221770000041', user_id: 'SN.41' });
    expect(await state('SN.41')).toMatchObject({
      user: { id: '221770000041', user_id: 'SN.41' },
      chat: { id: '221770000041', messages: [{ text: 'avant' }] },
    });
    expect((await fetch(at(`state?user=${user}`))).status).toBe(400);
  });

  test('blocking', async () => {
    expect((await post('block', { user, blocked: true })).body).toEqual({ blocked: true });
    expect((await state()).chat['blocked']).toBe(true);
    expect((await post('text', { user, text: 'x' })).status).toBe(400);
    await post('block', { user, blocked: false });
    await said('text', { text: 'x' });
  });

  test('a new person can write, with or without a number', async () => {
    const { body } = await post('user', { wa_id: '221770000009', name: 'Nouvelle' });
    expect(body).toEqual({ user: { id: '221770000009', wa_id: '221770000009', name: 'Nouvelle' } });
    await post('user', { user_id: 'SN.9', username: '@neuf' });
    await said('text', { user: 'SN.9', text: 'Bonjour' });
    expect((await state('SN.9')).chat.messages).toHaveLength(1);
  });

  test('faults are set in part', async () => {
    const rule = { code: 131016, times: 1 };
    const { body } = await post('faults', {
      latencyMs: 3,
      errors: [rule],
      mediaUrl: 'https://example.org/vol',
    });
    expect(body).toMatchObject({
      faults: { latencyMs: 3, throttle: false, mediaUrl: 'https://example.org/vol', errors: [rule] },
    });
    expect((await it.say(user)).error?.code).toBe(131016);
  });

  test('violations are listed', async () => {
    await said('text', { text: 'x' });
    await it.say(user, 'Le **montant**');
    expect(await (await fetch(at('violations'))).json()).toMatchObject({
      violations: [{ call: 'POST messages', rule: 'markup' }],
    });
    expect((await state()).violations).toBe(1);
  });
});

describe('files', () => {
  const mediaIn = async () => (await state()).chat.messages.at(-1)?.['media'] as Record<string, unknown>;
  const show = (id: unknown): Promise<Response> => fetch(at(`media/${String(id)}`));

  test('given by the page, shown by the page', async () => {
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
    await said('image', {
      base64: bytes.toString('base64'),
      mime: 'image/png',
      name: 'carte.png',
      caption: 'x',
    });
    const media = await mediaIn();
    expect(media).toEqual({
      kind: 'image',
      id: expect.any(String),
      name: 'carte.png',
      mime: 'image/png',
      size: bytes.length,
    });
    const shown = await show(media['id']);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
  });

  test('up to 20 MB', async () => {
    const most = 20 * 1024 * 1024;
    await said('document', { base64: Buffer.alloc(most).toString('base64'), mime: 'application/pdf' });
    expect(await mediaIn()).toMatchObject({ size: most });
    const more = await post('document', { user, base64: Buffer.alloc(most + 1).toString('base64') });
    expect(more).toMatchObject({ status: 400, body: { error: expect.stringContaining('20971520 at most') } });
  });

  test('kept in the chat when the business deletes its own, or after a week', async () => {
    await said('image');
    const { id } = await mediaIn();
    await it.request(String(id), { method: 'DELETE' });
    now += 8 * 86_400_000;
    expect((await show(id)).status).toBe(200);
    expect((await it.request(String(id))).status).toBe(400);
  });

  test.each(['text/html', 'image/svg+xml', 'application/pdf'])('%s is not run in the page', async (mime) => {
    await said('document', { base64: Buffer.from('<script>').toString('base64'), mime });
    const shown = await show((await mediaIn())['id']);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
    });
  });

  test('unknown: 404', async () => {
    for (const path of ['media/1', 'media/', 'media/__proto__'])
      expect((await fetch(at(path))).status).toBe(404);
  });
});

describe('bad input is 400 with a reason', () => {
  test.each<[string, unknown]>([
    ['text', { user: '1', text: 'x' }],
    ['text', { user: 1, text: 'x' }],
    ['text', { user }],
    ['text', { user, text: 'x', replyTo: 'wamid.x' }],
    ['text', { user, text: 'x', replyTo: 5 }],
    ['text', 'x'],
    ['text', null],
    ['text', []],
    ['reply', { user, message: 'wamid.x', id: 'x' }],
    ['image', { user, base64: 'é!' }],
    ['image', { user, base64: '' }],
    ['image', { user, base64: 7 }],
    ['image', { user, mime: 'image/png\r\nx: y' }],
    ['image', { user, caption: {} }],
    ['location', { user, latitude: 91, longitude: 0 }],
    ['location', { user, latitude: '1', longitude: 0 }],
    ['contact', { user }],
    ['contact', { user, phone: '+221 77' }],
    ['card', { user, name: 'x', phone: 'x' }],
    ['reaction', { user, message: 'wamid.x', emoji: '👍' }],
    ['order', { user, items: [] }],
    ['order', { user, items: [null, { product: 'p', quantity: -1, price: 1 }] }],
    ['edit', { user, message: 'wamid.x', text: 'x' }],
    ['revoke', { user }],
    ['read', { user, message: 'wamid.x' }],
    ['number', { user, number: '12' }],
    ['number', { user, number: '221770000002' }],
    ['user-id', { user, user_id: '12' }],
    ['user-id', { user, user_id: 'SN.13490000000000000004' }],
    ['block', { user }],
    ['user', {}],
    ['user', { wa_id: 'x' }],
    ['user', { user_id: '' }],
    ['faults', { gremlins: true }],
    ['faults', { set: true }],
    ['faults', { constructor: {} }],
    ['faults', { latencyMs: 'beaucoup' }],
    ['faults', { latencyMs: -1 }],
    ['faults', { duplicateWebhooks: 1e9 }],
    ['faults', { errors: [{}] }],
    ['faults', { errors: [null] }],
    ['faults', { errors: [{ code: 1, httpStatus: 99_999 }] }],
    ['faults', { dropCalls: [{ mode: 'explode' }] }],
    ['faults', { failStatus: [{ code: 131026, toString: 1 }] }],
  ])('%s %j', async (action, body) => {
    const before = it.sim.state.webhooks.length;
    const answer = await post(action, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: expect.stringMatching(/^[^\n]{5,200}$/) });
    expect(answer.body['error']).not.toMatch(/undefined|Cannot read|\bat .*:\d+/);
    expect(it.sim.state.webhooks).toHaveLength(before);
  });

  test('a form from another site is not taken', async () => {
    const response = await fetch(at('text'), { method: 'POST', body: JSON.stringify({ user, text: 'x' }) });
    expect(response.status).toBe(400);
    expect(it.sim.state.messages()).toEqual([]);
  });

  test('unknown person, unknown action, another method', async () => {
    expect((await fetch(at('state?user=1'))).status).toBe(400);
    expect((await fetch(at('events'))).status).toBe(400);
    expect((await fetch(at('nothing'))).status).toBe(404);
    expect((await fetch(at('constructor'), { method: 'POST' })).status).toBe(404);
    expect((await fetch(at('text'))).status).toBe(405);
  });
});

test('events: the state at once, and after each change of that chat', async () => {
  const response = await fetch(at(`events?user=${user}`));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  const until = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended before ${wanted}`);
      text += Buffer.from(value).toString('utf8');
    }
  };
  await until('"messages":[]');
  expect(text).toMatch(/^event: state\ndata: \{/);
  const id = it.sim.phone.text(awa, 'Bonjour');
  await until('"text":"Bonjour"');
  await it.send({ status: 'read', message_id: id, typing_indicator: { type: 'text' } });
  await until('"typing":true');
  expect(text).toContain('"read":true');
  await it.say(user, 'Voici');
  await until('"status":"delivered"');
  await reader.cancel();
});
