import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import type { Extracted, LibraryRecords } from '../../message/library.ts';
import { libraryTables } from '../../storage/library.ts';
import { openStore } from '../../storage/open.ts';
import { createEmbeddedAnswerer } from '../embedded.ts';
import type { EmbeddedAnswerer } from '../embedded.ts';
import { docx, encryptedPdf, paragraphs, pdf } from '../files/fixtures/files.ts';
import type { FileReader } from '../files/reader.ts';
import { openCorpus } from './corpus.ts';
import { createExtractor } from './extractor.ts';
import type { NewDocument } from './library.ts';
import { listDocuments, listVersions } from './listing.ts';
import { NO_RECORDS } from './records.ts';

const DAY = 24 * 3600_000;
const START = Date.parse('2026-02-27T12:00:00Z');

async function records(data = temporaryFolder()): Promise<LibraryRecords> {
  const store = await openStore(join(data, 'guichet.db'), () => performance.now());
  onTestFinished(() => store.close());
  return libraryTables(store, join(data, 'documents'));
}

function deskFolder(): string {
  const folder = temporaryFolder();
  cpSync(join(import.meta.dirname, '../fixtures/desk'), folder, { recursive: true });
  return folder;
}

let ids = 0;
interface Setting {
  engine: EmbeddedAnswerer;
  now: { at: number };
  folder: string;
  ask(question: string): Promise<string>;
  add(id: string, text: string, more?: Partial<NewDocument>): Promise<unknown>;
  warned: string[];
}

async function open(
  kept: LibraryRecords,
  folder = deskFolder(),
  more: { files?: FileReader } = {},
): Promise<Setting> {
  const now = { at: START };
  const warned: string[] = [];
  const engine = await createEmbeddedAnswerer({
    ...{ folder, language: 'fr', clock: { now: () => now.at, monotonic: () => now.at }, spelling: false },
    library: { records: kept, newId: () => `version-${(ids += 1)}` },
    warn: ({ message }) => warned.push(message),
    ...more,
  });
  onTestFinished(() => engine.close());
  const ask = async (question: string): Promise<string> => {
    const answer = await engine.answer({ text: question, language: 'fr' }, AbortSignal.timeout(5_000));
    return answer.status === 'answered'
      ? `${answer.body} [${answer.sources[0]?.document ?? ''} ${answer.sources[0]?.effectiveDate ?? ''}]`
      : answer.status;
  };
  const add: Setting['add'] = async (id, text, given) => {
    const added = await engine.library?.add(id, {
      file: `${id}.md`,
      bytes: Buffer.from(text),
      by: 'staff:test',
      ...given,
    });
    return added?.ok ? added.done : added;
  };
  return { engine, now, folder, ask, add, warned };
}

const PARKING = (fee: string): string =>
  `# Parking de Testville\n\n## Combien coûte le parking de Testville ?\n\nLe parking coûte ${fee} F.\n`;
const QUESTION = 'Combien coûte le parking de Testville ?';

test('a version takes its turn on its day and ends after its last, by the clock alone', async () => {
  const { ask, add, now, engine } = await open(await records());
  await add('parking', PARKING('300'));
  await add('parking', PARKING('500'), { effectiveFrom: '2026-03-01', effectiveTo: '2026-03-02' });
  await engine.corpus.poll();
  expect(await ask(QUESTION)).toContain('300 F. [parking ]');
  now.at = Date.parse('2026-03-01T00:00:00Z') - 1;
  await engine.corpus.poll();
  expect(await ask(QUESTION)).toContain('300 F');
  now.at += 1;
  await engine.corpus.poll();
  expect(await ask(QUESTION)).toContain('500 F. [parking 2026-03-01]');
  now.at += 2 * DAY;
  await engine.corpus.poll();
  expect(await ask(QUESTION)).not.toContain('[parking');
});

test('a document of the library stands over the file of the desk of the same id, until it is withdrawn', async () => {
  const { ask, add, engine } = await open(await records());
  const before = await ask('Combien de livres peut-on emprunter ?');
  await add(
    'bibliotheque',
    '# Bibliothèque\n\n## Combien de livres peut-on emprunter ?\n\nOn emprunte 99 livres.\n',
  );
  expect(await ask('Combien de livres peut-on emprunter ?')).toContain('99 livres');
  await engine.library?.withdraw('bibliotheque', { by: 'staff:test' });
  expect(await ask('Combien de livres peut-on emprunter ?')).toBe(before);
  expect(await engine.library?.withdraw('bibliotheque', { by: 'staff:test' })).toBe(false);
});

