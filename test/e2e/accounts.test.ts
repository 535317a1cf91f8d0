import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TelegramSimulator } from '../../simulator/telegram/telegram.ts';
import { readPeople } from '../../src/accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../../src/accounts/directory/import.ts';
import { newId } from '../../src/lib/ids.ts';
import { createSealer, generateKey } from '../../src/lib/seal.ts';
import type { Guichet } from '../../src/main.ts';
import { directoryTables } from '../../src/storage/directory.ts';
import {
  botSaid,
  buttonsOf,
  push,
  pushWhatsApp,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
  startWhatsApp,
  textUpdate,
  whatsappEnvironment,
  whatsappText,
} from '../support/product.ts';

const KEY = generateKey().toString('hex');
const desk = 'desks/catechese';
const HEADER =
  'code_parent;nom;prenoms;lien;telephone;nom_enfant;prenom_enfant;date_naissance;niveau;annee;groupe;catechiste;statut';
const family = (n: number, phone: string, parent: string, child: string): string =>
  `P-${String(n)};FICTIF;${parent};mère;${phone};FICTIF;${child};14/03/2016;N4;2025-2026;Samedi 9 h A;Catéchiste Démo;inscrit`;

/** Fills the directory of a running desk. */
async function fill(guichet: Guichet, lines: string[]): Promise<void> {
  const sealer = createSealer(Buffer.from(KEY, 'hex'));
  const tables = directoryTables(guichet.store, sealer);
  const { people } = await readPeople(Buffer.from([HEADER, ...lines].join('\n')));
  await applyPlan(tables, await planAgainst(tables, people), { newId, at: 1 });
}

/** A command of staff, on a desk that runs. */
function command(data: string, ...args: string[]): { code: number | null; out: string } {
  const settings = {
    GUICHET_DESK: desk,
    GUICHET_DATA: data,
    GUICHET_KEY: KEY,
    TELEGRAM_TOKEN: `700000001:${'A'.repeat(35)}`,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/guichet.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, out: stdout + stderr };
}

