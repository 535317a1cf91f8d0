import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { botSaid, buttonsOf, push, somebody, startProduct, textUpdate } from '../support/product.ts';
import { accounts, audit, desk, env, family, fill, keyboardOf } from '../support/directory-desk.ts';

describe('an account by the contract, on Telegram', () => {
  test('first message → number asked → contact shared → welcome, and the children of that parent', async () => {
    const { simulator, guichet, data, logged } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo'), family(2, '77 000 00 02', 'Fatou', 'Zoé')]);
    const awa = somebody('Awa');
    simulator.phone.text(awa, '/start');
    const request = await botSaid(simulator, awa, 1);
    expect(request.text).toContain('Vérification requise');
    expect(request.text).toContain('Cliquez sur le bouton ci-dessous pour partager votre numéro');
    expect(request.text).toContain('Sans compte, je réponds quand même à vos questions générales.');
    expect(keyboardOf(simulator, awa.id)).toEqual([['📱 Partager mon numéro'], ['Plus tard']]);

    simulator.phone.contact(awa, { phone: '221770000001' });
    const welcome = await botSaid(simulator, awa, 2);
    expect(welcome.text).toContain('Votre compte a été créé automatiquement.');
    expect(keyboardOf(simulator, awa.id)).toEqual([
      ['👶 Mes enfants', '📝 Inscription'],
      ['📞 Contacter', '❓ Aide'],
    ]);
    simulator.phone.text(awa, '👶 Mes enfants');
    const children = await botSaid(simulator, awa, 3);
    expect(children.text).toContain('Léo');
    expect(children.text).not.toContain('Zoé');

    // A known person is let in at once; a second account is never made.
    simulator.phone.text(awa, '/start');
    expect((await botSaid(simulator, awa, 4)).text).toContain('Heureux de vous revoir');
    simulator.phone.contact(awa, { phone: '+221770000001' });
    expect((await botSaid(simulator, awa, 5)).text).toContain('Heureux de vous revoir');
    expect(await accounts(guichet)).toMatchObject([{ status: 'active', channel: 'telegram' }]);
    expect((await audit(guichet)).map(({ outcome, spent }) => [outcome, spent])).toEqual([
      ['created', 1],
      ['known', 0],
    ]);
    expect(await guichet.store.db.selectFrom('consents').selectAll().execute()).toHaveLength(1);
    // Nowhere in clear.
    const bytes =
      readFileSync(join(data, 'guichet.db')).toString('latin1') +
      readFileSync(join(data, 'guichet.db-wal')).toString('latin1');
    for (const spelling of ['770000001', '77 000 00 01', 'Léo']) {
      expect(bytes).not.toContain(spelling);
      expect(logged.join('')).not.toContain(spelling);
    }
    expect(logged.join('')).toContain('"event":"account_creation_started"');
  });

  test('general questions are answered without an account', async () => {
    const { simulator } = await startProduct({ desk, env });
    const awa = somebody();
    simulator.phone.text(awa, 'Quelles pièces pour inscrire un enfant ?');
    await botSaid(simulator, awa, 2);
    const said = simulator.state.botMessages(awa.id).map(({ text }) => text);
    expect(said.some((text) => text.includes('extrait de naissance'))).toBe(true);
    expect(said.some((text) => text.includes('Vérification requise'))).toBe(true);
  });

  test.each<[string, object]>([
    ['somebody else’s card', { phone: '+221770000001', userId: 4_242 }],
    ['a card without an account', { phone: '+221770000001', userId: null }],
    ['a card with a fractional id', { phone: '+221770000001', userId: 4_242.5 }],
    ['a forwarded card', { phone: '+221770000001', forwarded: true }],
  ])('%s proves nothing, and costs the owner nothing', async (_, contact) => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo')]);
    const thief = somebody('Voleur');
    simulator.phone.contact(thief, contact as { phone: string });
    expect((await botSaid(simulator, thief, 1)).text).toContain('votre propre numéro');
    expect(keyboardOf(simulator, thief.id)).toEqual([['📱 Partager mon numéro'], ['Plus tard']]);
    expect(await accounts(guichet)).toEqual([]);
    expect(await audit(guichet)).toMatchObject([{ outcome: 'refused', spent: 0 }]);
    const awa = somebody('Awa');
    simulator.phone.contact(awa, { phone: '+221770000001' });
    expect((await botSaid(simulator, awa, 1)).text).toContain('Votre compte a été créé');
  });

  test('a number that was typed proves nothing: the button is shown again, and the owner pays nothing', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo')]);
    const who = somebody();
    simulator.phone.text(who, 'Mes enfants');
    await botSaid(simulator, who, 1);
    simulator.phone.text(who, 'mon numéro : 77 000 00 01');
    expect((await botSaid(simulator, who, 2)).text).toContain('un numéro écrit ne suffit pas');
    expect(keyboardOf(simulator, who.id)).toEqual([['📱 Partager mon numéro'], ['Plus tard']]);
    expect(await audit(guichet)).toMatchObject([{ outcome: 'refused', reason: 'typed', spent: 0 }]);
    expect(await accounts(guichet)).toEqual([]);
    expect(await guichet.store.db.selectFrom('consents').selectAll().execute()).toEqual([]);
    simulator.phone.contact(who, { phone: '+221770000001' });
    // What was wanted before opens.
    expect((await botSaid(simulator, who, 4)).text).toContain('Léo');
  });

  test.each(['4242.5', '"4242"', '9007199254740993', 'null'])(
    'a card from an id written %s is refused, with a row, and is no dead letter',
    async (id) => {
      const { simulator, guichet, url } = await startProduct({ desk, env });
      await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo')]);
      const who = somebody();
      simulator.phone.text(who, '/start');
      await botSaid(simulator, who, 1);
      const card = { phone_number: '+221770000001', first_name: 'Awa', user_id: who.id };
      const update = JSON.stringify(textUpdate(who, '', { text: undefined, contact: card }));
      const from = `"from":{"id":${String(who.id)}`;
      expect(update).toContain(from);
      const sent = await push(url, update.replace(from, `"from":{"id":${id}`));
      expect(sent.status).toBe(200);
      expect((await botSaid(simulator, who, 2)).text).toContain('votre propre numéro');
      const text = JSON.stringify(textUpdate(who, 'Quels sont les horaires ?'));
      await push(url, text.replace(from, `"from":{"id":${id}`));
      await botSaid(simulator, who, 3);
      await guichet.pipeline.idle();
      expect(await audit(guichet)).toMatchObject([
        { outcome: 'refused', reason: 'other_contact', spent: 0, person_id: null },
      ]);
      expect(await accounts(guichet)).toEqual([]);
      const dead = guichet.store.db.selectFrom('inbox').select('error').where('status', '=', 'dead');
      expect(await dead.execute()).toEqual([]);
      simulator.phone.contact(who, { phone: '+221770000001' });
      expect((await botSaid(simulator, who, 4)).text).toContain('Votre compte a été créé');
    },
  );

  test('a number that is not in the directory: the stated text, and an hour’s wait for that number', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo')]);
    const who = somebody();
    simulator.phone.contact(who, { phone: '+221770000009' });
    expect((await botSaid(simulator, who, 1)).text).toMatch(/Numéro non trouvé[\s\S]*Contact/);
    simulator.phone.contact(who, { phone: '+221770000009' });
    expect((await botSaid(simulator, who, 2)).text).toContain("vient déjà d'être vérifié");
    expect((await audit(guichet)).map(({ outcome, reason, spent }) => [outcome, reason, spent])).toEqual([
      ['refused', 'not_found', 1],
      ['refused', 'too_many_attempts', 0],
    ]);
  });

  test('the number is asked for three times a session at most', async () => {
    const { simulator } = await startProduct({ desk, env });
    const who = somebody();
    for (let i = 0; i < 4; i++) simulator.phone.text(who, 'Mes enfants');
    await botSaid(simulator, who, 4);
    const said = simulator.state.botMessages(who.id).map(({ text }) => text.includes('Vérification requise'));
    expect(said).toEqual([true, true, true, false]);
    // From then on it is asked for when the person says so.
    expect(buttonsOf(await botSaid(simulator, who, 4)).flat()).toContain('📞 Contacter');
    simulator.phone.text(who, 'compte');
    expect((await botSaid(simulator, who, 5)).text).toContain('Vérification requise');
    simulator.phone.text(who, 'Plus tard');
    expect((await botSaid(simulator, who, 6)).text).toContain('questions générales');
  });

  test('the page that was wanted opens once the person is known', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo')]);
    const awa = somebody();
    simulator.phone.text(awa, 'Mes enfants');
    await botSaid(simulator, awa, 1);
    simulator.phone.contact(awa, { phone: '770000001' });
    expect((await botSaid(simulator, awa, 3)).text).toContain('Léo');
  });
});

