import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createTelegramSimulator, type TelegramSimulator } from '../../simulator/telegram/telegram.ts';
import type { WhatsAppSimulator } from '../../simulator/whatsapp/whatsapp.ts';
import { readPeople } from '../../src/accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../../src/accounts/directory/import.ts';
import { docx, paragraphs } from '../../src/answers/files/fixtures/files.ts';
import { NAMES } from '../../src/cli/rotate-key.ts';
import { newId } from '../../src/lib/ids.ts';
import { createSealer, keyIdOf, sealedHead, type Sealer } from '../../src/lib/seal.ts';
import { conversationKey, inboxPlace, packContent } from '../../src/pipeline/runtime.ts';
import { accountDesk } from '../../src/storage/account-desk.ts';
import { directoryTables, phoneIndex } from '../../src/storage/directory.ts';
import { openDataFolder, openForKeyChange } from '../../src/storage/folder.ts';
import { inboxTable } from '../../src/storage/inbox.ts';
import { mediaStore } from '../../src/storage/media.ts';
import { openStore } from '../../src/storage/open.ts';
import { placeOf, SEALED_TABLES, sealedColumns, type SealedTable } from '../../src/storage/places.ts';
import { rotateKeys } from '../../src/storage/rotation/rotate.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  botSaid,
  environment,
  push,
  pushWhatsApp,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startProduct,
  startWhatsApp,
  textUpdate,
  whatsappEnvironment,
  whatsappText,
} from '../support/product.ts';

const desk = 'desks/catechese';
const stamp = { desk: 'catechese', mode: 'live' } as const;
const AWA = '+221770000001';
const PEOPLE = [
  'code_parent;nom;prenoms;lien;telephone;nom_enfant;prenom_enfant;date_naissance;niveau;annee;groupe;catechiste;statut',
  `P-1;FICTIF;Awa;mère;${AWA};FICTIF;Léo;14/03/2016;N4;2025-2026;Samedi 9 h A;Catéchiste Démo;inscrit`,
].join('\n');

interface Lived {
  data: string;
  telegram: TelegramSimulator;
  whatsapp: WhatsAppSimulator;
  awa: ReturnType<typeof somebody>;
  fatou: ReturnType<typeof somebodyOnWhatsApp>;
  late: ReturnType<typeof somebody>;
  /** What WhatsApp may send once more, days later. */
  repeat: string;
}

