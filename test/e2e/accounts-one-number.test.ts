import { describe, expect, test } from 'vitest';
import {
  botSaid,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startProduct,
  startWhatsApp,
  whatsappEnvironment,
} from '../support/product.ts';
import { accounts, command, desk, env, family, fill } from '../support/directory-desk.ts';

describe('a number that two people show', () => {
  test('who shows the number of somebody else’s account waits for staff, and its owner hears of it once', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo')]);
    const awa = somebody('Awa');
    simulator.phone.contact(awa, { phone: '+221770000001' });
    await botSaid(simulator, awa, 1);
    for (const other of [somebody('Un'), somebody('Deux')]) {
      simulator.phone.contact(other, { phone: '+221770000001' });
      expect((await botSaid(simulator, other, 1)).text).toContain('Vérification en cours');
    }
    expect((await botSaid(simulator, awa, 2)).text).toContain('présenter votre numéro');
    await guichet.pipeline.idle();
    expect(simulator.state.botMessages(awa.id)).toHaveLength(2);
  });

  test.each([
    ['its owner deletes everything', 'erase'],
    ['staff take it away', 'unlink'],
  ])(
    'whoever waits for a number is free to prove it once %s',
    async (_, how) => {
      const { simulator, guichet, data } = await startProduct({ desk, env });
      await fill(guichet, [
        family(1, '77 000 00 01', 'Awa', 'Léo'),
        family(2, '77 000 00 02', 'Fatou', 'Zoé'),
      ]);
      const [awa, other, third] = [somebody('Awa'), somebody('Une'), somebody('Autre')];
      simulator.phone.contact(awa, { phone: '+221770000001' });
      await botSaid(simulator, awa, 1);
      simulator.phone.contact(other, { phone: '+221770000001' });
      await botSaid(simulator, other, 1);
      await botSaid(simulator, awa, 2);
      // Behind another number somebody else waits, and goes on waiting.
      const fatou = somebody('Fatou');
      simulator.phone.contact(fatou, { phone: '+221770000002' });
      await botSaid(simulator, fatou, 1);
      simulator.phone.contact(third, { phone: '+221770000002' });
      await botSaid(simulator, third, 1);
      simulator.phone.text(other, 'Mes enfants');
      expect((await botSaid(simulator, other, 2)).text).toContain('Vérification en cours');
      if (how === 'erase') {
        simulator.phone.text(awa, '/supprimer');
        const confirm = await botSaid(simulator, awa, 3);
        const { inline_keyboard: rows } = confirm.reply_markup as {
          inline_keyboard: { callback_data: string }[][];
        };
        const yes = rows.flat().find(({ callback_data }) => callback_data.includes('erase'));
        simulator.phone.tap(awa, confirm.message_id, yes?.callback_data ?? '');
      } else {
        const owned = (await accounts(guichet)).find(({ status }) => status === 'active');
        expect(command(data, 'accounts', 'unlink', owned?.id ?? '', '--reason', 'perdu').out).toContain(
          'gone',
        );
      }
      await expect.poll(async () => (await accounts(guichet)).length).toBe(2);
      await guichet.pipeline.idle();
      simulator.phone.text(other, 'Mes enfants');
      expect((await botSaid(simulator, other, 3)).text).toContain('Vérification requise');
      // An hour later.
      await guichet.store.db.updateTable('account_creation_audit').set({ at: 1 }).execute();
      simulator.phone.contact(other, { phone: '+221770000001' });
      expect((await botSaid(simulator, other, 5)).text).toContain('Léo');
      expect((await accounts(guichet)).map(({ status }) => status).sort()).toEqual([
        'active',
        'active',
        'pending',
      ]);
      simulator.phone.text(third, 'Mes enfants');
      expect((await botSaid(simulator, third, 2)).text).toContain('Vérification en cours');
    },
    40_000,
  );

  test('approved by staff, the children are there; another number of theirs may come and go', async () => {
    const { simulator, guichet, data } = await startProduct({ desk, env });
    const line = (phones: string): string =>
      `;FICTIF;Awa;mère;${phones};FICTIF;Léo;14/03/2016;N4;2025-2026;Samedi 9 h A;Catéchiste Démo;inscrit`;
    await fill(guichet, [line('77 000 00 01')]);
    const [awa, later] = [somebody('Awa'), somebody('Awa')];
    simulator.phone.contact(awa, { phone: '+221770000001' });
    await botSaid(simulator, awa, 1);
    // The same number again, from a new account of hers: staff decide.
    simulator.phone.contact(later, { phone: '+221770000001' });
    await botSaid(simulator, later, 1);
    await guichet.pipeline.idle();
    const [waiting] = await guichet.store.db
      .selectFrom('user_accounts')
      .select('id')
      .where('status', '=', 'pending')
      .execute();
    const linked = command(data, 'accounts', 'link', waiting?.id ?? '', '--reason', 'vue au bureau');
    expect(linked.out).toContain('is active');
    simulator.phone.text(later, 'Mes enfants');
    expect((await botSaid(simulator, later, 2)).text).toContain('Léo');
    await fill(guichet, [line('77 000 00 01 / 78 000 00 02')]);
    simulator.phone.text(later, 'Mes enfants');
    expect((await botSaid(simulator, later, 3)).text).toContain('Léo');
  });

  test('two adults on one line of the directory stay two: what one wrote is never the other’s', async () => {
    const whatsapp = await startWhatsApp();
    const { simulator, guichet, url } = await startProduct({
      desk,
      env: { ...env, ...whatsappEnvironment(whatsapp) },
    });
    await fill(guichet, [
      'P-1;FICTIF;Awa;mère;77 000 00 01 / 77 000 01 00;FICTIF;Léo;14/03/2016;N4;2025-2026;Samedi 9 h A;Catéchiste Démo;inscrit',
    ]);
    const awa = somebody('Awa');
    simulator.phone.contact(awa, { phone: '+221770000001' });
    await botSaid(simulator, awa, 1);
    simulator.phone.text(awa, 'canari-secret ?');
    await botSaid(simulator, awa, 2);
    await whatsapp.subscribe(`${url}/webhook/whatsapp`);
    const other = { ...somebodyOnWhatsApp(), wa_id: '221770000100' };
    whatsapp.phone.text(other, 'Mes enfants');
    const asked = await saidOnWhatsApp(whatsapp, other, 1);
    expect(asked.text).toContain('Vérification');
    whatsapp.phone.text(other, "J'accepte");
    await expect
      .poll(async () => {
        const rows = await guichet.store.db.selectFrom('user_accounts').select('status').execute();
        return rows.map(({ status }) => status).sort();
      })
      .toEqual(['active', 'pending']);
    const people = await guichet.store.db.selectFrom('persons').select('id').execute();
    expect(people).toHaveLength(2);
  });

  test('100 different people at once and 20 who race for one more number: 101 accounts, 19 wait for staff', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    const number = (i: number): string => `7700${String(10_000 + i)}`;
    await fill(
      guichet,
      Array.from({ length: 101 }, (_, i) => family(i, number(i), `Parent${String(i)}`, `Enfant${String(i)}`)),
    );
    const people = Array.from({ length: 120 }, () => somebody());
    people.forEach((person, i) =>
      simulator.phone.contact(person, { phone: `+221${number(Math.min(i, 100))}` }),
    );
    await Promise.all(people.map((person) => botSaid(simulator, person, 1, 60_000)));
    await guichet.pipeline.idle();
    const rows = await accounts(guichet);
    expect(rows.filter(({ status }) => status === 'active')).toHaveLength(101);
    expect(rows.filter(({ status }) => status === 'pending')).toHaveLength(19);
    const contested = rows.filter(
      ({ phone_index }) => rows.filter((row) => row.phone_index === phone_index).length > 1,
    );
    expect(contested.filter(({ status }) => status === 'active')).toHaveLength(1);
    // One reply each, and one word to the owner of the number, however many tried.
    const said = people.map((person) => simulator.state.botMessages(person.id).length);
    expect(said.filter((n) => n === 1)).toHaveLength(119);
    expect(said.filter((n) => n === 2)).toHaveLength(1);
  }, 90_000);
});
