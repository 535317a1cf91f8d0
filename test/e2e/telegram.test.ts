import { describe, expect, test } from 'vitest';
import { shared } from '../support/over.ts';
import { botSaid, buttonsOf, somebody, startProduct } from '../support/product.ts';

const byWebhook = shared(() => startProduct({ mode: 'webhook' }));
const byPolling = shared(() => startProduct({ mode: 'polling' }));

describe.each([
  ['webhook', byWebhook],
  ['polling', byPolling],
])('Telegram by %s', (_, product) => {
  test('/start greets by first name, with the three buttons of the home page', async () => {
    const { simulator } = await product();
    const awa = somebody('Awa');
    simulator.phone.text(awa, '/start');
    const welcome = await botSaid(simulator, awa, 1);
    expect(welcome.text).toContain('Bienvenue Awa !');
    expect(buttonsOf(welcome)).toEqual([['📋 Menu'], ['🆘 Aide'], ['📞 Contact']]);
  });

  test('menu, category, back: one message, edited in place; each tap answered once', async () => {
    const { simulator } = await product();
    const awa = somebody();
    const before = simulator.state.callsOf('answerCallbackQuery').length;
    simulator.phone.text(awa, 'menu');
    const menu = await botSaid(simulator, awa, 1);
    simulator.phone.tap(awa, menu.message_id, 'cat_cotisations');
    const category = await simulator.waitFor(() => {
      const shown = simulator.state.lastBotMessage(awa.id);
      return shown?.text.includes('Cotisations et Paiements') ? shown : undefined;
    });
    expect(category.message_id).toBe(menu.message_id);
    expect(category.text).not.toContain('24');
    simulator.phone.tap(awa, menu.message_id, 'menu');
    await simulator.waitFor(() =>
      simulator.state.lastBotMessage(awa.id)?.text.includes('Menu des catégories'),
    );
    expect(simulator.state.botMessages(awa.id)).toHaveLength(1);
    expect(simulator.state.callsOf('answerCallbackQuery')).toHaveLength(before + 2);
  });

  test('a question is answered with its source, and typing was shown', async () => {
    const { simulator } = await product();
    const awa = somebody();
    simulator.phone.text(awa, 'Quel est le taux de cotisation ?');
    const answer = await botSaid(simulator, awa, 1);
    expect(answer.text).toMatch(/8 %, 10 % ou 12 %/);
    expect(answer.text).toContain('documentation officielle CSS');
    expect(answer.text).toContain('Cotisations à la CSS');
    expect(simulator.state.callsOf('sendChatAction', awa.id)).not.toHaveLength(0);
  });

  test('what the documents do not hold is said so, with a next step', async () => {
    const { simulator } = await product();
    const awa = somebody();
    simulator.phone.text(awa, 'Comment réparer un vélo électrique ?');
    const answer = await botSaid(simulator, awa, 1);
    expect(answer.text).toContain("je n'ai pas trouvé");
    expect(buttonsOf(answer).flat()).toContain('📋 Menu');
  });
});

test('an example question under a category is answered when tapped, in a new message', async () => {
  const { simulator } = await byWebhook();
  const awa = somebody();
  simulator.phone.text(awa, '/menu');
  const menu = await botSaid(simulator, awa, 1);
  simulator.phone.tap(awa, menu.message_id, 'cat_cotisations');
  const category = await simulator.waitFor(() => {
    const shown = simulator.state.lastBotMessage(awa.id);
    return shown &&
      buttonsOf(shown)
        .flat()
        .some((label) => label.includes('taux de cotisation'))
      ? shown
      : undefined;
  });
  const markup = category.reply_markup as { inline_keyboard: { text: string; callback_data?: string }[][] };
  const example = markup.inline_keyboard.flat().find((button) => button.text.includes('taux de cotisation'));
  simulator.phone.tap(awa, menu.message_id, example?.callback_data ?? '');
  const answer = await botSaid(simulator, awa, 2);
  expect(answer.text).toContain('Quel est le taux de cotisation ?');
  expect(answer.text).toMatch(/8 %, 10 % ou 12 %/);
});

test.each([
  '*_[Jean_Paul](tg://user?id=1)',
  '<b>Awa</b> & co',
  '_'.repeat(60),
  '\u202Eeviltxet',
  '{organisation}',
  '🇸🇳👨‍👩‍👧',
])('the name %j is shown as it is, never as markup', async (name) => {
  const { simulator } = await byWebhook();
  const person = somebody(name);
  simulator.phone.text(person, '/start');
  const welcome = await botSaid(simulator, person, 1);
  expect(welcome.text).toContain(name.replace('\u202E', ''));
  const kinds = welcome.entities.map((entity) => entity.type);
  expect(kinds.every((kind) => kind === 'bold')).toBe(true);
});

