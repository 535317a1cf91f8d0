import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPeople } from '../../src/accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../../src/accounts/directory/import.ts';
import { picture } from '../../src/answers/files/fixtures/files.ts';
import { newId } from '../../src/lib/ids.ts';
import { createSealer, generateKey } from '../../src/lib/seal.ts';
import type { Guichet } from '../../src/main.ts';
import type { SentForm } from '../../src/message/form.ts';
import { directoryTables } from '../../src/storage/directory.ts';
import {
  botSaid,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
  startWhatsApp,
  whatsappEnvironment,
} from '../support/product.ts';

const KEY = generateKey().toString('hex');
const sealer = createSealer(Buffer.from(KEY, 'hex'));
const desk = 'desks/catechese';
const env = { GUICHET_KEY: KEY };

/** Makes the directory know this number. */
async function know(guichet: Guichet, phone: string): Promise<void> {
  const lines = [
    'code_parent;nom;prenoms;lien;telephone;nom_enfant;prenom_enfant;date_naissance;niveau;annee;groupe;catechiste;statut',
    `P-1;FICTIF;Awa;mère;${phone};FICTIF;Léo;14/03/2016;N4;2025-2026;Samedi 9 h A;Catéchiste Démo;inscrit`,
  ];
  const tables = directoryTables(guichet.store, sealer);
  const { people } = await readPeople(Buffer.from(lines.join('\n')));
  await applyPlan(tables, await planAgainst(tables, people), { newId, at: 1 });
}

/** One parent on one platform. `said`: the last of what was said, once there are so many more messages. */
interface Parent {
  guichet: Guichet;
  data: string;
  logged: string[];
  text(text: string, more?: number): Promise<string>;
  /** Taps the button or the row of the last message whose id ends like this. */
  tap(id: string, more?: number): Promise<string>;
  /** Presses a button of this id, wherever it is on the screen. */
  press(id: string): Promise<string>;
  photo(bytes: Uint8Array): Promise<string>;
  /** The product dies and starts again on the same data. */
  restart(): Promise<Parent>;
}

async function onTelegram(): Promise<Parent> {
  const first = await startProduct({ desk, env });
  const { simulator } = first;
  const awa = somebody('Awa');
  await know(first.guichet, '+221 77 000 00 01');
  simulator.phone.contact(awa, { phone: '+221770000001' });
  await botSaid(simulator, awa, 1);
  let heard = 1;
  const after = async (act: () => unknown, more: number): Promise<string> => {
    act();
    heard += more;
    return (await botSaid(simulator, awa, heard, 20_000)).text;
  };
  const parent = ({ guichet, data, logged }: typeof first): Parent => ({
    guichet,
    data,
    logged,
    text: (text, more = 1) => after(() => simulator.phone.text(awa, text), more),
    tap: (id, more = 1) =>
      after(() => {
        const message = simulator.state.lastBotMessage(awa.id);
        const markup = message?.reply_markup as
          { inline_keyboard: { callback_data: string }[][] } | undefined;
        const button = markup?.inline_keyboard.flat().find((one) => one.callback_data.endsWith(id));
        simulator.phone.tap(awa, message?.message_id ?? 0, button?.callback_data ?? `no button ${id}`);
      }, more),
    press: (id) =>
      after(() => {
        const message = simulator.state
          .botMessages(awa.id)
          .findLast(({ reply_markup }) => JSON.stringify(reply_markup ?? '').includes(`"${id}"`));
        simulator.phone.tap(awa, message?.message_id ?? 0, id);
      }, 1),
    photo: (bytes) => after(() => simulator.phone.photo(awa, { bytes }), 1),
    restart: async () => {
      await guichet.stop();
      return parent(await startProduct({ desk, env, simulator, data }));
    },
  });
  return parent(first);
}

async function onWhatsApp(): Promise<Parent> {
  const first = await startOnWhatsApp({ desk, env });
  const { simulator } = first;
  const awa = somebodyOnWhatsApp();
  await know(first.guichet, `+${awa.wa_id ?? ''}`);
  simulator.phone.text(awa, 'Bonjour');
  const request = await saidOnWhatsApp(simulator, awa, 1);
  simulator.phone.reply(awa, request.id, request.buttons?.[0]?.id ?? '');
  await saidOnWhatsApp(simulator, awa, 2);
  let heard = 2;
  const after = async (act: () => unknown, more: number): Promise<string> => {
    act();
    heard += more;
    return (await saidOnWhatsApp(simulator, awa, heard, 20_000)).text;
  };
  const parent = ({ guichet, data, logged }: typeof first): Parent => ({
    guichet,
    data,
    logged,
    text: (text, more = 1) => after(() => simulator.phone.text(awa, text), more),
    tap: (id, more = 1) =>
      after(() => {
        const message = simulator.state.botMessages(awa.wa_id).at(-1);
        const options = [
          ...(message?.buttons ?? []),
          ...(message?.list?.sections.flatMap(({ rows }) => rows) ?? []),
        ];
        const option = options.find((one) => one.id.endsWith(id));
        simulator.phone.reply(awa, message?.id ?? '', option?.id ?? `no option ${id}`);
      }, more),
    press: (id) =>
      after(() => {
        const message = simulator.state
          .botMessages(awa.wa_id)
          .findLast(({ buttons }) => buttons?.some((one) => one.id === id));
        simulator.phone.reply(awa, message?.id ?? '', id);
      }, 1),
    photo: (bytes) => after(() => simulator.phone.image(awa, { bytes }), 1),
    restart: async () => {
      await guichet.stop();
      return parent(await startOnWhatsApp({ desk, env, simulator, data }));
    },
  });
  return parent(first);
}

