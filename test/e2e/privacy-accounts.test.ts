import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPeople } from '../../src/accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../../src/accounts/directory/import.ts';
import { picture } from '../../src/answers/files/fixtures/files.ts';
import { newId } from '../../src/lib/ids.ts';
import { createSealer } from '../../src/lib/seal.ts';
import { directoryTables } from '../../src/storage/directory.ts';
import { botSaid, buttonsOf, somebody, startProduct } from '../support/product.ts';
import { scanData, spellings } from '../support/scan.ts';
import { NAMES, PHONE, WORDS } from '../support/canary.ts';

test('an account goes with its number, consent and messages to staff; who comes back is asked again', async () => {
  const { simulator, guichet, data } = await startProduct({ desk: 'desks/catechese' });
  const { db } = guichet.store;
  const sealer = createSealer(Buffer.from(readFileSync(join(data, 'guichet.key'), 'utf8').trim(), 'hex'));
  const directory = directoryTables(guichet.store, sealer);
  const { people } = await readPeople(
    Buffer.from(
      'code_parent;nom;prenoms;lien;telephone;nom_enfant;prenom_enfant;date_naissance;niveau;annee;groupe;catechiste;statut\n' +
        'P-1;FICTIF;Awa;mère;77 000 00 42;FICTIF;Léo;14/03/2016;N4;2025-2026;Samedi 9 h A;Catéchiste Démo;inscrit',
    ),
  );
  await applyPlan(directory, await planAgainst(directory, people), { newId, at: 1 });
  const who = somebody(NAMES[0]);
  simulator.phone.text(who, '/start');
  await botSaid(simulator, who, 1);
  simulator.phone.contact(who, { phone: PHONE });
  await botSaid(simulator, who, 2);
  await guichet.pipeline.idle();
  simulator.phone.text(who, '/mesdonnees');
  const file = await simulator.waitFor(() =>
    simulator.state.botMessages(who.id).find(({ media }) => media?.name?.endsWith('.json')),
  );
  const all = JSON.parse(Buffer.from(file.media?.bytes ?? []).toString('utf8')) as Record<string, unknown>;
  expect(all).toMatchObject({ comptes: [{ numéro: `+${PHONE}`, état: 'active' }] });
  expect(all['consentements']).toHaveLength(1);
  await guichet.pipeline.idle();

  const said = simulator.state.botMessages(who.id).length;
  simulator.phone.text(who, '/supprimer');
  await botSaid(simulator, who, said + 1);
  simulator.phone.text(who, 'CONFIRMER');
  expect((await botSaid(simulator, who, said + 2)).text).toContain("C'est fait");
  await guichet.pipeline.idle();
  for (const table of ['persons', 'user_accounts', 'consents', 'staff_messages'] as const)
    expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
  expect(scanData(data, [String(who.id), NAMES[0] ?? '']).hits).toEqual([]);
  // The directory is the organisation's own: the number is there, and nowhere else.
  const places = scanData(data, spellings(PHONE)).hits.filter((hit) => !/guichet\.db.* at /.test(hit));
  expect(places.filter((hit) => !hit.startsWith('directory_'))).toEqual([]);
  simulator.phone.text(who, '/start');
  expect((await botSaid(simulator, who, said + 3)).text).toContain('Vérification requise');
}, 30_000);

test('what staff have not dealt with is named before it goes, and they hear that it went', async () => {
  const chief = somebody('Chef');
  const { simulator, guichet, data, logged } = await startProduct({
    desk: 'desks/catechese',
    env: { ADMIN_USER_IDS: String(chief.id) },
  });
  simulator.phone.text(chief, '/menu');
  await botSaid(simulator, chief, 2);
  const who = somebody(NAMES[0]);
  simulator.phone.text(who, '/contact');
  await botSaid(simulator, who, 2);
  const page = simulator.state
    .botMessages(who.id)
    .find((message) => buttonsOf(message).flat().includes('✍️ Écrire au secrétariat'));
  simulator.phone.tap(who, page?.message_id ?? 0, 'ecrire');
  await simulator.waitFor(() => simulator.state.calls.some(({ method }) => method === 'editMessageText'));
  simulator.phone.text(who, WORDS[0] ?? '');
  await botSaid(simulator, who, 3);
  await botSaid(simulator, chief, 3);
  const { id, at, person_id } = await guichet.store.db
    .selectFrom('staff_messages')
    .select(['id', 'at', 'person_id'])
    .executeTakeFirstOrThrow();
  const sealer = createSealer(Buffer.from(readFileSync(join(data, 'guichet.key'), 'utf8').trim(), 'hex'));
  const form = (reference: string, n: number, handled_at: number | null) => ({
    ...{ person_id, kind: 'form' as const, form: 'inscription', at: at + n, handled_at },
    body_sealed: sealer.seal(
      JSON.stringify({ reference, answers: [] }),
      `staff_messages|body|${String(n)}|form`,
    ),
    place: `staff_messages|body|${String(n)}|form`,
  });
  await guichet.store.db
    .insertInto('staff_messages')
    .values([form('ABC-123', 1, null), form('DEF-456', 2, at)])
    .execute();
  simulator.phone.text(who, '/supprimer');
  const asked = (await botSaid(simulator, who, 4)).text;
  expect(asked).toMatch(/pas encore traité[\s\S]*• votre message du \d.*\n• votre demande ABC-123/);
  expect(asked).not.toContain('DEF-456');
  simulator.phone.text(who, 'CONFIRMER');
  expect((await botSaid(simulator, who, 5)).text).toContain("C'est fait");
  const told = (await botSaid(simulator, chief, 4)).text;
  expect(told).toContain(`retiré ce qui attendait l'équipe : message ${String(id)}, ABC-123.`);
  expect(`${told}${logged.join('')}`).not.toMatch(/canari/i);
}, 30_000);

test('what was said in confidence is in no history, however it came', async () => {
  const { simulator, guichet } = await startProduct({ desk: 'desks/catechese' });
  const { phone } = simulator;
  const who = somebody();
  phone.text(who, 'Quelles pièces pour inscrire un enfant ? canari-clair');
  await botSaid(simulator, who, 2);
  const alarms = ['canari-noir : le moniteur touche ma fille', 'mon fils a des bleus, canari-gris'];
  for (const [n, alarm] of alarms.entries()) {
    phone.text(who, alarm);
    expect((await botSaid(simulator, who, 3 + n)).text).toContain('Votre message est bien reçu');
  }
  phone.photo(who, { bytes: await picture(['Exemple']), caption: 'canari-rouge : un enfant en danger' });
  await botSaid(simulator, who, 5);
  for (const [n, ask] of ['/historique', 'mes derniers messages'].entries()) {
    phone.text(who, ask);
    const { text } = await botSaid(simulator, who, 6 + n);
    expect(text).toContain('canari-clair');
    expect(text).not.toMatch(/canari-(?!clair)|bleus|danger/);
  }
  // They are there, for the one who reads them.
  const left = guichet.store.db.selectFrom('staff_messages').select('kind');
  expect((await left.execute()).map(({ kind }) => kind)).toEqual(Array(3).fill('safeguarding'));
});
