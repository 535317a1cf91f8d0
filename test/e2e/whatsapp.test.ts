import { describe, expect, test } from 'vitest';
import { people, type Phone, type WaUser } from '../../simulator/whatsapp/whatsapp.ts';
import { shared } from '../support/over.ts';
import { saidOnWhatsApp, somebodyOnWhatsApp, startOnWhatsApp } from '../support/product.ts';

const ALLOCATIONS = 'Comment demander les allocations familiales ?';

const product = shared(() => startOnWhatsApp());

describe('a conversation on WhatsApp', () => {
  test('the first question is answered after a welcome, and the next one in its context', async () => {
    const { simulator, guichet } = await startOnWhatsApp();
    const awa = somebodyOnWhatsApp();
    simulator.phone.text(awa, ALLOCATIONS);
    const answer = await saidOnWhatsApp(simulator, awa, 2);
    const [welcome] = simulator.state.botMessages(awa.wa_id);
    expect(welcome?.text).toContain("Bienvenue sur le service d'assistance CSS!");
    expect(answer.text).toContain('les extraits de naissance des enfants');
    expect(answer.text).toContain('Les prestations familiales');

    simulator.phone.text(awa, 'Quels documents faut-il ?');
    const followUp = await saidOnWhatsApp(simulator, awa, 3);
    expect(followUp.text).toContain("l'acte de mariage");

    // One session of two messages, with when it began and when it was last used.
    const sessions = await guichet.store.db.selectFrom('sessions').selectAll().execute();
    expect(sessions).toMatchObject([{ message_count: 2 }]);
    expect(sessions[0]?.last_activity_at).toBeGreaterThanOrEqual(sessions[0]?.started_at ?? Infinity);
    const rows = await guichet.store.db.selectFrom('interactions').selectAll().execute();
    const answered = rows.filter(({ action }) => action === 'answer');
    expect(answered).toMatchObject([
      { channel: 'whatsapp', data: 'answered' },
      { channel: 'whatsapp', data: 'answered' },
    ]);
    for (const row of answered) {
      expect(row.response_length).toBeGreaterThan(100);
      expect(row.response_time_ms).toBeGreaterThanOrEqual(0);
    }
  });

  test('the menu is a list or buttons, and a tap, a number or a title choose the same entry', async () => {
    const { simulator } = await product();
    const { phone } = simulator;
    const awa = somebodyOnWhatsApp();
    phone.text(awa, 'menu');
    const menu = await saidOnWhatsApp(simulator, awa, 1);
    const rows = menu.list?.sections.flatMap((section) => section.rows) ?? [];
    expect(rows.length).toBeGreaterThan(3);
    expect(menu.list?.button).toBe('Choisir');
    const [first] = rows;
    phone.reply(awa, menu.id, first?.id ?? '');
    const tapped = await saidOnWhatsApp(simulator, awa, 2);
    phone.text(awa, '/menu');
    await saidOnWhatsApp(simulator, awa, 3);
    phone.text(awa, '1');
    expect((await saidOnWhatsApp(simulator, awa, 4)).text).toBe(tapped.text);
    phone.text(awa, 'Menu');
    await saidOnWhatsApp(simulator, awa, 5);
    phone.text(awa, first?.title ?? '');
    expect((await saidOnWhatsApp(simulator, awa, 6)).text).not.toContain('Désolé');
  });

  test.each(['aide', '/aide', '/help', 'contact', '/contact', 'statut'])(
    '%s opens its page',
    async (word) => {
      const { simulator } = await product();
      const awa = somebodyOnWhatsApp();
      simulator.phone.text(awa, word);
      expect((await saidOnWhatsApp(simulator, awa, 1)).text).toMatch(/Aide|Contact|Service CSS opérationnel/);
    },
  );

  test('the person sees that we read, and that we write', async () => {
    const { simulator } = await product();
    const awa = somebodyOnWhatsApp();
    const id = simulator.phone.text(awa, ALLOCATIONS);
    await saidOnWhatsApp(simulator, awa, 2);
    expect(simulator.state.readMarks.has(id)).toBe(true);
    expect(simulator.state.callsOf('POST read').some(({ body }) => 'typing_indicator' in body)).toBe(true);
  });

  test('somebody without a phone number is answered', async () => {
    const { simulator } = await product();
    const [, , , hidden] = people;
    simulator.phone.text(hidden, 'menu');
    const menu = await saidOnWhatsApp(simulator, hidden, 1);
    expect(menu.target).toEqual({ by: 'recipient', user_id: hidden.user_id });
  });

  test('somebody whose number is hidden one day stays the same person', async () => {
    const { simulator, guichet } = await startOnWhatsApp();
    const awa = somebodyOnWhatsApp();
    simulator.phone.text(awa, 'menu');
    await saidOnWhatsApp(simulator, awa, 1);
    simulator.faults.set({ withoutPhone: true });
    simulator.phone.text(awa, 'aide');
    await saidOnWhatsApp(simulator, awa, 2);
    expect(await guichet.store.db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
  });

  test('a new number is the same person in the same conversation; the old one is nobody’s', async () => {
    const { simulator, guichet } = await startOnWhatsApp();
    const awa = somebodyOnWhatsApp();
    const old = awa.wa_id ?? '';
    simulator.phone.text(awa, ALLOCATIONS);
    await saidOnWhatsApp(simulator, awa, 2);
    simulator.phone.changeNumber(awa, somebodyOnWhatsApp().wa_id ?? '');
    await simulator.waitFor(() => simulator.state.pendingWebhooks().length === 0);
    await guichet.pipeline.idle();
    simulator.phone.text(awa, 'Quels documents faut-il ?');
    expect((await saidOnWhatsApp(simulator, awa, 3)).text).toContain("l'acte de mariage");
    const { db } = guichet.store;
    expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
    expect(await db.selectFrom('conversations').selectAll().execute()).toHaveLength(1);
    // Somebody else who gets the old number is somebody else.
    const stranger = { wa_id: old, user_id: 'SN.13490000000000009999', name: 'Autre Démo' };
    simulator.phone.text(stranger, 'menu');
    await saidOnWhatsApp(simulator, stranger, 1);
    expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(2);
  });

  test.each<[string, (phone: Phone, who: WaUser) => void]>([
    ['a sticker', (phone, who) => void phone.sticker(who)],
    ['a place', (phone, who) => void phone.location(who, { latitude: 14.69, longitude: -17.44 })],
    ['a card', (phone, who) => void phone.contacts(who, [{ name: 'Autre', phone: '+221 77 000 00 09' }])],
    ['an order', (phone, who) => void phone.order(who, [{ product: 'p', quantity: 1, price: 5 }])],
    ['what WhatsApp cannot show', (phone, who) => void phone.unsupported(who)],
  ])('%s is answered with what to do', async (_, act) => {
    const { simulator } = await product();
    const awa = somebodyOnWhatsApp();
    act(simulator.phone, awa);
    const reply = await saidOnWhatsApp(simulator, awa, 1);
    expect(reply.text).toContain('Je ne sais pas encore lire ce type de message');
    expect(reply.buttons?.map(({ id }) => id)).toEqual(['menu']);
  });

  test('a reaction, an edit and a withdrawn message are not answered', async () => {
    const { simulator, guichet } = await product();
    const awa = somebodyOnWhatsApp();
    const id = simulator.phone.text(awa, 'menu');
    const menu = await saidOnWhatsApp(simulator, awa, 1);
    simulator.phone.reaction(awa, menu.id, '👍');
    simulator.phone.edit(awa, id, 'aide');
    simulator.phone.revoke(awa, id);
    await simulator.waitFor(() => simulator.state.pendingWebhooks().length === 0);
    await guichet.pipeline.idle();
    expect(simulator.state.botMessages(awa.wa_id)).toHaveLength(1);
  });
});