const sentForms = async ({ guichet }: Parent): Promise<SentForm[]> => {
  const rows = await guichet.store.db
    .selectFrom('staff_messages')
    .selectAll()
    .where('kind', '=', 'form')
    .execute();
  return rows.map((row) => JSON.parse(sealer.open(row.body_sealed, row.place)) as SentForm);
};
const drafts = ({ guichet }: Parent) => guichet.store.db.selectFrom('form_drafts').selectAll().execute();

/** The commands of staff, on a desk that runs. */
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

describe.each([
  ['Telegram', onTelegram],
  ['WhatsApp', onWhatsApp],
])('an enrolment on %s', (_, start) => {
  test('is filled in, survives a stop and a pause, is corrected and sent once', async () => {
    let awa = await start();
    expect(await awa.text('Inscription', 2)).toMatch(/Étape 1 sur 14[\s\S]*Quel est votre lien/);
    expect(await drafts(awa)).toEqual([]);
    await awa.tap(':mere');
    await awa.tap(':nouvelle');
    expect(await awa.text('R2D2')).toContain('sans chiffres');
    expect(await awa.text('Zacharie Canari')).toContain('Nom de famille');
    await awa.text('Exemple-Cendré');

    // Killed, and half an hour later.
    awa = await awa.restart();
    await awa.guichet.store.db.updateTable('sessions').set({ last_activity_at: 1 }).execute();
    expect(await awa.text('/inscription')).toContain('Voulez-vous la reprendre');
    expect(await awa.tap(':resume')).toContain('Date de naissance');
    expect(await awa.text('le 14 mars 2016')).toContain('Classe');
    await awa.tap(':ce2');
    await awa.tap(':yes');
    await awa.tap('skip:bapteme');
    await awa.tap(':n1');
    await awa.tap(':samedi_9h');
    await awa.text('Fatou Exemple, sa tante');
    expect(await awa.text('77 000 00 02')).toContain("photo de l'extrait");
    expect(await awa.photo(await picture(['Extrait']))).toContain('Confirmez-vous');
    const summary = await awa.tap(':yes');
    expect(summary).toContain('Zacharie Canari Exemple-Cendré, 14 mars 2016');
    expect(summary).toContain('CE2 · niveau précédent : 1re année');
    expect(summary).toMatch(/Votre lien : Mère\n.*Première inscription/);
    await awa.tap(':correct');
    await awa.text('Classe');
    expect(await awa.tap(':cm1')).toContain('CM1 · niveau précédent');
    const confirmed = await awa.tap(':send');
    await awa.guichet.pipeline.idle();
    // The answers of a form are none of the ten messages a minute.
    const counted = await awa.guichet.store.db
      .selectFrom('messages')
      .select('id')
      .where('counted', '=', 1)
      .execute();
    expect(counted.length).toBeLessThan(8);
    const [sent, ...others] = await sentForms(awa);
    expect(others).toEqual([]);
    expect(confirmed).toContain(`Référence : ${sent?.reference ?? '?'}`);
    expect(sent?.answers.find(({ step }) => step === 'classe')).toMatchObject({ value: 'cm1', shown: 'CM1' });
    expect(await drafts(awa)).toEqual([]);
    // The summary is still on the screen: its button tells, and the request begun since goes on.
    await awa.text('Inscription', 2);
    await awa.text('maman');
    await awa.text('première fois');
    const again = await awa.press(`f:inscription.${sent?.reference ?? ''}:cancel`);
    expect(again).toContain(`déjà été envoyée (réf. ${sent?.reference ?? '?'})`);
    expect(again).toContain('Prénoms');
    expect(await drafts(awa)).toHaveLength(1);
    await awa.text('/annuler');
    // The photo stays as long as the form.
    const media = await awa.guichet.store.db.selectFrom('media').select(['id', 'form']).execute();
    expect(media).toEqual([
      { id: sent?.answers.find(({ kind }) => kind === 'file')?.value?.[0], form: 'inscription' },
    ]);
    const files = ['guichet.db', 'guichet.db-wal'].map((name) =>
      readFileSync(join(awa.data, name), 'latin1'),
    );
    expect(`${files.join('')}${awa.logged.join('')}`).not.toMatch(/Canari|Cendr|770000002/);
  }, 60_000);

  test('that is cancelled leaves nothing', async () => {
    const awa = await start();
    await awa.text('Inscription', 2);
    await awa.tap(':mere');
    expect(await drafts(awa)).toHaveLength(1);
    expect(await awa.text('/annuler')).toContain('annulée');
    expect(await drafts(awa)).toEqual([]);
    expect(await sentForms(awa)).toEqual([]);
  });
});

