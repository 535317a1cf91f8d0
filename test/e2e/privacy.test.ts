import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readPeople } from '../../src/accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../../src/accounts/directory/import.ts';
import { picture } from '../../src/answers/files/fixtures/files.ts';
import { newId } from '../../src/lib/ids.ts';
import { createSealer } from '../../src/lib/seal.ts';
import type { Guichet } from '../../src/main.ts';
import { directoryTables } from '../../src/storage/directory.ts';
import {
  botSaid,
  buttonsOf,
  push,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
  textUpdate,
} from '../support/product.ts';
import { scanData, spellings } from '../support/scan.ts';
import { smallDesk } from '../support/small-desk.ts';

const PHONE = '221770000042';
/** What only this person said or is. */
const WORDS = ['canari-zinzolin', 'canari-légende', 'canari-fichier.pdf'];
const NAMES = ['Zeynabou-Canari', 'Fictive-Canari'];

interface Person {
  guichet: Guichet;
  data: string;
  logged: string[];
  /** Ids and names that must not outlive them, beside their words and number. */
  traces: string[];
  say(text: string): void;
  /** Taps the choice of this label on the last message. */
  tap(label: string): Promise<void>;
  photo(file: { bytes: Uint8Array; caption: string }): void;
  file(file: { bytes: Uint8Array; name: string }): void;
  contact(): void;
  /** The nth message from us since they began, or since the last `begin`. */
  reply(n: number): Promise<string>;
  begin(): void;
  /** The two files of ours received last: `text` is that of the second, which is JSON. */
  received(): Promise<{ name: string; text: string; readable: string }>;
  /** Somebody else says something. */
  neighbour(text: string): Promise<void>;
  idle(): Promise<void>;
}

