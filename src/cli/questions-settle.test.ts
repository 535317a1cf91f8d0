import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { smallDesk } from '../../test/support/small-desk.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { readConfig } from '../config/config.ts';
import { loadDesk } from '../desk/load.ts';
import { createSealer, generateKey } from '../lib/seal.ts';
import { questionPlace } from '../pipeline/questions.ts';
import { conversationTables } from '../storage/conversations.ts';
import { libraryTables } from '../storage/library.ts';
import { openStore } from '../storage/open.ts';
import { personalTables } from '../storage/personal.ts';
import { questionSetFile } from '../storage/question-set.ts';
import { questionTables } from '../storage/questions.ts';
import { openInbox } from './questions-inbox.ts';
import { answerGroup, attachGroup } from './questions-settle.ts';

/** A desk that Awa, Fatou and Marie asked something it does not know. */
async function asked(questions: readonly (readonly [string, string])[]) {
  const folder = temporaryFolder();
  const store = await openStore(join(folder, 'guichet.db'), () => performance.now());
  onTestFinished(() => store.close());
  const sealer = createSealer(generateKey());
  const [tables, conversations] = [questionTables(store), conversationTables(store)];
  for (const id of ['awa', 'fatou', 'marie']) {
    const profile = JSON.stringify({ firstName: id, lastName: 'Démo' });
    await store.commit([
      conversations.insertPerson({ id, at: 1 }),
      conversations.insertPreferences({ person_id: id, language: 'fr', at: 1 }),
      conversations.insertIdentity({
        ...{
          id: `i-${id}`,
          person_id: id,
          channel: 'x',
          account: '1',
          scheme: 'user',
          value_index: id,
          at: 1,
        },
        ...{ value_sealed: new Uint8Array([1]), is_bot: 0 },
        profile_sealed: sealer.seal(profile, `identities|profile|i-${id}`),
      }),
    ]);
  }
  await store.commit(
    questions.map(([person, text], at) => {
      const id = `${String(at)}.0`;
      return tables.insert({
        ...{ id, person_id: person, conversation_id: null, session_id: null, channel: 'x', language: 'fr' },
        ...{ outcome: 'abstained', confidence: null, document: null, at },
        text_sealed: sealer.seal(text, questionPlace(id)),
      });
    }),
  );
  const desk = loadDesk(smallDesk());
  const documents = join(folder, 'documents');
  const open = async () => {
    const config = { ...readConfig(), data: folder };
    const view = await openInbox({ config, desk: () => Promise.resolve(desk), store, sealer, documents });
    onTestFinished(() => view.close());
    return view;
  };
  const body = join(folder, 'reponse.md');
  writeFileSync(body, 'Les chiens guides entrent partout.\n');
  const wanted = { title: 'Peut-on venir avec un chien ?', body, phrasings: true, yes: true, days: 0 };
  const records = libraryTables(store, documents);
  const phrasings = async () => (await records.phrasings()).map(({ text }) => text).sort();
  return { folder, store, tables, open, wanted, records, phrasings };
}

const DOG = 'venir avec un chien';

test('two people who answer one group at once add one entry, and the other is told', async () => {
  const it = await asked([['awa', DOG]]);
  const [one, two] = await Promise.all([it.open(), it.open()]);
  const [{ id = '' } = {}] = await one.groups(['open']);
  const done = await Promise.allSettled([
    answerGroup(one, id, it.wanted),
    answerGroup(two, id, { ...it.wanted, title: 'Les chiens ?' }),
  ]);
  expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const public_ = (await it.records.versions()).filter(({ withdrawn_at }) => withdrawn_at === null);
  expect(public_).toHaveLength(1);
  expect(await it.store.db.selectFrom('question_answers').select('entry').execute()).toEqual([
    { entry: public_[0]?.document },
  ]);
}, 30_000);