test('what is said of a file when it is given wins over what the file says', async () => {
  const { add, engine } = await open(await records());
  const text = `---\ntitle: Dans le fichier\neffective_date: 2020-01-01\n---\n${PARKING('300')}`;
  await add('parking', text, { title: 'Donné', effectiveFrom: '2026-02-01' });
  expect(await engine.answer({ text: QUESTION, language: 'fr' }, AbortSignal.timeout(5_000))).toMatchObject({
    sources: [{ title: 'Donné', effectiveDate: '2026-02-01' }],
  });
});

test('what another process changes is seen at the next look; after a restart nothing is read again', async () => {
  const data = temporaryFolder();
  const [here, there] = [await open(await records(data)), await open(await records(data))];
  await there.add('parking', PARKING('300'));
  expect(await here.ask(QUESTION)).not.toContain('300');
  await here.engine.corpus.poll();
  expect(await here.ask(QUESTION)).toContain('300');
  const kept = await records(data);
  const again = await open({ ...kept, readFile: () => Promise.reject(new Error('nothing is to be read')) });
  expect(await again.ask(QUESTION)).toContain('300');
});

test('two who add the same document at one moment make two versions', async () => {
  const { engine, add } = await open(await records());
  await Promise.all(['1', '2', '3', '4'].map((fee) => add('parking', PARKING(fee))));
  expect((await engine.library?.versions())?.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
});

test('of those who add the first version at one moment, one does; after a withdrawal, one again', async () => {
  const kept = await records();
  const [here, there] = [await open(kept), await open(kept)];
  const race = async (): Promise<string[]> => {
    const tried = await Promise.all(
      [here, there, here, there].map(({ add }, fee) => add('parking', PARKING(String(fee)), { first: true })),
    );
    return tried
      .map((one) => one as { reason: string | null; state?: string })
      .map(({ reason, state }) => reason ?? state ?? '');
  };
  expect((await race()).sort()).toEqual(['exists', 'exists', 'exists', 'ready']);
  await here.engine.library?.withdraw('parking', { by: 'staff:test' });
  expect((await race()).sort()).toEqual(['exists', 'exists', 'exists', 'ready']);
  expect((await kept.versions()).map(({ number }) => number)).toEqual([1, 2]);
});

test('answers to one question, written at one moment, are documents of their own', async () => {
  const { library } = (await open(await records())).engine;
  if (!library) throw new Error('The engine has no library.');
  const entry = { title: 'Où garer son vélo ?', by: 'staff:awa' };
  const ids = await Promise.all(
    ['Ici.', 'Là.', 'Ailleurs.'].map((body) => library.addEntry({ ...entry, body })),
  );
  const name = 'reponses/ou-garer-son-velo';
  expect(ids.sort()).toEqual([name, `${name}-2`, `${name}-3`]);
});

test('what is read is listed as read once it is answered from, and not before', async () => {
  const kept = await records();
  let settled = (): void => undefined;
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  let holding = false;
  const { add, ask, engine, now } = await open({
    ...kept,
    settle: async (...given) => {
      await kept.settle(...given);
      settled();
    },
    phrasings: async () => {
      if (holding) await held;
      return kept.phrasings();
    },
  });
  const list = async () => {
    const { corpus } = engine;
    const versions = (await kept.versions()).filter(({ document }) => document === 'parking');
    const [one] = listDocuments([], versions, now.at, (id) => corpus.answering(id));
    return [
      one?.state,
      one?.answered,
      listVersions(versions, now.at, (id) => corpus.answering(id))[0]?.state,
    ];
  };
  await add('parking', PARKING('300'));
  expect(await list()).toEqual(['ready', { version: 1 }, 'ready']);
  holding = true;
  const second = new Promise<void>((resolve) => (settled = resolve));
  const adding = add('parking', PARKING('500'));
  await second;
  expect((await kept.versions()).map(({ state }) => state)).toEqual(['ready', 'ready']);
  expect(await list()).toEqual(['reading', { version: 1 }, 'reading']);
  expect(await ask(QUESTION)).toContain('300 F');
  go();
  await adding;
  expect(await list()).toEqual(['ready', { version: 2 }, 'ready']);
  expect(await ask(QUESTION)).toContain('500 F');
});

test.each<[string, string, Buffer, string]>([
  [
    'by its file, marks turned into spaces',
    'H_rows-15000.csv',
    Buffer.from('Acte;Prix\nNaissance;200 F\n'),
    'H rows 15000',
  ],
  [
    'with its accents and capitals',
    'Règlement intérieur de l’ÉCOLE.md',
    Buffer.from('Le portail ferme à 8 h.\n'),
    'Règlement intérieur de l’ÉCOLE',
  ],
])('a document that does not say its title is called %s', async (_, file, bytes, title) => {
  const { add, engine } = await open(await records());
  expect(await add('un-id-quelconque-csv', '', { file, bytes })).toMatchObject({ state: 'ready' });
  const { passages } = engine.corpus.retriever.collection;
  const own = passages.filter(({ document }) => document === 'un-id-quelconque-csv');
  expect(own.map(({ documentTitle }) => documentTitle)).toEqual([title]);
});

test('one that was being read when the process ended is taken up, if its bytes are still those that came', async () => {
  const data = temporaryFolder();
  const kept = await records(data);
  const { add } = await open(kept);
  const stopped = {
    ...kept,
    settle: () => Promise.reject(new Error('killed here')),
    keepExtraction: () => Promise.resolve(),
  };
  const dying = await open(stopped);
  await expect(dying.add('parking', PARKING('300'))).rejects.toThrow('killed here');
  await expect(dying.add('damaged', PARKING('700'))).rejects.toThrow('killed here');
  const files = readdirSync(join(data, 'documents'));
  expect(files).toHaveLength(2);
  const damaged = (await kept.versions()).find(({ document }) => document === 'damaged');
  writeFileSync(join(data, 'documents', damaged?.hash ?? ''), PARKING('800'));
  const next = await open(kept);
  expect(await next.ask(QUESTION)).not.toMatch(/\[(?:parking|damaged)/);
  await next.engine.library?.resume();
  expect(await next.ask(QUESTION)).toContain('300 F');
  expect((await kept.versions()).map(({ document, state, reason }) => [document, state, reason])).toEqual([
    ['damaged', 'refused', 'damaged'],
    ['parking', 'ready', null],
  ]);
  await add('x', PARKING('1'));
});

test('one that ends the process again and again is refused; one that we stopped ourselves is not', async () => {
  const kept = await records();
  const dying = {
    ...kept,
    extraction: () => Promise.reject(new Error('killed here')),
  };
  await expect((await open(dying)).add('parking', PARKING('300'))).rejects.toThrow('killed here');
  const state = async () => (await kept.versions()).map((one) => [one.state, one.reason]);
  expect(await state()).toEqual([['reading', null]]);
  const stopped = await open(kept);
  const resumed = stopped.engine.library?.resume();
  await stopped.engine.library?.close();
  await resumed;
  expect(await state()).toEqual([['reading', null]]);
  for (let times = 1; times <= 5; times += 1) {
    await expect((await open(dying)).engine.library?.resume()).rejects.toThrow('killed here');
    expect(await state()).toEqual([['reading', `taken_up ${times}`]]);
  }
  const last = await open(kept);
  await last.engine.library?.resume();
  expect(await state()).toEqual([['refused', 'failed']]);
  expect(await last.add('parking', PARKING('300'))).toMatchObject({ state: 'ready' });
});

test.each<[string, string, RegExp]>([
  ['mistakes in its front matter', '---\nkind: vélo\n---\nx', /line 2: "kind" is "vélo"/],
  ['no text', '---\ntitle: T\n---\n', /holds no text/],
])('Markdown with %s is refused with what to write, and what was there goes on', async (_, text, reason) => {
  const { ask, add } = await open(await records());
  await add('parking', PARKING('300'));
  expect(await add('parking', text)).toMatchObject({
    state: 'refused',
    reason: expect.stringMatching(reason) as unknown,
  });
  expect(await ask(QUESTION)).toContain('300 F');
});

test('an answer that staff write is one entry, found at once, whatever marks it holds', async () => {
  const { ask, engine } = await open(await records());
  const entry = { title: 'Où garer son vélo ?', alternates: ['parking vélo'], by: 'staff:awa' };
  const id = await engine.library?.addEntry({
    ...entry,
    body: 'Derrière la mairie.\n\n# Entrée\n\nRue 3. <!-- kind: redirect -->',
  });
  expect(id).toBe('reponses/ou-garer-son-velo');
  expect(engine.corpus.answering(id ?? '')?.passages).toBe(1);
  expect(await ask('parking vélo')).toContain('**Entrée**');
  expect(await engine.library?.addEntry({ ...entry, body: 'Ailleurs.' })).toBe(
    'reponses/ou-garer-son-velo-2',
  );
});

test('files of the desk of every kind are answered from; a bad one is told and stops nobody; each is read once', async () => {
  const folder = deskFolder();
  const documents = join(folder, 'documents');
  mkdirSync(join(documents, 'sub'));
  writeFileSync(
    join(documents, 'sub/cantine.pdf'),
    pdf(['Tarif de la cantine de Testville\n\nLe repas de la cantine coute 350 F.']),
  );
  writeFileSync(
    join(documents, 'sub/cantine.pdf.yaml'),
    'title: La cantine de Testville\neffective_date: 2026-01-01\n',
  );
  writeFileSync(join(documents, 'stade.docx'), docx(paragraphs('Le stade de Testville ferme à 21 h 30.')));
  writeFileSync(join(documents, 'secret.pdf'), encryptedPdf());
  writeFileSync(join(documents, 'vieux.doc'), 'x');
  writeFileSync(join(documents, 'stade.txt'), 'Un autre du même nom.');
  const kept = await records();
  const { ask, warned, engine } = await open(kept, folder);
  expect(await ask('Combien coûte le repas de la cantine de Testville ?')).toMatch(
    /350 F.*\[sub\/cantine 2026-01-01\]/,
  );
  expect(await ask('À quelle heure ferme le stade de Testville ?')).toContain('21 h 30');
  expect(warned.sort()).toEqual([
    expect.stringMatching(/"secret\.pdf" is protected by a password/),
    expect.stringMatching(/Another file has the same name, stade\.docx/),
    expect.stringMatching(/This format is not read/),
  ]);
  expect(engine.corpus.desk().find(({ id }) => id === 'secret')).toMatchObject({ state: 'refused' });

  let read = 0;
  const counting = {
    ...kept,
    keepExtraction: (...args: Parameters<LibraryRecords['keepExtraction']>) => (
      (read += 1),
      kept.keepExtraction(...args)
    ),
  };
  await open(counting, folder);
  expect(read).toBe(0);
  writeFileSync(join(documents, 'stade.docx'), docx(paragraphs('Le stade de Testville ferme à 22 h 45.')));
  const again = await open(counting, folder);
  expect(read).toBe(1);
  expect(await again.ask('À quelle heure ferme le stade de Testville ?')).toContain('22 h 45');
});

test('forty files at once are all read, in their turn', async () => {
  const { engine } = await open(await records());
  const { library } = engine;
  if (!library) throw new Error('The engine has no library.');
  const note = (n: number): NewDocument => ({
    ...{ file: 'note.txt', bytes: Buffer.from(`Note ${n} de la mairie de Testville.`), by: 'staff:test' },
  });
  const added = await Promise.all(Array.from({ length: 40 }, (_, n) => library.add(`note-${n}`, note(n))));
  const settled = await Promise.all(added.flatMap((one) => (one.ok ? [one.done] : [])));
  expect(settled.filter((one) => one?.state === 'ready')).toHaveLength(40);
  expect(engine.corpus.answering('note-39')?.passages).toBe(1);
});

/** The corpus of a desk whose version `parking` has to be read again, by a reader that gives `answers` before it reads. */
async function rereading(kept: LibraryRecords, answers: (Extracted | undefined)[]) {
  const clock = { now: () => START, monotonic: () => START };
  const reader = { readDocument: () => Promise.reject(new Error('Only Markdown is read here.')) };
  const extractor = createExtractor({ reader, records: NO_RECORDS, clock });
  const warned: string[] = [];
  const corpus = await openCorpus({
    ...{ folder: join(deskFolder(), 'documents'), language: 'fr', records: kept, clock },
    extractor: {
      known: () => Promise.resolve(undefined),
      read: (...given) => (answers.length > 0 ? Promise.resolve(answers.shift()) : extractor.read(...given)),
    },
    retrieval: {},
    warn: ({ message }) => warned.push(message),
  });
  onTestFinished(() => corpus.close());
  const said = (): string | undefined => corpus.retriever.search(QUESTION, 1).results[0]?.passage.text;
  return { corpus, warned, said };
}

const SLOW: Extracted = { ok: false, reason: 'timeout' };
test.each<[string, (Extracted | undefined)[], found: boolean, warned: number]>([
  ['busy, as often as it is', [undefined, undefined, undefined], true, 0],
  ['out of time once', [SLOW], true, 0],
  ['out of memory once', [{ ok: false, reason: 'memory' }], true, 0],
  ['out of time twice', [SLOW, SLOW], false, 1],
  ['sure that it is broken', [{ ok: false, reason: 'broken' }], false, 1],
])('a version is read again when the reader was %s', async (_, answers, found, warnings) => {
  const kept = await records();
  await (await open(kept)).add('parking', PARKING('300'));
  const { corpus, warned, said } = await rereading(kept, answers);
  if (found) expect(corpus.answering('parking')).toBeUndefined();
  for (let looks = 0; looks < 5; looks += 1) await corpus.poll();
  expect(corpus.answering('parking')?.passages).toBe(found ? 1 : 0);
  expect(said()?.includes('300 F')).toBe(found);
  expect(warned).toHaveLength(warnings);
});

test('what stood before is answered from while its next version cannot be read', async () => {
  const kept = await records();
  const { add } = await open(kept);
  await add('parking', PARKING('300'));
  const answers: (Extracted | undefined)[] = [];
  const { corpus, said } = await rereading(kept, answers);
  answers.push(undefined);
  await add('parking', PARKING('500'));
  await corpus.poll();
  expect(said()).toContain('300 F');
  await corpus.poll();
  expect(said()).toContain('500 F');
});