const CHANNELS: [string, () => Promise<Person>][] = [
  [
    'telegram',
    async () => {
      const { simulator, guichet, data, logged } = await startProduct({
        desk: smallDesk({ languages: ['fr', 'en'] }),
      });
      const { phone, state } = simulator;
      const who = { ...somebody(NAMES[0]), last_name: NAMES[1] ?? '', username: 'canari_demo' };
      let before = 0;
      const shown = () => state.botMessages(who.id);
      return {
        guichet,
        data,
        logged,
        traces: [String(who.id), 'canari_demo'],
        say: (text) => void phone.text(who, text),
        async tap(label) {
          const isThere = (): ReturnType<typeof shown>[number] | undefined =>
            shown().findLast((message) => buttonsOf(message).flat().includes(label));
          const message = await simulator.waitFor(isThere);
          const markup = message.reply_markup as {
            inline_keyboard: { text: string; callback_data: string }[][];
          };
          const data = markup.inline_keyboard.flat().find(({ text }) => text === label)?.callback_data ?? '';
          phone.tap(who, message.message_id, data);
        },
        photo: (file) => void phone.photo(who, file),
        file: (file) => void phone.document(who, file),
        contact: () => void phone.contact(who, { phone: PHONE }),
        reply: async (n) => (await botSaid(simulator, who, before + n, 30_000)).text,
        begin: () => (before = shown().length),
        async received() {
          const files = (): ReturnType<typeof shown> => shown().filter(({ media }) => media);
          const [readable, json] = await simulator.waitFor(() =>
            files().length > 1 ? files().slice(-2) : undefined,
          );
          const textOf = (message: typeof json): string =>
            Buffer.from(message?.media?.bytes ?? []).toString('utf8');
          return { name: json?.media?.name ?? '', text: textOf(json), readable: textOf(readable) };
        },
        async neighbour(text) {
          const other = somebody('Voisine-Démo');
          phone.text(other, text);
          await botSaid(simulator, other, 1);
        },
        async idle() {
          await simulator.waitFor(() => state.pendingUpdates().length === 0, 30_000);
          await guichet.pipeline.idle();
        },
      };
    },
  ],
  [
    'whatsapp',
    async () => {
      const { simulator, guichet, data, logged } = await startOnWhatsApp({
        desk: smallDesk({ languages: ['fr', 'en'] }),
      });
      const { phone, state } = simulator;
      const who = { ...somebodyOnWhatsApp(NAMES.join(' ')), wa_id: PHONE };
      let before = 0;
      const shown = () => state.botMessages(who.wa_id);
      const api = async (path: string): Promise<Response> =>
        fetch(path, { headers: { authorization: `Bearer ${simulator.token}` } });
      return {
        guichet,
        data,
        logged,
        traces: [who.user_id ?? ''],
        say: (text) => void phone.text(who, text),
        async tap(label) {
          const choices = (message: ReturnType<typeof shown>[number]) => [
            ...(message.buttons ?? []),
            ...(message.list?.sections.flatMap(({ rows }) => rows) ?? []),
          ];
          const message = await simulator.waitFor(() =>
            shown().findLast((each) => choices(each).some(({ title }) => title === label)),
          );
          phone.reply(who, message.id, choices(message).find(({ title }) => title === label)?.id ?? '');
        },
        photo: (file) => void phone.image(who, { ...file, mime: 'image/jpeg' }),
        file: (file) => void phone.document(who, { ...file, mime: 'application/pdf' }),
        contact: () => void phone.contacts(who, [{ name: NAMES[0] ?? '', phone: '+221 77 000 00 42' }]),
        reply: async (n) => (await saidOnWhatsApp(simulator, who, before + n, 30_000)).text,
        begin: () => (before = shown().length),
        async received() {
          const files = (): ReturnType<typeof shown> =>
            shown().filter(({ media }) => media?.kind === 'document');
          const sent = await simulator.waitFor(() => (files().length > 1 ? files().slice(-2) : undefined));
          const [readable = '', text = ''] = await Promise.all(
            sent.map(async ({ media }) => {
              const about = await api(`${simulator.url}/${simulator.version}/${media?.id ?? ''}`);
              const { url } = (await about.json()) as { url: string };
              return await (await api(url)).text();
            }),
          );
          return { name: sent[1]?.media?.name ?? '', text, readable };
        },
        async neighbour(text) {
          const other = somebodyOnWhatsApp('Voisine Démo');
          phone.text(other, text);
          await saidOnWhatsApp(simulator, other, 1);
        },
        async idle() {
          await simulator.waitFor(() => state.pendingWebhooks().length === 0, 30_000);
          await guichet.pipeline.idle();
          // What became of the last message is told a moment after it left.
          await simulator.waitFor(() =>
            shown().every(({ status }) => status === 'delivered' || status === 'read'),
          );
          await simulator.waitFor(() => state.pendingWebhooks().length === 0, 30_000);
          await guichet.pipeline.idle();
        },
      };
    },
  ],
];

/** A long talk: words, a number, files; answered each time. Ends with the pages of one's own data. */
async function talk(person: Person): Promise<void> {
  person.say(`Où est le ${WORDS[0] ?? ''} ?`);
  await person.reply(1);
  await person.idle();
  person.contact();
  await person.idle();
  person.photo({ bytes: await picture(['canari peint']), caption: `Que dit ce ${WORDS[1] ?? ''} ?` });
  await person.idle();
  person.file({ bytes: Buffer.from('%PDF-1.7\nxxxx'), name: WORDS[2] ?? '' });
  await person.idle();
}

const tables = ['persons', 'identities', 'preferences', 'conversations', 'sessions', 'messages'] as const;

