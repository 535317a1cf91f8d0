import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

const [awa] = people;
let it: Bench;

beforeEach(async () => {
  it = await bench();
});
afterEach(() => it.stop());

const at = (path: string): string => `${it.sim.url}/simulator/api/telegram/${path}`;
const state = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(at(`state?user=${awa.id}`))).json()) as Record<string, unknown>;
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

test('an empty phone: three people, no message', async () => {
  expect(await state()).toEqual({
    bot: { id: it.sim.botId, username: 'guichet_demo_bot', first_name: 'Guichet (démo)' },
    commands: [],
    users: people,
    user: awa,
    chat: { id: awa.id, blocked: false, typing: false, keyboard: null, messages: [] },
    pendingCallbacks: [],
    violations: 0,
  });
});

test('a conversation, as the page sees it', async () => {
  await it.call('setMyCommands', { commands: [{ command: 'aide', description: 'Aide' }] });
  expect((await post('text', { user: awa.id, text: '/start' })).body).toEqual({
    update_id: expect.any(Number) as number,
  });
  await it.call('sendMessage', {
    chat_id: awa.id,
    text: 'Menu',
    entities: [{ type: 'bold', offset: 0, length: 4 }],
    reply_markup: { inline_keyboard: [[{ text: 'Aide', callback_data: 'aide' }]] },
  });
  await it.call('sendMessage', {
    chat_id: awa.id,
    text: 'Votre numéro ?',
    reply_markup: { keyboard: [[{ text: 'Partager', request_contact: true }]], resize_keyboard: true },
  });
  const message_id = it.sim.state.botMessages(awa.id)[0]?.message_id;
  await post('tap', { user: awa.id, message_id, data: 'aide' });
  await it.call('sendChatAction', { chat_id: awa.id, action: 'typing' });
  const seen = await state();
  expect(seen).toMatchObject({
    commands: [{ command: 'aide', description: 'Aide' }],
    chat: {
      typing: true,
      keyboard: { keyboard: [[{ text: 'Partager', request_contact: true }]], resize_keyboard: true },
      messages: [
        { from: 'user', text: '/start' },
        {
          from: 'bot',
          text: 'Menu',
          entities: [{ type: 'bold' }],
          inline_keyboard: [[{ text: 'Aide', callback_data: 'aide' }]],
        },
        { from: 'bot', text: 'Votre numéro ?' },
      ],
    },
    pendingCallbacks: [expect.any(String)],
  });
  const [callback_query_id] = seen['pendingCallbacks'] as string[];
  await it.call('answerCallbackQuery', { callback_query_id, text: 'Voici', show_alert: true });
  expect(await state()).toMatchObject({
    pendingCallbacks: [],
    lastCallbackAnswer: { text: 'Voici', show_alert: true },
  });
});

describe('actions', () => {
  test.each([
    ['photo', { caption: 'x' }, 'message'],
    ['voice', {}, 'message'],
    ['document', { name: 'a.pdf' }, 'message'],
    ['contact', { own: true }, 'message'],
    ['block', { blocked: true }, 'my_chat_member'],
  ])('%s', async (action, body, kind) => {
    expect((await post(action, { user: awa.id, ...body })).status).toBe(200);
    expect(it.sim.state.updates.at(-1)?.kind).toBe(kind);
  });

  test("somebody else's card has another user_id", async () => {
    await post('contact', { user: awa.id, own: false });
    const { message } = it.sim.state.updates.at(-1)?.body as { message: { contact: { user_id: number } } };
    expect(message.contact.user_id).not.toBe(awa.id);
  });

  test('a new person can write', async () => {
    await post('user', { id: 700000009, first_name: 'Nouvelle' });
    expect((await post('text', { user: 700000009, text: 'Bonjour' })).status).toBe(200);
  });

  test('faults are set in part', async () => {
    const { body } = await post('faults', {
      latencyMs: 3,
      errors: [{ code: 500, description: 'x', method: 'getMe' }],
    });
    expect(body).toMatchObject({ faults: { latencyMs: 3, rateLimit: false } });
    expect((await it.call('getMe')).status).toBe(500);
  });

  test('violations are listed', async () => {
    await it.call('getMe', { verbose: true });
    expect(await (await fetch(at('violations'))).json()).toMatchObject({
      violations: [{ method: 'getMe', rule: 'unknown-parameter' }],
    });
  });
});

describe('bad input is 400 with a reason', () => {
  test.each([
    ['text', { user: 1, text: 'x' }],
    ['text', { user: awa.id }],
    ['text', 'x'],
    ['tap', { user: awa.id, message_id: 1, data: 'x' }],
    ['edit', { user: awa.id, message_id: '1', text: 'x' }],
    ['block', { user: awa.id }],
    ['user', { id: 'x', first_name: 'y' }],
    ['faults', { gremlins: true }],
    ['faults', { set: true }],
    ['faults', { latencyMs: 'beaucoup' }],
  ])('%s %j', async (action, body) => {
    const answer = await post(action, body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toEqual(expect.any(String));
  });

  test('a form from another site is not taken', async () => {
    const response = await fetch(at('text'), {
      method: 'POST',
      body: JSON.stringify({ user: awa.id, text: 'x' }),
    });
    expect(response.status).toBe(400);
    expect(it.sim.state.updates).toEqual([]);
  });

  test('unknown person, unknown action', async () => {
    expect((await fetch(at('state?user=1'))).status).toBe(400);
    expect((await fetch(at('nothing'))).status).toBe(404);
  });
});

test('events: the state at once, and after each change of that chat', async () => {
  const response = await fetch(at(`events?user=${awa.id}`));
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
  it.sim.phone.text(awa, 'Bonjour');
  await until('"text":"Bonjour"');
  await reader.cancel();
});