const keysIn = (data: string): Buffer[] =>
  readFileSync(join(data, 'guichet.key'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex'));

/** A desk that was used for everything that leaves a row, and was stopped in the middle. */
async function lived(): Promise<Lived> {
  const telegram = createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.05 });
  await telegram.start();
  onTestFinished(() => telegram.stop());
  const whatsapp = await startWhatsApp();
  const product = await startProduct({ desk, simulator: telegram, env: whatsappEnvironment(whatsapp) });
  const { guichet, data, url } = product;
  const sealer = createSealer(keysIn(data)[0]!);
  const tables = directoryTables(guichet.store, sealer);
  const { people } = await readPeople(Buffer.from(PEOPLE));
  await applyPlan(tables, await planAgainst(tables, people), { newId, at: 1 });

  const [awa, thief, late] = [somebody('Awa'), somebody('Voleur'), somebody('Tard')];
  telegram.phone.contact(awa, { phone: AWA });
  await botSaid(telegram, awa, 1);
  // A bot may write to whom has written to it.
  telegram.phone.text(late, '/aide');
  await botSaid(telegram, late, 2);
  telegram.phone.text(awa, 'Quand a lieu la messe des familles ?');
  await botSaid(telegram, awa, 2);
  telegram.phone.document(awa, {
    bytes: docx(paragraphs('La kermesse a lieu le 12 juin.')),
    name: 'fête.docx',
  });
  await botSaid(telegram, awa, 3, 30_000);
  // A form, left after its first answer.
  telegram.phone.text(awa, 'Inscription');
  await botSaid(telegram, awa, 5);
  telegram.phone.text(awa, 'Mère');
  await botSaid(telegram, awa, 6);
  // Audited: a number of the directory, and one that is nowhere.
  telegram.phone.contact(thief, { phone: AWA, userId: 4242 });
  await botSaid(telegram, thief, 1);
  telegram.phone.contact(thief, { phone: '+221770000009' });
  await botSaid(telegram, thief, 2);
  telegram.phone.text(thief, 'un enfant en danger');
  await botSaid(telegram, thief, 3);
  await push(
    url,
    JSON.stringify({ update_id: 900_001, message: { message_id: 1, date: 1, text: 'nulle part' } }),
  );

  await whatsapp.subscribe(`${url}/webhook/whatsapp`);
  const fatou = somebodyOnWhatsApp();
  whatsapp.phone.text(fatou, 'Bonjour');
  await saidOnWhatsApp(whatsapp, fatou, 1);
  const repeat = whatsappText(whatsapp.phoneId, fatou, 'menu');
  expect(await pushWhatsApp(url, repeat)).toBe(200);
  await saidOnWhatsApp(whatsapp, fatou, 2);
  await guichet.pipeline.idle();
  // What the end finds under way: a reply that could not leave, and an update not yet looked at.
  await telegram.stop();
  await push(url, JSON.stringify(textUpdate(late, '/menu')));
  await expect.poll(() => guichet.pipeline.backlog().deliveries).toBeGreaterThan(0);
  await guichet.stop();
  const store = await openStore(join(data, 'guichet.db'), () => performance.now());
  const update = JSON.stringify(textUpdate(late, '/aide'));
  const address = {
    channel: 'telegram',
    account: accountOf(telegram),
    chat: String(late.id),
    kind: 'private',
  } as const;
  const row = { channel: 'telegram', account: address.account, dedup_key: '900002' };
  await store.commit([
    inboxTable(store).insert({
      ...{ ...row, source: 'platform', kind: 'message', status: 'pending', error: null },
      ...{ received_at: Date.now(), finished_at: null, conversation_key: conversationKey(sealer, address) },
      payload_sealed: sealer.seal(
        packContent({ address, payload: update }),
        inboxPlace(row.channel, row.account, row.dedup_key),
      ),
    }),
  ]);
  await accountDesk(store).reveal({ at: 1, actor: 'staff:demo', accountId: null, reason: 'un essai' });
  await store.close();
  return { data, telegram, whatsapp, awa, fatou, late, repeat };
}

const accountOf = ({ token }: TelegramSimulator): string => token.split(':')[0] ?? '';

/** `guichet …` on this folder, as an operator runs it. */
function guichet(lived: Lived, ...args: string[]): { code: number | null; output: string } {
  const env = environment(lived.telegram, { port: 1, desk, data: lived.data });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/guichet.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, output: `${stdout}${stderr}` };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'guichet.key')
    .map((entry) => join(entry.parentPath, entry.name));

/** Files that hold any of these bytes. */
const holding = (data: string, ...wanted: (Buffer | string)[]): string[] =>
  filesIn(data).filter((file) => {
    const bytes = readFileSync(file);
    return wanted.some((one) => bytes.includes(one));
  });

/** Opens every sealed value of the database; gives how many each table has. */
function openAll(data: string, sealer: Sealer): Record<SealedTable, number> {
  const db = new DatabaseSync(join(data, 'guichet.db'), { readOnly: true });
  const counts = SEALED_TABLES.map((table) => {
    const rows = db.prepare(`select * from ${table}`).all() as Record<string, unknown>[];
    const columns = sealedColumns(table) as never[];
    const opened = rows.flatMap((row) =>
      columns.flatMap((column) => {
        const value = row[column];
        return value instanceof Uint8Array ? [sealer.open(value, placeOf(table, column)(row))] : [];
      }),
    );
    return [table, opened.length];
  });
  db.close();
  return Object.fromEntries(counts) as Record<SealedTable, number>;
}