describe.each(CHANNELS)('what we hold of somebody, on %s', (channel, start) => {
  test('they see what they wrote last, and nothing of anybody else', async () => {
    const person = await start();
    await person.neighbour('Quel est le secret-voisin ?');
    await talk(person);
    person.begin();
    person.say('/historique');
    const shown = await person.reply(1);
    expect(shown).toContain('Vos derniers messages');
    expect(shown).toMatch(/\d{4}, \d\d:\d\d\*?\s+Où est le canari-zinzolin/);
    expect(shown).toContain('📎 (fichier) Que dit ce canari-légende ?');
    expect(shown).not.toContain('secret-voisin');
  }, 60_000);

  test('they receive all of it, to read and as JSON, with nothing of anybody else', async () => {
    const person = await start();
    await person.neighbour('Quel est le secret-voisin ?');
    await talk(person);
    person.say('/mesdonnees');
    const { name, text, readable } = await person.received();
    expect(name).toMatch(/^mes-donnees\.json/);
    const all = JSON.parse(text) as Record<string, { [key: string]: unknown }[]>;
    expect(Object.keys(all)).toEqual([
      ...['organisation', 'guichet', 'exporté_le', 'personne', 'identités', 'comptes', 'consentements'],
      ...[
        'préférences',
        'conversations',
        'sessions',
        'messages',
        'interactions',
        'fichiers',
        'documents_lus',
      ],
      ...['messages_à_l_équipe', 'questions', 'demandes_commencées', 'envois'],
    ]);
    for (const word of [...WORDS, NAMES[0] ?? '', ...person.traces]) {
      expect(text).toContain(word);
      expect(readable).toContain(word);
    }
    expect(readable).toContain('ce qui est gardé de vous, au ');
    expect(readable).toMatch(
      /MESSAGES \(\d+\)\r\n\r\nDate : \d+ \S+ \d{4} à \d\d:\d\d\r\nDe : vous\r\nType : texte/,
    );
    expect(readable).not.toMatch(/secret-voisin|Voisine|\d{4}-\d\d-\d\dT|[a-z]_[a-z]+ :/);
    expect(text).not.toMatch(/secret-voisin|Voisine/);
    expect(all['personne']).toHaveLength(1);
    expect(all['préférences']).toMatchObject([{ langue: 'fr', notifications: true }]);
    expect(all['fichiers']).toMatchObject([
      { type: 'photo' },
      { type: 'document', décrit: { nom: WORDS[2] } },
    ]);
    const said = (all['messages'] ?? []).filter(({ de }) => de === 'vous');
    expect(said[0]).toMatchObject({ type: 'text', contenu: { texte: 'Où est le canari-zinzolin ?' } });
    expect(new Date(String(said[0]?.['date'])).getTime()).toBeGreaterThan(0);
    expect((all['messages'] ?? []).some(({ de }) => de === 'nous')).toBe(true);
    expect(all['questions']?.[0]).toMatchObject({ question: 'Où est le canari-zinzolin ?' });
    // Once a minute.
    person.begin();
    await person.idle();
    person.say('/mydata');
    expect(await person.reply(1)).toContain('Patientez une minute');
  }, 60_000);

  test('deleted on demand, nothing is left of it in any byte, sealed or not', async () => {
    const person = await start();
    const { db } = person.guichet.store;
    await person.neighbour('Quel est le secret-voisin ?');
    await talk(person);
    person.say('/mesdonnees');
    await person.received();
    await person.idle();

    const wanted = [
      ...WORDS,
      ...NAMES,
      ...person.traces,
      ...(channel === 'whatsapp' ? spellings(PHONE) : []),
    ];
    const before = scanData(person.data, wanted);
    // The scan sees: what is sealed is found by opening it, and nothing is in clear.
    const found = new Set(before.hits.map((hit) => hit.slice(hit.lastIndexOf(': ') + 2)));
    for (const word of [...WORDS, ...NAMES, ...person.traces]) expect(found).toContain(word);
    expect(before.hits.filter((hit) => !hit.includes('opened'))).toEqual([]);
    expect(readdirSync(join(person.data, 'media')).length).toBeGreaterThan(0);
    const ids = (await db.selectFrom('identities').select('person_id').execute()).map((row) => row.person_id);

    person.begin();
    person.say('/supprimer');
    expect(await person.reply(1)).toContain('effacer définitivement');
    // Anything else keeps it.
    person.say('merci');
    expect(await person.reply(2)).toContain("Rien n'a été supprimé");
    person.say('Supprimer mes données');
    await person.reply(3);
    if (channel === 'telegram') person.say('confirmer');
    else await person.tap('🗑️ Oui, supprimer');
    expect(await person.reply(4)).toContain("C'est fait");
    await person.idle();

    const after = scanData(person.data, [...wanted, ...spellings(PHONE)]);
    expect(after.hits).toEqual([]);
    // The neighbour's values were opened, and are all still there.
    expect(after.opened).toBeGreaterThan(10);
    expect(scanData(person.data, ['secret-voisin']).hits.length).toBeGreaterThan(0);
    expect(readdirSync(join(person.data, 'media'))).toEqual([]);
    const lines = person.logged.join('');
    for (const word of [...wanted, ...spellings(PHONE)]) expect(lines).not.toContain(word);
    for (const table of tables) expect(await db.selectFrom(table).selectAll().execute()).not.toHaveLength(0);
    expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
    const outbox = await db.selectFrom('outbox').selectAll().where('person_id', 'is', null).execute();
    expect(outbox).toMatchObject([
      {
        state: 'sent',
        payload_sealed: null,
        platform_ref_sealed: null,
        conversation_id: null,
        replaces: null,
      },
    ]);
    const inbox = await db.selectFrom('inbox').select(['conversation_key', 'payload_sealed']).execute();
    // Enough to know a repeat by.
    expect(inbox.length).toBeGreaterThan(6);
    expect(inbox.every((row) => row.conversation_key === null && row.payload_sealed === null)).toBe(true);

    // Who comes back is somebody new.
    person.say('menu');
    await person.reply(5);
    await person.idle();
    const now = await db.selectFrom('persons').select('id').execute();
    expect(now).toHaveLength(2);
    expect(now.filter(({ id }) => ids.includes(id))).toHaveLength(1);
    person.say('/historique');
    expect(await person.reply(6)).not.toContain('canari');
  }, 90_000);

  test('language and notifications are chosen by buttons and kept', async () => {
    const person = await start();
    const { db } = person.guichet.store;
    const kept = () => db.selectFrom('preferences').select(['language', 'notifications']).execute();
    person.say('/language');
    await person.reply(1);
    await person.tap('English');
    await expect.poll(kept, { timeout: 8000 }).toEqual([{ language: 'en', notifications: 1 }]);
    await person.idle();
    person.begin();
    person.say('/history');
    expect(await person.reply(1)).toContain('Your last messages');
    person.say('STOP');
    expect(await person.reply(2)).toContain('you will not receive our announcements');
    expect(await kept()).toEqual([{ language: 'en', notifications: 0 }]);
    person.say('/notifications');
    expect(await person.reply(3)).toMatch(/notifications are \*?off/);
    await person.tap('🔔 Turn on');
    await expect.poll(kept, { timeout: 8000 }).toEqual([{ language: 'en', notifications: 1 }]);
  }, 30_000);

  test('the menu leads to both', async () => {
    const person = await start();
    person.say('menu');
    await person.reply(1);
    await person.tap('🗂️ Mes données');
    await person.tap('📜 Mes derniers messages');
    await person.idle();
    person.begin();
    person.say('menu');
    await person.reply(1);
    await person.tap('🗑 Supprimer mes données');
    await person.tap('↩️ Non, garder');
    await person.idle();
    expect(await person.guichet.store.db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
  }, 30_000);
});

/** The emulated bot. */
const BOT = '@guichet_demo_bot';

/** An answers API that answers only once it is let go. */
async function slowApi(): Promise<{ url: string; asked(): number; release(): void }> {
  const held: (() => void)[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/health') {
        response.end('{"status":"ok"}');
        return;
      }
      asked++;
      held.push(() => response.end(JSON.stringify({ answer: 'Voilà.', sources: ['guide'] })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked: () => asked,
    release: () => {
      for (const answer of held.splice(0)) answer();
    },
  };
}

test('a question under way in a group brings nothing back of who deletes everything meanwhile', async () => {
  const api = await slowApi();
  const { simulator, guichet, data } = await startProduct({ env: { CSS_API_URL: api.url } });
  const { db } = guichet.store;
  const who = somebody(NAMES[0]);
  const member = { ...who, chat: { id: -100_777, type: 'group' as const, title: 'Groupe Exemple' } };
  const ask = (words: string): number =>
    simulator.phone.text(member, `${BOT} ${words}`, {
      entities: [{ type: 'mention', offset: 0, length: BOT.length }],
    });
  ask('Où est le canari-premier ?');
  await simulator.waitFor(() => api.asked() === 1);
  api.release();
  await simulator.waitFor(() => simulator.state.botMessages(-100_777).length === 1);
  await guichet.pipeline.idle();
  ask('Et le canari-second ?');
  await simulator.waitFor(() => api.asked() === 2);

  simulator.phone.text(who, '/supprimer');
  await botSaid(simulator, who, 1);
  simulator.phone.text(who, 'CONFIRMER');
  expect((await botSaid(simulator, who, 2)).text).toContain("C'est fait");
  const [erased] = await db.selectFrom('persons').selectAll().execute();
  expect(erased).toBeUndefined();
  expect(scanData(data, ['canari-premier']).hits).toEqual([]);

  api.release();
  // Played again, as somebody we meet now: the question asked after the deletion is all we know of them.
  await simulator.waitFor(() => api.asked() === 3);
  api.release();
  await simulator.waitFor(() => simulator.state.botMessages(-100_777).length === 2);
  await guichet.pipeline.idle();
  expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
  expect(await db.selectFrom('messages').selectAll().where('direction', '=', 'in').execute()).toHaveLength(1);
  expect(scanData(data, ['canari-premier']).hits).toEqual([]);
}, 40_000);

test('updates set aside that name the person go too; those of others stay; a repeat is still a repeat', async () => {
  const { simulator, guichet, url, data } = await startProduct();
  const { db } = guichet.store;
  const who = somebody(NAMES[0]);
  const other = somebody('Voisine-Démo');
  simulator.phone.text(who, 'menu');
  await botSaid(simulator, who, 1);
  // Authentic, and of no use: its message has no id.
  await push(url, JSON.stringify(textUpdate(who, 'canari-rebut', { message_id: 'x' })));
  await push(url, JSON.stringify(textUpdate(other, 'rebut-voisin', { message_id: 'x' })));
  const update = JSON.stringify(textUpdate(who, '/supprimer'));
  await push(url, update);
  await botSaid(simulator, who, 2);
  expect(scanData(data, ['canari-rebut']).hits).not.toEqual([]);
  await push(url, JSON.stringify(textUpdate(who, 'CONFIRMER')));
  await botSaid(simulator, who, 3);
  await guichet.pipeline.idle();
  expect(scanData(data, ['canari-rebut', String(who.id)]).hits).toEqual([]);
  expect(scanData(data, ['rebut-voisin']).hits).not.toEqual([]);
  await push(url, update);
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(who.id)).toHaveLength(3);
  expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(0);
}, 30_000);

test('who was erased does not come back with an older copy of the database', async () => {
  const first = await startProduct();
  const { simulator, data } = first;
  const [who, other] = [somebody(NAMES[0]), somebody('Voisine-Démo')];
  for (const one of [who, other]) {
    simulator.phone.text(one, 'Où est le canari-zinzolin ?');
    await botSaid(simulator, one, 1);
  }
  await first.guichet.pipeline.idle();
  await first.guichet.stop();
  const copy = `${data}-copie`;
  cpSync(data, copy, { recursive: true });

  const second = await startProduct({ simulator, data });
  for (const [at, text] of ['/supprimer', 'CONFIRMER'].entries()) {
    simulator.phone.text(who, text);
    await botSaid(simulator, who, 2 + at);
  }
  await second.guichet.pipeline.idle();
  await second.guichet.stop();
  for (const name of readdirSync(data).filter((file) => file.startsWith('guichet.db')))
    rmSync(join(data, name));
  cpSync(join(copy, 'guichet.db'), join(data, 'guichet.db'));
  rmSync(copy, { recursive: true });

  const third = await startProduct({ simulator, data });
  expect(await third.guichet.store.db.selectFrom('persons').select('id').execute()).toHaveLength(1);
  expect(scanData(data, [String(who.id), NAMES[0] ?? '']).hits).toEqual([]);
  expect(scanData(data, [String(other.id)]).hits).not.toEqual([]);
}, 30_000);

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