const env = { GUICHET_KEY: KEY };
const keyboardOf = (simulator: TelegramSimulator, chat: number): string[][] => {
  const markup = simulator.state.keyboard(chat) as { keyboard?: { text: string }[][] } | null;
  return (markup?.keyboard ?? []).map((row) => row.map(({ text }) => text));
};
const accounts = (guichet: Guichet) => guichet.store.db.selectFrom('user_accounts').selectAll().execute();
const audit = (guichet: Guichet) =>
  guichet.store.db.selectFrom('account_creation_audit').selectAll().orderBy('id').execute();

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

  test('several people with one number: asked for a child, never shown a list', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo'), family(2, '77 000 00 01', 'Fatou', 'Zoé')]);
    const who = somebody();
    simulator.phone.contact(who, { phone: '+221770000001' });
    const asked = await botSaid(simulator, who, 1);
    expect(asked.text).toContain('prénom de votre enfant');
    expect(asked.text).not.toMatch(/Léo|Zoé|Awa|Fatou/);
    simulator.phone.text(who, 'Modou');
    expect((await botSaid(simulator, who, 2)).text).toContain('Je ne retrouve pas ce prénom');
    // A question is answered, and costs no try.
    for (const n of [0, 1, 2]) {
      simulator.phone.text(who, 'Quelles pièces pour inscrire un enfant ?');
      expect((await botSaid(simulator, who, 4 + 2 * n)).text).toContain('prénom de votre enfant');
    }
    expect(simulator.state.botMessages(who.id)[2]?.text).toContain('extrait de naissance');
    expect((await audit(guichet)).map(({ reason }) => reason)).toEqual(['several_people', 'child_unknown']);
    // Whoever starts again is asked for the name, not told that it is no question of the documents.
    simulator.phone.text(who, '/start');
    expect((await botSaid(simulator, who, 9)).text).toContain('prénom de votre enfant');
    simulator.phone.text(who, 'Ma fille s’appelle zoe');
    expect((await botSaid(simulator, who, 10)).text).toContain('Votre compte a été créé');
    simulator.phone.text(who, 'Mes enfants');
    const children = await botSaid(simulator, who, 11);
    expect(children.text).toContain('4e année');
    expect(children.text).toContain('Zoé');
    expect(children.text).not.toContain('Léo');
  });

  test('a wrong name, /start and the number again: the question goes on, and three names are all there are', async () => {
    const { simulator, guichet, data } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo'), family(2, '77 000 00 01', 'Fatou', 'Zoé')]);
    const who = somebody();
    let heard = 0;
    const after = async (act: () => unknown): Promise<string> => {
      act();
      return (await botSaid(simulator, who, ++heard)).text;
    };
    const shares = () => after(() => simulator.phone.contact(who, { phone: '+221770000001' }));
    const says = (text: string) => after(() => simulator.phone.text(who, text));
    expect(await shares()).toContain('prénom de votre enfant');
    expect(await says('Modou')).toContain('Je ne retrouve pas ce prénom');
    await says('/start');
    expect(await shares()).toContain('prénom de votre enfant');
    expect(await says('Ibou')).toContain('Je ne retrouve pas ce prénom');
    await says('/start');
    expect(await shares()).toContain('prénom de votre enfant');
    // Somebody else with that number has not been asked anything.
    const other = somebody();
    simulator.phone.contact(other, { phone: '+221770000001' });
    expect((await botSaid(simulator, other, 1)).text).toContain("vient déjà d'être vérifié");
    expect(await says('Samba')).toContain('Numéro non trouvé');
    expect(await shares()).toContain("vient déjà d'être vérifié");
    expect((await audit(guichet)).map(({ outcome, reason, spent }) => [outcome, reason, spent])).toEqual([
      ['asked', 'several_people', 1],
      ['asked', 'child_unknown', 0],
      ['asked', 'several_people', 0],
      ['asked', 'child_unknown', 0],
      ['asked', 'several_people', 0],
      ['refused', 'too_many_attempts', 0],
      ['refused', 'child_unknown', 0],
      ['refused', 'too_many_attempts', 0],
    ]);
    const failures = command(data, 'accounts', 'failures').out;
    expect(failures.match(/asked +child_unknown/g)).toHaveLength(2);
    expect(failures.match(/refused +child_unknown/g)).toHaveLength(1);
    expect(failures).not.toContain('several_people');
  }, 40_000);

  test('a wrong name, /start, the number again and the right name: an account', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo'), family(2, '77 000 00 01', 'Fatou', 'Zoé')]);
    const who = somebody();
    simulator.phone.contact(who, { phone: '+221770000001' });
    await botSaid(simulator, who, 1);
    simulator.phone.text(who, 'Modou');
    await botSaid(simulator, who, 2);
    simulator.phone.text(who, '/start');
    await botSaid(simulator, who, 3);
    simulator.phone.contact(who, { phone: '+221770000001' });
    await botSaid(simulator, who, 4);
    simulator.phone.text(who, 'Zoé');
    expect((await botSaid(simulator, who, 5)).text).toContain('Votre compte a été créé');
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

test('a WhatsApp number that was given away opens nothing of who had it', async () => {
  const { simulator: whatsapp, guichet, url } = await startOnWhatsApp({ desk, env });
  const awa = somebodyOnWhatsApp();
  await fill(guichet, [family(1, `+${awa.wa_id ?? ''}`, 'Awa', 'Léo')]);
  whatsapp.phone.text(awa, 'Bonjour');
  await saidOnWhatsApp(whatsapp, awa, 1);
  whatsapp.phone.text(awa, "J'accepte");
  expect((await saidOnWhatsApp(whatsapp, awa, 2)).text).toContain('Votre compte a été créé');
  await guichet.pipeline.idle();
  // What is sent to the number, whoever holds it.
  const before = whatsapp.state.botMessages().length;
  const heard = (n: number) =>
    whatsapp.waitFor(() => {
      const said = whatsapp.state.botMessages();
      return said.length >= before + n ? said.at(-1) : undefined;
    }, 8000);

  const stranger = { ...awa, user_id: 'SN.99990000000000000001', name: 'Quelqu’un' };
  const says = (text: string) => pushWhatsApp(url, whatsappText(whatsapp.phoneId, stranger, text));
  expect(await says('Mes enfants')).toBe(200);
  const asked = await heard(1);
  expect(asked.text).toContain('Vérification requise');
  await says("J'accepte");
  expect((await heard(2)).text).toContain('Vérification en cours');
  await guichet.pipeline.idle();
  const rows = await accounts(guichet);
  expect(rows.map(({ status }) => status).sort()).toEqual(['active', 'pending']);
  expect(await guichet.store.db.selectFrom('conversations').select('id').execute()).toHaveLength(2);
  await says('/historique');
  expect((await heard(3)).text).not.toContain('Bonjour');
});

test('the same person on Telegram and on WhatsApp is one account, whoever comes first', async () => {
  const whatsapp = await startWhatsApp();
  const { simulator, guichet, url } = await startProduct({
    desk,
    env: { ...env, ...whatsappEnvironment(whatsapp) },
  });
  await whatsapp.subscribe(`${url}/webhook/whatsapp`);
  const onWhatsApp = somebodyOnWhatsApp();
  await fill(guichet, [family(1, `+${onWhatsApp.wa_id ?? ''}`, 'Awa', 'Léo')]);
  const awa = somebody('Awa');
  simulator.phone.contact(awa, { phone: onWhatsApp.wa_id ?? '' });
  await botSaid(simulator, awa, 1);
  whatsapp.phone.text(onWhatsApp, 'Mes enfants');
  const request = await saidOnWhatsApp(whatsapp, onWhatsApp, 1);
  whatsapp.phone.reply(onWhatsApp, request.id, request.buttons?.[0]?.id ?? '');
  expect((await saidOnWhatsApp(whatsapp, onWhatsApp, 3)).text).toContain('Léo');
  await guichet.pipeline.idle();
  const { db } = guichet.store;
  expect(await accounts(guichet)).toHaveLength(1);
  expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
  const identities = await db.selectFrom('identities').select('channel').execute();
  expect(new Set(identities.map(({ channel }) => channel))).toEqual(new Set(['telegram', 'whatsapp']));
  expect(whatsapp.state.violations).toEqual([]);
});

describe('an account on WhatsApp', () => {
  test('one agreement is enough', async () => {
    const { simulator, guichet } = await startOnWhatsApp({ desk, env });
    const awa = somebodyOnWhatsApp();
    await fill(guichet, [family(1, `+${awa.wa_id ?? ''}`, 'Awa', 'Léo')]);
    simulator.phone.text(awa, 'Bonjour');
    const request = await saidOnWhatsApp(simulator, awa, 1);
    expect(request.text).toContain('Vérification requise');
    expect(request.buttons).toMatchObject([{ title: "J'accepte" }, { title: 'Plus tard' }]);
    // Nothing is looked up before the person agrees.
    expect(await audit(guichet)).toEqual([]);
    simulator.phone.reply(awa, request.id, request.buttons?.[0]?.id ?? '');
    const welcome = await saidOnWhatsApp(simulator, awa, 2);
    expect(welcome.text).toContain('Votre compte a été créé');
    simulator.phone.text(awa, 'mes enfants');
    expect((await saidOnWhatsApp(simulator, awa, 3)).text).toContain('Léo');
  });

  test('without a number it is asked for, and what WhatsApp vouches for is taken', async () => {
    const { simulator, guichet } = await startOnWhatsApp({ desk, env });
    const hidden = { user_id: 'SN.13490000000000007777', name: 'Sans Numéro' };
    await fill(guichet, [family(1, '+221 77 000 00 77', 'Awa', 'Léo')]);
    simulator.phone.text(hidden, 'mes enfants');
    const request = await saidOnWhatsApp(simulator, hidden, 1);
    expect(request.asks).toBe('contact');
    simulator.phone.shareNumber(hidden, '221770000077');
    expect((await saidOnWhatsApp(simulator, hidden, 3)).text).toContain('Léo');
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