/** What the old key would let somebody recognise. */
const digestsOf = (sealer: Sealer, { telegram, whatsapp, awa, fatou }: Lived): string[] => [
  phoneIndex(sealer, AWA),
  phoneIndex(sealer, '+221770000009'),
  ...NAMES.directory(sealer, JSON.stringify({ code: 'P-1', phones: [AWA] })),
  sealer.digest('identity', `telegram|${accountOf(telegram)}|user|${String(awa.id)}`),
  sealer.digest('identity', `whatsapp|${whatsapp.phoneId}|phone|+${fatou.wa_id ?? ''}`),
  sealer.digest('address', `telegram|${accountOf(telegram)}|${String(awa.id)}`),
];

test('a desk whose key was changed, killed in the middle, knows everybody and nothing opens with the old key', async () => {
  const life = await lived();
  const { data } = life;
  const [old] = keysIn(data);
  const before = openAll(data, createSealer(old!));
  for (const [table, n] of Object.entries(before)) expect(n, table).toBeGreaterThan(0);
  const oldDigests = digestsOf(createSealer(old!), life);
  for (const digest of oldDigests) expect(holding(data, digest)).not.toEqual([]);
  writeFileSync(join(data, 'media', 'never-ended.part'), createSealer(old!).seal('half', 'nowhere'));

  const args = ['test/support/rotate-child.ts', data, stamp.desk, '5'];
  expect(spawnSync(process.execPath, args, { timeout: 60_000 }).signal).toBe('SIGKILL');
  const [fresh, second] = keysIn(data);
  expect(second).toEqual(old);
  // Both keys are in the database now: only both open it, and only a change of key.
  expect(holding(data, sealedHead(keyIdOf(old!)))).not.toEqual([]);
  expect(holding(data, sealedHead(keyIdOf(fresh!)))).not.toEqual([]);
  expect(openAll(data, createSealer(fresh!, old!))).toEqual(before);
  expect(() => openDataFolder(data, stamp, undefined)).toThrow(/half changed.*rotate-key/);
  for (const one of [fresh!, old!])
    expect(() => openDataFolder(data, stamp, one.toString('base64url'))).toThrow(/half changed|another key/);
  expect(guichet(life, 'accounts', 'failures')).toMatchObject({ code: 78, output: /half changed/ });

  // `--new` makes no third key while a change is under way.
  const resumed = guichet(life, 'rotate-key', '--new');
  expect(resumed).toMatchObject({ code: 0 });
  expect(resumed.output).toContain(`Everything is sealed with key ${keyIdOf(fresh!)}`);
  expect(keysIn(data)).toEqual([fresh, old]);
  expect(guichet(life, 'rotate-key', '--finish').output).toMatch(/sealed .* already[\s\S]*new key alone/);
  expect(keysIn(data)).toEqual([fresh]);

  expect(openAll(data, createSealer(fresh!))).toEqual(before);
  expect(holding(data, sealedHead(keyIdOf(old!)), ...oldDigests)).toEqual([]);
  expect(existsSync(join(data, 'media', 'never-ended.part'))).toBe(false);
  expect(() => openDataFolder(data, stamp, old!.toString('base64url'))).toThrow(/another key/);

  await knowsEverybody(life, createSealer(fresh!));
  expect(() => openDataFolder(data, stamp, old!.toString('base64url'))).toThrow(/another key/);
}, 120_000);

