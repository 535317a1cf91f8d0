import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench } from './support.ts';
import type { Answer, Bench } from './support.ts';

const [awa] = people;
let it: Bench;

beforeEach(async () => {
  it = await bench();
  it.sim.phone.text(awa, '/start');
});
afterEach(() => it.stop());

const base = (): string => `${it.sim.url}/bot${it.sim.token}`;
const markup = JSON.stringify({ inline_keyboard: [[{ text: 'Menu', callback_data: 'm' }]] });
const multipart = (): FormData => {
  const form = new FormData();
  form.set('chat_id', String(awa.id));
  form.set('text', 'Ça va ?');
  form.set('reply_markup', markup);
  return form;
};

describe('the same call in every encoding', () => {
  const fields = { chat_id: String(awa.id), text: 'Ça va ?', reply_markup: markup };
  const rows: [string, () => Promise<Response>][] = [
    ['query, GET', () => fetch(`${base()}/sendMessage?${new URLSearchParams(fields).toString()}`)],
    ['form', () => fetch(`${base()}/sendMessage`, { method: 'POST', body: new URLSearchParams(fields) })],
    ['multipart', () => fetch(`${base()}/sendMessage`, { method: 'POST', body: multipart() })],
    [
      'JSON, other case',
      () =>
        fetch(`${base()}/SENDmessage`, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify({ ...fields, chat_id: awa.id }),
        }),
    ],
  ];
  test.each(rows)('%s', async (_label, send) => {
    const answer = (await (await send()).json()) as Answer;
    expect(answer).toMatchObject({
      ok: true,
      result: { text: 'Ça va ?', chat: { id: awa.id, type: 'private' } },
    });
    expect(it.sim.state.violations).toEqual([]);
    expect(it.sim.state.callsOf('sendMessage', awa.id)).toHaveLength(1);
  });
});

test('a wrong token is 401, an unknown path 404', async () => {
  const wrong = await fetch(`${it.sim.url}/bot1:WRONG/getMe`);
  expect([wrong.status, await wrong.json()]).toEqual([
    401,
    { ok: false, error_code: 401, description: 'Unauthorized' },
  ]);
  expect((await fetch(`${it.sim.url}/nowhere`)).status).toBe(404);
});

test('malformed JSON gives the error of the missing parameter, an overlong body 413', async () => {
  const post = (body: string): Promise<Response> =>
    fetch(`${base()}/sendMessage`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(await (await post('{"chat_id":')).json()).toMatchObject({
    description: 'Bad Request: chat_id is empty',
  });
  expect((await post(JSON.stringify({ text: 'a'.repeat(1 << 20) }))).status).toBe(413);
});

test('an uploaded document can be fetched again', async () => {
  const form = new FormData();
  form.set('chat_id', String(awa.id));
  form.set('document', new Blob(['%PDF démo'], { type: 'application/pdf' }), 'guide.pdf');
  const sent = (await (await fetch(`${base()}/sendDocument`, { method: 'POST', body: form })).json()) as {
    result: { document: { file_id: string; file_name: string } };
  };
  expect(sent.result.document.file_name).toBe('guide.pdf');
  const { result } = await it.call('getFile', { file_id: sent.result.document.file_id });
  const { file_path } = result as { file_path: string };
  const file = await fetch(`${it.sim.url}/file/bot${it.sim.token}/${file_path}`);
  expect(await file.text()).toBe('%PDF démo');
});

describe('the bot itself', () => {
  test('getMe', async () => {
    expect((await it.call('getMe')).result).toMatchObject({
      id: it.sim.botId,
      is_bot: true,
      username: 'guichet_demo_bot',
    });
  });

  const command = (name: string, description = 'Aide'): object => ({
    commands: [{ command: name, description }],
  });
  const rows: [string, object, string | undefined][] = [
    ['right', command('aide'), undefined],
    ['capitals', command('Aide'), 'Bad Request: BOT_COMMAND_INVALID'],
    ['too long', command('a'.repeat(33)), 'Bad Request: command length must not exceed 32'],
    ['no description', command('aide', ''), 'Bad Request: command description must be non-empty'],
    [
      'description of 257',
      command('aide', 'a'.repeat(257)),
      'Bad Request: command description length must not exceed 256',
    ],
    ['missing', {}, 'Bad Request: parameter "commands" is required'],
    [
      '101',
      { commands: Array.from({ length: 101 }, (_, i) => ({ command: `c${i}`, description: 'x' })) },
      'Bad Request: BOT_COMMANDS_TOO_MUCH',
    ],
  ];
  test.each(rows)('commands: %s', async (_label, params, description) => {
    const answer = await it.call('setMyCommands', params);
    expect(answer.description).toBe(description);
    const kept = (await it.call('getMyCommands')).result;
    expect(kept).toEqual(description === undefined ? [{ command: 'aide', description: 'Aide' }] : []);
  });

  test('a description is kept for its getter', async () => {
    await it.call('setMyDescription', { description: 'Assistant', language_code: 'fr' });
    expect((await it.call('getMyDescription', { language_code: 'fr' })).result).toEqual({
      description: 'Assistant',
    });
    expect((await it.call('getMyDescription')).result).toEqual({ description: '' });
  });
});

test('typing shows for five seconds, or until the answer', async () => {
  let now = Date.UTC(2026, 10, 21);
  const timed = await bench({ now: () => now });
  timed.sim.phone.text(awa, 'Bonjour');
  await timed.call('sendChatAction', { chat_id: awa.id, action: 'typing' });
  expect(timed.sim.state.typing(awa.id)).toBe(true);
  now += 5001;
  expect(timed.sim.state.typing(awa.id)).toBe(false);
  await timed.call('sendChatAction', { chat_id: awa.id, action: 'typing' });
  await timed.call('sendMessage', { chat_id: awa.id, text: 'Oui' });
  expect(timed.sim.state.typing(awa.id)).toBe(false);
  await timed.stop();
});
