import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

const [awa, moussa, hostile] = people;
let it: Bench;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21);
  it = await bench({ now: () => now });
});
afterEach(() => it.stop());

const last = (): Record<string, unknown> => it.sim.state.updates.at(-1)?.body ?? {};
const menu = async (): Promise<number> => {
  it.sim.phone.text(awa, '/start');
  const { result } = await it.call('sendMessage', {
    chat_id: awa.id,
    text: 'Menu',
    reply_markup: { inline_keyboard: [[{ text: 'Aide', callback_data: 'aide' }]] },
  });
  return (result as { message_id: number }).message_id;
};

test('a command, by somebody with a hostile name', () => {
  const id = it.sim.phone.text(hostile, '/start ok');
  expect(last()).toMatchObject({
    update_id: id,
    message: {
      from: { id: hostile.id, is_bot: false, first_name: '*_[Jean_Paul](x)<b>' },
      chat: { id: hostile.id, type: 'private', first_name: '*_[Jean_Paul](x)<b>' },
      date: now / 1000,
      text: '/start ok',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    },
  });
});

describe('a press', () => {
  test('carries the message; it is answered once', async () => {
    const message_id = await menu();
    const update_id = it.sim.phone.tap(awa, message_id, 'aide');
    const { id } = [...it.sim.state.callbacks.values()][0] ?? { id: '' };
    expect(last()).toMatchObject({
      update_id,
      callback_query: { id, from: { id: awa.id }, data: 'aide', message: { message_id, text: 'Menu' } },
    });
    expect((await it.call('answerCallbackQuery', { callback_query_id: id, text: 'Voici' })).ok).toBe(true);
    expect((await it.call('answerCallbackQuery', { callback_query_id: id })).description).toMatch(
      /query is too old/,
    );
    expect(it.sim.state.callbacks.get(id)?.answer).toEqual({ text: 'Voici' });
  });

  test('is too old after 15 s', async () => {
    it.sim.phone.tap(awa, await menu(), 'aide');
    const id = [...it.sim.state.callbacks.keys()][0];
    now += 15_001;
    expect((await it.call('answerCallbackQuery', { callback_query_id: id })).description).toMatch(
      /query is too old/,
    );
  });

  test('needs a button; one that an edit has just removed still counts', async () => {
    const message_id = await menu();
    expect(() => it.sim.phone.tap(awa, message_id, 'autre')).toThrow(/no button/);
    expect(() => it.sim.phone.tap(moussa, message_id, 'aide')).toThrow(/no message/);
    await it.call('editMessageText', { chat_id: awa.id, message_id, text: 'Fini' });
    expect(it.sim.phone.tap(awa, message_id, 'aide')).toBeGreaterThan(0);
  });
});

describe('a contact', () => {
  test.each([
    ['own', { phone: '+221770000001' }, { user_id: awa.id }],
    ["somebody else's", { phone: '+221770000002', userId: moussa.id }, { user_id: moussa.id }],
  ])('%s', (_label, opts, contact) => {
    it.sim.phone.contact(awa, opts);
    expect(last()).toMatchObject({ message: { contact: { phone_number: opts.phone, ...contact } } });
  });

  test('without an account, and forwarded', () => {
    it.sim.phone.contact(awa, { phone: '+221770000003', userId: null, forwarded: true });
    const { message } = last() as { message: { contact: object; forward_origin: object } };
    expect(message.contact).not.toHaveProperty('user_id');
    expect(message.forward_origin).toMatchObject({ type: 'user' });
  });
});

describe('files', () => {
  test('a photo with a caption, a voice note, a document', async () => {
    it.sim.phone.photo(awa, { caption: 'Ma carte' });
    expect(last()).toMatchObject({
      message: { caption: 'Ma carte', photo: [{ width: 1280, height: 853 }] },
    });
    it.sim.phone.voice(awa);
    expect(last()).toMatchObject({ message: { voice: { mime_type: 'audio/ogg', duration: 3 } } });
    it.sim.phone.document(awa, { name: 'a.pdf', bytes: Buffer.from('%PDF') });
    const { message } = last() as { message: { document: { file_id: string } } };
    const file = await it.call('getFile', { file_id: message.document.file_id });
    expect(file.result).toMatchObject({ file_size: 4 });
  });
});

test('an edit, a block, an unblock', () => {
  it.sim.phone.text(awa, 'faute');
  const id = it.sim.state.messages(awa.id)[0]?.message_id ?? 0;
  it.sim.phone.edit(awa, id, 'corrigé');
  expect(last()).toMatchObject({
    edited_message: { message_id: id, text: 'corrigé', edit_date: now / 1000 },
  });
  it.sim.phone.block(awa);
  expect(last()).toMatchObject({
    my_chat_member: { old_chat_member: { status: 'member' }, new_chat_member: { status: 'kicked' } },
  });
  it.sim.phone.unblock(awa);
  expect(last()).toMatchObject({ my_chat_member: { new_chat_member: { status: 'member' } } });
});

describe('in a group, with privacy mode', () => {
  const inGroup = { ...awa, chat: { id: -100500, type: 'supergroup', title: 'Quartier' } } as const;
  test.each([
    ['Bonjour à tous', false],
    ['/aide', true],
    ['/aide@guichet_demo_bot', true],
    ['/aide@another_bot', false],
    ['dis @guichet_demo_bot, quel taux ?', true],
  ])('%s: seen %s', (text, seen) => {
    expect(it.sim.phone.text(inGroup, text) > 0).toBe(seen);
  });

  test('an answer to the bot is seen', async () => {
    it.sim.phone.text(inGroup, '/start');
    const sent = await it.call('sendMessage', { chat_id: -100500, text: 'Oui ?' });
    const { message_id } = sent.result as { message_id: number };
    expect(it.sim.phone.text(inGroup, 'Le taux', { replyTo: message_id })).toBeGreaterThan(0);
    expect(last()).toMatchObject({ message: { reply_to_message: { message_id, text: 'Oui ?' } } });
  });
});

test('raw updates go as they are, twice if wanted, and open the chat they name', async () => {
  const update = {
    update_id: 7,
    message: { message_id: 1, date: 1, chat: { id: 4503599627370497, type: 'private' } },
  };
  expect([it.sim.phone.raw(update), it.sim.phone.raw(update)]).toEqual([7, 7]);
  expect(last()).toEqual(update);
  expect((await it.call('sendMessage', { chat_id: 4503599627370497, text: 'x' })).ok).toBe(true);
  expect(it.sim.phone.raw({ something_new: { a: 1 } })).toBeGreaterThan(7);
});