async function knowsEverybody({ data, telegram, whatsapp, awa, fatou, late, repeat }: Lived, sealer: Sealer) {
  await telegram.start();
  const { guichet, url } = await startProduct({
    ...{ desk, data, simulator: telegram, env: whatsappEnvironment(whatsapp) },
  });
  const count = async (table: 'persons' | 'conversations' | 'inbox') =>
    (await guichet.store.db.selectFrom(table).selectAll().execute()).length;
  // What waited leaves, in its order.
  await botSaid(telegram, late, 4, 30_000);
  await guichet.pipeline.idle();
  const said = telegram.state.botMessages(late.id).map(({ text }) => text.split(' ')[0]);
  expect(said.slice(2)).toEqual(['📋', '❓']);

  const [persons, conversations, updates] = [
    await count('persons'),
    await count('conversations'),
    await count('inbox'),
  ];
  expect(await pushWhatsApp(url, repeat)).toBe(200);
  expect(await count('inbox')).toBe(updates);
  const heard = telegram.state.botMessages(awa.id).length;
  telegram.phone.text(awa, 'Mes enfants');
  expect((await botSaid(telegram, awa, heard + 1)).text).toContain('demande commencée est gardée');
  expect((await botSaid(telegram, awa, heard + 2)).text).toContain('Léo');
  telegram.phone.text(awa, '/historique');
  expect((await botSaid(telegram, awa, heard + 3)).text).toContain('Quand a lieu la messe des familles ?');
  telegram.phone.text(awa, '/start');
  expect((await botSaid(telegram, awa, heard + 4)).text).toContain('Heureux de vous revoir');
  const before = whatsapp.state.botMessages(fatou.wa_id).length;
  await whatsapp.subscribe(`${url}/webhook/whatsapp`);
  whatsapp.phone.text(fatou, 'Bonjour');
  await saidOnWhatsApp(whatsapp, fatou, before + 1);
  expect([await count('persons'), await count('conversations')]).toEqual([persons, conversations]);

  // The number keeps its owner, and its hour.
  const thief = somebody('Autre');
  telegram.phone.contact(thief, { phone: AWA });
  await botSaid(telegram, thief, 1);
  const accounts = await guichet.store.db.selectFrom('user_accounts').select(['status']).execute();
  expect(accounts.map(({ status }) => status).sort()).toEqual(['active', 'pending']);
  const audit = await guichet.store.db.selectFrom('account_creation_audit').selectAll().execute();
  expect(audit.filter(({ phone_index }) => phone_index === phoneIndex(sealer, AWA)).length).toBeGreaterThan(
    1,
  );
  expect(await accountDesk(guichet.store).revealsAreWhole()).toBe(true);
  const [file] = await guichet.store.db.selectFrom('media').select('id').execute();
  const bytes = await mediaStore(guichet.store, join(data, 'media'), sealer).read(file?.id ?? '');
  expect(bytes?.subarray(0, 2).toString()).toBe('PK');
  await guichet.stop();
}

class Cut extends Error {}

test('cut after any of its units, it goes on and ends as if it had never stopped', async () => {
  const life = await lived();
  const [old] = keysIn(life.data);
  const before = openAll(life.data, createSealer(old!));
  const cut = async (data: string, after: number): Promise<boolean> => {
    const folder = openForKeyChange(data, stamp, undefined, true);
    const store = await openStore(folder.database, () => performance.now());
    let left = after;
    const told = (): void => {
      if (--left === 0) throw new Cut();
    };
    try {
      await rotateKeys({ folder, store, names: NAMES, leaveDamaged: false, told });
      return false;
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      return true;
    } finally {
      await store.close();
      folder.release();
    }
  };

  const indexes = (data: string, sealer: Sealer): boolean[] =>
    digestsOf(sealer, life).map((digest) => holding(data, digest).length > 0);
  // The number that is nowhere is found no more.
  const expected = [true, false, true, true, true, true];
  for (let after = 1; ; after++) {
    const data = join(temporaryFolder(), 'data');
    cpSync(life.data, data, { recursive: true });
    const wasCut = await cut(data, after);
    if (wasCut) expect(await cut(data, Infinity)).toBe(false);
    const [fresh] = keysIn(data);
    const label = `after ${String(after)}`;
    expect(openAll(data, createSealer(fresh!)), label).toEqual(before);
    expect(holding(data, sealedHead(keyIdOf(old!))), label).toEqual([]);
    expect(indexes(data, createSealer(fresh!)), label).toEqual(expected);
    if (!wasCut) {
      expect(after).toBeGreaterThan(SEALED_TABLES.length);
      return;
    }
  }
}, 120_000);