test('/status shows the real state of the answers source', async () => {
  const { simulator } = await byWebhook();
  const awa = somebody();
  simulator.phone.text(awa, '/status');
  const status = await botSaid(simulator, awa, 1);
  expect(status.text).toContain('Service CSS opérationnel');
  expect(status.text).toMatch(/\d\d:\d\d/);
});

test('commands and plain words open the same pages', async () => {
  const { simulator } = await byWebhook();
  const pairs = [
    ['/aide', 'AIDE !'],
    ['/help', 'aide'],
    ['/menu', 'Menu'],
    ['/contact', 'contact'],
  ] as const;
  for (const [command, word] of pairs) {
    const person = somebody();
    simulator.phone.text(person, command);
    const first = (await botSaid(simulator, person, 1)).text;
    simulator.phone.text(person, word);
    expect((await botSaid(simulator, person, 2)).text, `${command} and ${word}`).toBe(first);
  }
});

test('the 21st message of a minute is kept and not answered; one polite notice', async () => {
  const rate = { perSecond: 1000, perChatPerSecond: 1000, perGroupPerMinute: 1000 };
  const { simulator, guichet } = await startProduct({ overrides: { rate } });
  const awa = somebody();
  for (let i = 0; i < 24; i++) simulator.phone.text(awa, '/menu');
  await simulator.waitFor(() => simulator.state.pendingUpdates().length === 0);
  await guichet.pipeline.idle();
  const said = simulator.state.botMessages(awa.id).map((message) => message.text);
  expect(said).toHaveLength(21);
  expect(said.at(-1)).toContain('20');
  const { rows } = await count(guichet, 'in');
  expect(rows).toBe(24);
});

async function count(guichet: Awaited<ReturnType<typeof startProduct>>['guichet'], direction: 'in' | 'out') {
  const found = await guichet.store.db
    .selectFrom('messages')
    .select('id')
    .where('direction', '=', direction)
    .execute();
  return { rows: found.length };
}

test('a group gets answers to commands and mentions only, and nobody is named', async () => {
  const { simulator, guichet } = await startProduct();
  const member = {
    ...somebody('Awa'),
    chat: { id: -100_555, type: 'group' as const, title: 'Quartier Exemple' },
  };
  simulator.phone.text(member, 'Bonjour tout le monde', { force: true });
  simulator.phone.text(member, '/start');
  await simulator.waitFor(() => simulator.state.botMessages(-100_555).length === 1);
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(-100_555)).toHaveLength(1);
  expect(simulator.state.lastBotMessage(-100_555)?.text).not.toContain('Awa');
  const kept = await guichet.store.db
    .selectFrom('messages')
    .select('id')
    .where('direction', '=', 'in')
    .execute();
  expect(kept).toHaveLength(1);
});

test('a photo, a voice note, a sticker and an edit: never silence where a person waits, never two answers', async () => {
  const { simulator, guichet } = await byWebhook();
  const awa = somebody();
  simulator.phone.photo(awa, { caption: 'Quel est le taux de cotisation ?' });
  // The picture cannot be read: that is said, and the question is answered all the same.
  expect((await botSaid(simulator, awa, 2)).text).toMatch(/8 %, 10 % ou 12 %/);
  simulator.phone.photo(awa);
  await botSaid(simulator, awa, 3);
  simulator.phone.voice(awa);
  await botSaid(simulator, awa, 4);
  const first = simulator.state.messages(awa.id)[0];
  simulator.phone.text(awa, 'menu');
  await botSaid(simulator, awa, 5);
  simulator.phone.edit(awa, first?.message_id ?? 0, 'autre chose');
  await simulator.waitFor(() => simulator.state.pendingUpdates().length === 0);
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(awa.id)).toHaveLength(5);
});

test('a follow-up question is understood in the context of the one before', async () => {
  const { simulator } = await byWebhook();
  const awa = somebody();
  simulator.phone.text(awa, 'Comment demander les allocations familiales ?');
  await botSaid(simulator, awa, 1);
  simulator.phone.text(awa, 'Quels documents faut-il ?');
  expect((await botSaid(simulator, awa, 2)).text).toMatch(/extraits? de naissance/i);
});