describe('what staff are told', () => {
  test('of failed accounts, of messages left and of danger: that it waits, never who or what', async () => {
    const chief = somebody('Chef');
    const { simulator, logged } = await startProduct({
      desk,
      env: { ...env, ADMIN_USER_IDS: String(chief.id) },
    });
    // A bot may write to whom has written to it.
    simulator.phone.text(chief, '/menu');
    await botSaid(simulator, chief, 2);
    const who = somebody('Canari');
    simulator.phone.contact(who, { phone: '+221770000009' });
    await botSaid(simulator, chief, 3);
    simulator.phone.text(who, '/contact');
    await botSaid(simulator, who, 2);
    simulator.phone.tap(who, simulator.state.lastBotMessage(who.id)?.message_id ?? 0, 'ecrire');
    await simulator.waitFor(() => simulator.state.calls.some(({ method }) => method === 'editMessageText'));
    simulator.phone.text(who, 'canari-cendré voudrait un rendez-vous');
    await botSaid(simulator, chief, 4);
    simulator.phone.text(who, 'canari-jaune : un enfant en danger');
    await botSaid(simulator, chief, 5);
    const told = simulator.state.botMessages(chief.id).map(({ text }) => text);
    expect(told.slice(2)).toEqual([
      expect.stringContaining("une demande de compte n'a pas abouti"),
      expect.stringContaining("un message attend l'équipe"),
      expect.stringContaining('personne en danger'),
    ]);
    expect(`${told.join('')}${logged.join('')}`).not.toMatch(/canari|770000009/i);
    expect(simulator.state.botMessages(who.id).at(-1)?.text).toContain('Votre message est bien reçu');
  });
});