test('an answer that cannot be added leaves its group open, and so does a command that was cut off', async () => {
  const it = await asked([['awa', DOG]]);
  const view = await it.open();
  const [{ id = '' } = {}] = await view.groups(['open']);
  const addEntry = () => Promise.reject(new Error('no room'));
  await expect(answerGroup({ ...view, addEntry }, id, it.wanted)).rejects.toThrow('no room');
  expect(await view.groups(['open'])).toMatchObject([{ id }]);
  const cut = { id: 'cut', group_id: id, title: 'T', body: 'B', entry: '', actor: 'staff:x', at: 1 };
  await it.store.commit([
    it.tables.insertAnswer(cut),
    ...it.tables.settle(id, { state: 'answered', answer: 'cut', tell: [] }),
  ]);
  expect(await view.groups(['open'])).toEqual([]);
  expect(await (await it.open()).groups(['open'])).toMatchObject([{ id }]);
  expect(await it.store.db.selectFrom('question_answers').selectAll().execute()).toEqual([]);
}, 30_000);

test('words of people are shown without names and numbers, and kept only once that was read', async () => {
  const it = await asked([
    ['awa', 'venir avec un chien de awa DÉMO, tél. 77 000 00 01, awa@exemple.sn'],
    ['fatou', DOG],
  ]);
  const view = await it.open();
  const [group] = await view.groups(['open']);
  const id = group?.id ?? '';
  const shown = (await Promise.all((group?.questions ?? []).map((one) => view.shown(one)))).join('\n');
  expect(shown).toContain('venir avec un chien');
  expect(shown).not.toMatch(/awa|démo|77|@/i);
  for (const act of [answerGroup, attachGroup]) {
    const refused = await (
      act === answerGroup
        ? answerGroup(view, id, { ...it.wanted, yes: false })
        : attachGroup(view, id, 'emprunts#3', { phrasings: true, days: 0 })
    ).catch((error: unknown) => (error as Error).message);
    expect(refused).toContain(DOG);
    expect(refused).toContain('--yes');
    expect(refused).not.toMatch(/awa|démo|77|@/i);
  }
  expect(await it.phrasings()).toEqual([]);
  expect(await view.groups(['open'])).toHaveLength(1);
  await answerGroup(view, id, it.wanted);
  expect(await it.phrasings()).toContain(DOG);
}, 30_000);

test('a phrasing goes with the last of those whose words it is; staff’s own stays', async () => {
  const it = await asked([
    ['awa', DOG],
    ['fatou', `${DOG} ?`],
    ['marie', 'venir avec mon chien'],
  ]);
  const view = await it.open();
  const [{ id = '' } = {}] = await view.groups(['open']);
  await answerGroup(view, id, {
    ...{ ...it.wanted, title: 'Les animaux ?' },
    phrasing: [DOG, 'Venir avec mon chien', 'Un chien guide peut-il entrer ?'],
  });
  const erase = async (person: string) => {
    const before = await it.records.revision();
    await it.store.commit(personalTables(it.store).erase(person).statements);
    return (await it.records.revision()) !== before;
  };
  expect(await erase('marie')).toBe(true);
  expect(await it.phrasings()).toEqual(['Un chien guide peut-il entrer ?', DOG]);
  expect(await erase('awa')).toBe(false);
  expect(await it.phrasings()).toHaveLength(2);
  expect(await erase('fatou')).toBe(true);
  expect(await it.phrasings()).toEqual(['Un chien guide peut-il entrer ?']);
  // Nor are their words anywhere else.
  const [{ file = '', hash = '' } = {}] = await it.records.versions();
  expect((await it.records.readFile(hash))?.toString()).not.toContain(DOG);
  expect(file).toContain('.md');
  expect(readFileSync(questionSetFile(it.folder), 'utf8')).not.toContain(DOG);
}, 30_000);

test('an answer that did not help brings its question back as another group, which can be answered in its turn', async () => {
  const it = await asked([['awa', DOG]]);
  const view = await it.open();
  const [{ id = '' } = {}] = await view.groups(['open']);
  await answerGroup(view, id, it.wanted);
  await it.store.db.updateTable('questions').set({ reply: 'sent' }).execute();
  await it.store.commit([it.tables.vote({ id: '0.0', person_id: 'awa', vote: -1, at: 9 })]);
  const [again] = await view.groups(['open']);
  expect(again?.id).toBe(`${id}~2`);
  await answerGroup(view, again?.id ?? '', { ...it.wanted, title: 'Et un chien qui dort ?' });
  const lines = readFileSync(questionSetFile(it.folder), 'utf8').trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { question: string }).question)).toEqual([
    'Peut-on venir avec un chien ?',
    'Et un chien qui dort ?',
  ]);
}, 30_000);
