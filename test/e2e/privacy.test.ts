import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { picture } from '../../src/answers/files/fixtures/files.ts';
import type { Guichet } from '../../src/main.ts';
import {
  botSaid,
  buttonsOf,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
} from '../support/product.ts';
import { scanData, spellings } from '../support/scan.ts';
import { smallDesk } from '../support/small-desk.ts';
import { NAMES, PHONE, WORDS } from '../support/canary.ts';

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