test('one person on two platforms fills in one form, and sends it once', async () => {
  const whatsapp = await startWhatsApp();
  const { simulator, guichet, url } = await startProduct({
    desk,
    env: { ...env, ...whatsappEnvironment(whatsapp) },
  });
  await whatsapp.subscribe(`${url}/webhook/whatsapp`);
  const there = somebodyOnWhatsApp();
  await know(guichet, `+${there.wa_id ?? ''}`);
  const here = somebody('Awa');
  simulator.phone.contact(here, { phone: there.wa_id ?? '' });
  await botSaid(simulator, here, 1);
  simulator.phone.text(here, 'Inscription');
  await botSaid(simulator, here, 3);
  simulator.phone.text(here, 'Mère');
  await botSaid(simulator, here, 4);

  whatsapp.phone.text(there, 'Inscription');
  const request = await saidOnWhatsApp(whatsapp, there, 1);
  whatsapp.phone.reply(there, request.id, request.buttons?.[0]?.id ?? '');
  await saidOnWhatsApp(whatsapp, there, 4);
  whatsapp.phone.text(there, 'Inscription');
  expect((await saidOnWhatsApp(whatsapp, there, 5)).text).toContain('la reprendre');
  whatsapp.phone.text(there, 'Reprendre');
  expect((await saidOnWhatsApp(whatsapp, there, 6)).text).toContain('première inscription');
  whatsapp.phone.text(there, '/annuler');
  await saidOnWhatsApp(whatsapp, there, 7);
  // Telegram finds it gone.
  simulator.phone.text(here, 'Réinscription');
  expect((await botSaid(simulator, here, 5)).text).toContain('recommencer');
  expect(whatsapp.state.violations).toEqual([]);
}, 30_000);

describe('what staff read', () => {
  test('messages and forms; what is confidential only on request; every look at a number or at a danger is logged', async () => {
    const { simulator, guichet, data } = await startProduct({ desk, env });
    await know(guichet, '+221 77 000 00 01');
    const awa = somebody('Awa');
    simulator.phone.contact(awa, { phone: '+221770000001' });
    await botSaid(simulator, awa, 1);
    simulator.phone.text(awa, 'Un enfant en danger : canari');
    await botSaid(simulator, awa, 2);
    await guichet.pipeline.idle();
    const { person_id, conversation_id } = await guichet.store.db
      .selectFrom('staff_messages')
      .select(['person_id', 'conversation_id'])
      .executeTakeFirstOrThrow();
    const answers = [
      { step: 'nom', label: 'Nom', kind: 'text', value: '=HYPERLINK("x")', shown: '=HYPERLINK("x")' },
      { step: 'tel', label: 'Téléphone', kind: 'phone', value: '+221770000002', shown: '+221770000002' },
      { step: 'extrait', label: 'Extrait', kind: 'file', value: ['file-0001'], shown: 'reçu (1)' },
    ];
    const place = 'staff_messages|body|1|form';
    await guichet.store.db
      .insertInto('staff_messages')
      .values({
        ...{ person_id, conversation_id, kind: 'form', form: 'inscription', place, at: 1 },
        body_sealed: sealer.seal(JSON.stringify({ reference: 'ABC-123', answers }), place),
      })
      .execute();
    const looks = () => guichet.store.db.selectFrom('phone_access_log').select('reason').execute();

    const list = command(data, 'inbox');
    expect(list).toMatchObject({
      code: 0,
      out: expect.stringContaining('form inscription ABC-123') as string,
    });
    expect(list.out).toContain('Awa FICTIF on telegram');
    expect(list.out).toContain('Téléphone: +221770000002');
    expect(list.out).toContain('Extrait: reçu (1) file-0001');
    expect(list.out).not.toContain('canari');
    expect(list.out).toContain('1 confidential');
    expect(await looks()).toEqual([{ reason: 'forms with a number: 2' }]);
    expect(command(data, 'inbox', '--confidential').out).toContain('canari');
    expect(await looks()).toHaveLength(2);

    const csv = command(data, 'forms', 'export', 'inscription').out;
    expect(csv).toContain('Référence;Reçue le;Traitée;Nom;Téléphone;Extrait');
    expect(csv).toContain(`"'=HYPERLINK(""x"")";"'+221770000002";file-0001`);
    const json = JSON.parse(command(data, 'forms', 'export', 'inscription', '--json').out) as unknown;
    expect(json).toMatchObject([{ reference: 'ABC-123', answers: { tel: { value: '+221770000002' } } }]);
    expect(command(data, 'forms', 'export', 'autre').out).toContain('it has inscription');

    expect(command(data, 'inbox', '--handled', '2').out).toContain('dealt with');
    expect(command(data, 'inbox', '--handled', '2').code).toBe(78);
    expect(command(data, 'inbox').out).not.toContain('ABC-123');
    expect(command(data, 'inbox', '--all').out).toContain('ABC-123');
    expect(command(data, 'inbox', '--handled', '999').out).toContain('no message 999');
  }, 60_000);
});
