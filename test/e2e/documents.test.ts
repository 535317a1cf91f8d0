import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { encryptedPdf, pdf } from '../../src/answers/files/fixtures/files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { shared } from '../support/over.ts';
import { smallDesk } from '../support/small-desk.ts';
import { botSaid, somebody, startProduct, type Product } from '../support/product.ts';

const run = promisify(execFile);

/** A command of the program on the data of a desk, running or not. */
async function guichetOf(desk: string, data: string, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, ['src/cli/guichet.ts', ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GUICHET_DESK: desk,
      GUICHET_DATA: data,
      TELEGRAM_TOKEN: '123456789:AAfictitious-token-of-the-tests-00000',
    },
  });
  return stderr + stdout;
}

const keyOf = (printed: string): string => /gk_[a-z0-9]{8}_[\w-]{43}/.exec(printed)?.[0] ?? '';

/** A key is known within seconds; who is refused sixty times a minute is told to come back later. */
const PATIENTLY = { timeout: 8000, interval: 300 };

/** The product, and how a program with a key speaks to it. */
async function serve(): Promise<Product & Speaking> {
  const desk = smallDesk();
  const product = await startProduct({ desk });
  const command = (...words: string[]) => guichetOf(desk, product.data, ...words);
  const key = keyOf(await command('keys', 'create', 'site', '--scope', 'documents'));
  const call = async (method: string, path: string, form?: FormData, bearer: string | undefined = key) => {
    const response = await fetch(`${product.url}/api/v1/documents${path}`, {
      method,
      headers: bearer === '' ? {} : { authorization: `Bearer ${bearer}` },
      ...(form && { body: form }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  await expect.poll(async () => (await call('DELETE', '/nothing')).status, PATIENTLY).toBe(404);
  const ask = async (question: string): Promise<Answered> => {
    const response = await fetch(`${product.url}/ask-question-ultra`, {
      method: 'POST',
      body: JSON.stringify({ question }),
    });
    return (await response.json()) as Answered;
  };
  const settled = async (id: string) => {
    await expect
      .poll(async () => (await call('GET', `/${id}`)).body['state'], { timeout: 15_000 })
      .not.toBe('reading');
    return (await call('GET', `/${id}`)).body;
  };
  return { ...product, command, key, call, ask, settled };
}

interface Answered {
  answer: string | null;
  sources?: { document: string; page?: number; title: string; effective_date?: string }[];
}
interface Speaking {
  /** A command on the data of this desk, running or not. */
  command(...words: string[]): Promise<string>;
  key: string;
  call(
    method: string,
    path: string,
    form?: FormData,
    bearer?: string,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  ask(question: string): Promise<Answered>;
  settled(id: string): Promise<Record<string, unknown>>;
}

function form(name: string, bytes: Uint8Array | string, fields: Record<string, string> = {}): FormData {
  const made = new FormData();
  for (const [field, value] of Object.entries(fields)) made.set(field, value);
  made.set('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name);
  return made;
}

const RULES = (fee: string): Buffer =>
  pdf([
    'Reglement de la cantine de Testville\n\nCe document dit comment la cantine est ouverte.',
    `Tarif de la cantine\n\nLe repas de la cantine de Testville coute ${fee} F par jour et par enfant.`,
  ]);
const QUESTION = 'Combien coûte le repas de la cantine de Testville ?';

const served = shared(serve);

describe('documents given while the desk runs', () => {
  test('a PDF is answered from with its page, replaced, withdrawn; a person on Telegram sees the same', async () => {
    const { call, ask, settled, simulator, data } = await serve();
    expect((await ask(QUESTION)).answer ?? '').not.toContain('350 F');

    expect(
      await call(
        'POST',
        '',
        form('cantine.pdf', RULES('350'), { title: 'Le repas de la cantine de Testville' }),
      ),
    ).toEqual({
      status: 202,
      body: { id: 'cantine', version: 1, state: 'reading' },
    });
    expect(await settled('cantine')).toMatchObject({
      state: 'ready',
      origin: 'library',
      version: 1,
      by: 'key:site',
    });
    // What is listed as ready is answered from.
    const first = await ask(QUESTION);
    expect(first.answer).toContain('350 F');
    expect(first.sources?.[0]).toMatchObject({
      document: 'cantine',
      page: 2,
      title: 'Le repas de la cantine de Testville',
    });

    const who = somebody();
    simulator.phone.text(who, QUESTION);
    await expect
      .poll(async () => JSON.stringify(simulator.state.botMessages(who.id)), { timeout: 8000 })
      .toContain('350');
    expect((await botSaid(simulator, who, 1)).text).toBeTruthy();

    expect((await call('POST', '', form('cantine.pdf', RULES('1')))).status).toBe(409);
    expect(
      (await call('PUT', '/cantine', form('cantine-2.pdf', RULES('425'), { why: 'hausse' }))).status,
    ).toBe(202);
    expect(await settled('cantine')).toMatchObject({ state: 'ready', answered: { version: 2 } });
    expect((await ask(QUESTION)).answer).toContain('425 F');
    expect((await ask(QUESTION)).answer).not.toContain('350');
    const { body } = await call('GET', '/cantine');
    expect(body['versions']).toMatchObject([
      { number: 2, state: 'ready', why: 'hausse', file: 'cantine-2.pdf' },
      { number: 1, state: 'ready', file: 'cantine.pdf' },
    ]);
    expect(readdirSync(join(data, 'documents'))).toHaveLength(2);

    expect(await call('DELETE', '/cantine')).toEqual({
      status: 200,
      body: { id: 'cantine', state: 'withdrawn' },
    });
    expect((await ask(QUESTION)).answer ?? '').not.toContain('425 F');
  });

  test('of two files that come for one new id at the same moment, one is taken', async () => {
    const { call } = await served();
    const race = Array.from({ length: 6 }, (_, n) =>
      call('POST', '', form('course.txt', `Course numéro ${n}.`)),
    );
    const statuses = (await Promise.all(race)).map(({ status }) => status);
    // Beyond four at once, the others come back later.
    expect(statuses.filter((status) => status === 202)).toEqual([202]);
    expect(statuses.filter((status) => status !== 202 && status !== 503).every((one) => one === 409)).toBe(
      true,
    );
    expect((await call('GET', '/course')).body['versions']).toHaveLength(1);
  });

  test('from when a document holds is told with what comes from it', async () => {
    const { call, url, settled, ask } = await serve();
    await call('POST', '', form('cantine.pdf', RULES('350'), { effective_from: '2026-01-01' }));
    await settled('cantine');
    expect((await ask(QUESTION)).sources?.[0]).toMatchObject({
      document: 'cantine',
      effective_date: '2026-01-01',
    });
    const response = await fetch(`${url}/api/v1/search`, {
      method: 'POST',
      body: JSON.stringify({ question: QUESTION }),
    });
    const { results } = (await response.json()) as { results: Record<string, unknown>[] };
    expect(results[0]).toMatchObject({ source: 'cantine', effective_date: '2026-01-01' });
    expect(results.find(({ source }) => source === 'emprunts')).not.toHaveProperty('effective_date');
  });

  test('a refused file says which and why, and what was there goes on', async () => {
    const { call, ask, settled } = await serve();
    await call('POST', '', form('cantine.pdf', RULES('350')));
    await settled('cantine');
    await expect.poll(async () => (await ask(QUESTION)).answer, { timeout: 8000 }).toContain('350 F');
    expect((await call('PUT', '/cantine', form('secret.pdf', encryptedPdf()))).status).toBe(202);
    await expect
      .poll(async () => (await call('GET', '/cantine')).body['versions'], { timeout: 15_000 })
      .toMatchObject([
        { number: 2, state: 'refused', reason: expect.stringMatching(/"secret\.pdf".*password/) as unknown },
        {},
      ]);
    expect((await ask(QUESTION)).answer).toContain('350 F');
    const { body } = await call('GET', '/cantine');
    expect(body).toMatchObject({ state: 'refused', version: 2, answered: { version: 1 } });
  });

  test('braces in a document are its own words, and its notes nobody’s, in a conversation and through the API', async () => {
    const desk = smallDesk();
    writeFileSync(
      join(desk, 'documents/courrier.md'),
      [
        '---\ntitle: Le courrier\nkind: faq\n---\n',
        '## Que faut-il écrire sur la lettre de réclamation ?\n\nÉcrivez {organisation} puis {mot}. <!-- TODO -->\n',
        '## Qui répare les lampadaires de la rue ?\n\n<!-- kind: redirect -->\n\nÉcrivez {organisation} à la mairie.\n',
      ].join('\n'),
    );
    const { url, simulator } = await startProduct({ desk });
    const who = somebody();
    simulator.phone.text(who, 'Que faut-il écrire sur la lettre de réclamation ?');
    const said = (): string => JSON.stringify(simulator.state.botMessages(who.id));
    await expect.poll(said, { timeout: 8000 }).toContain('Écrivez {organisation} puis {mot}.');
    expect(said()).not.toContain('TODO');
    const response = await fetch(`${url}/ask-question-ultra`, {
      method: 'POST',
      body: JSON.stringify({ question: 'Qui répare les lampadaires de la rue ?' }),
    });
    expect(await response.json()).toMatchObject({ message: 'Écrivez {organisation} à la mairie.' });
  });

  test('two files of one name are refused before anything is written; a file of the desk that is not read is listed', async () => {
    const folder = temporaryFolder();
    const desk = smallDesk();
    const files = ['2025', '2026'].map((year) => {
      mkdirSync(join(folder, year));
      writeFileSync(join(folder, year, 'tarifs.txt'), `Le parking de Testville en ${year}.`);
      return join(folder, year, 'tarifs.txt');
    });
    const { data, guichet: running } = await startProduct({ desk });
    await running.stop();
    writeFileSync(join(desk, 'documents/accueil.md'), '---\nkind: vélo\n---\nBonjour.\n');
    await expect(guichetOf(desk, data, 'documents', 'add', ...files)).rejects.toThrow(
      /would both be the document tarifs: nothing was added/,
    );
    const listed = await guichetOf(desk, data, 'documents', 'list');
    expect(listed).not.toContain('tarifs');
    expect(listed).toMatch(/refused\s+accueil\s+.*"kind" is "vélo"/);
  }, 60_000);

  test.each<[string, string, string, FormData | undefined, number]>([
    ['nobody changes without a key, from this machine either', 'POST', '', form('a.txt', 'Bonjour'), 401],
    ['nor withdraws', 'DELETE', '/a', undefined, 401],
    ['nor replaces', 'PUT', '/a', form('a.txt', 'Bonjour'), 401],
  ])('%s', async (_, method, path, body, status) => {
    const { call } = await served();
    expect((await call(method, path, body, '')).status).toBe(status);
    expect((await call(method, path, body, `gk_aaaaaaaa_${'A'.repeat(43)}`)).status).toBe(status);
  });

  test('what is wrong with a request is said', async () => {
    const { call, key, data, command } = await serve();
    const rows: [FormData, number, RegExp][] = [
      [form('a.exe', 'MZ'), 415, /\.pdf/],
      [form('a.txt', 'x', { id: '../etc' }), 400, /id/],
      [form('a.txt', 'x', { effective_from: '2026-02-30' }), 400, /YYYY-MM-DD/],
      [form('a.txt', 'x', { effective_from: '2026-03-01', effective_to: '2026-02-01' }), 400, /before/],
    ];
    for (const [body, status, details] of rows) {
      const answer = await call('POST', '', body);
      expect(answer.status).toBe(status);
      expect(answer.body['details']).toMatch(details);
    }
    expect((await call('PUT', '/nothing', form('a.txt', 'x'))).status).toBe(404);
    const { body } = await call('GET', '', undefined, '');
    const [desk] = body['documents'] as { id: string; origin: string }[];
    expect(desk?.origin).toBe('desk');
    expect((await call('DELETE', `/${encodeURIComponent(desk?.id ?? '')}`)).status).toBe(409);

    await expect(command('keys', 'revoke', 'gk_nothing')).rejects.toThrow(/names no key/);
    const shown = /gk_\S+(?= {2}site)/.exec(await command('keys', 'list'))?.[0] ?? '';
    expect(shown).toBe(`${key.slice(0, 11)}…`);
    expect(await command('keys', 'revoke', shown)).toContain(`Revoked: ${key.slice(3, 11)}.`);
    await expect.poll(async () => (await call('DELETE', '/nothing')).status, { timeout: 8000 }).toBe(401);
    const kept = readFileSync(join(data, 'guichet.db')).toString('latin1');
    expect(kept).not.toContain(key.slice(12));
  });

  test('through a proxy, a key with `ask` asks and searches, one with `metrics` reads figures, and neither does more', async () => {
    const { url, command, key } = await served();
    const made = await Promise.all(
      (['ask', 'metrics'] as const).map((scope) => command('keys', 'create', scope, '--scope', scope)),
    );
    const [ask = '', metrics = ''] = made.map(keyOf);
    const status = async (path: string, bearer: string): Promise<number> => {
      const post =
        path === '/metrics' || path === '/api/v1/documents'
          ? {}
          : { method: 'POST', body: '{"question":"bonjour"}' };
      const headers = { 'x-forwarded-for': '198.51.100.7', authorization: `Bearer ${bearer}` };
      const answer = await fetch(url + path, { ...post, headers });
      return answer.status === 404 ? 200 : answer.status;
    };
    // Each is known within a second, not both at once.
    await expect.poll(() => status('/metrics', metrics), PATIENTLY).toBe(200);
    await expect.poll(() => status('/api/v1/search', ask), PATIENTLY).toBe(200);
    const paths = ['/ask-question-ultra', '/api/v1/search', '/metrics', '/api/v1/documents'];
    const table = await Promise.all(
      [ask, metrics, key].map((one) => Promise.all(paths.map((path) => status(path, one)))),
    );
    expect(table).toEqual([
      [200, 200, 401, 401],
      [401, 401, 200, 401],
      [401, 401, 401, 200],
    ]);
    expect(await command('keys', 'list')).toMatch(/ask {2}ask {2}made .* {2}last used/);
  });

  test('a document added before the first start is answered from after it; what reads says that nothing is there', async () => {
    const desk = smallDesk();
    const data = join(temporaryFolder(), 'new');
    const file = join(temporaryFolder(), 'piscine.txt');
    writeFileSync(file, 'Quand ouvre la piscine de Testville ?\n\nLa piscine de Testville ouvre à 6 h 45.');
    await expect(guichetOf(desk, data, 'documents', 'show', 'piscine')).rejects.toThrow(/holds no data yet/);
    expect(await guichetOf(desk, data, 'documents', 'add', file)).toMatch(
      /data of the desk mediatheque begins here, in live mode.*Read: piscine, version 1/s,
    );
    expect(await guichetOf(desk, data, 'keys', 'create', 'site', '--scope', 'documents')).toContain('gk_');
    for (const kept of ['guichet.db', 'guichet.lock', 'commands.lock'])
      expect(statSync(join(data, kept)).mode & 0o077).toBe(0);
    const replace = (...days: string[]) =>
      guichetOf(desk, data, 'documents', 'replace', 'piscine', file, ...days);
    expect(await replace('--from', '2999-07-01')).toContain(
      'Read: piscine, version 2. It waits for that day: 2999-07-01 (UTC). Until then version 1 is answered from.',
    );
    expect(await replace('--to', '2001-01-01')).toContain('Its last day, 2001-01-01, is over');
    expect(await guichetOf(desk, data, 'documents', 'withdraw', 'piscine')).toContain('Withdrawn');
    await guichetOf(desk, data, 'documents', 'add', file);
    const { url } = await startProduct({ desk, data });
    const response = await fetch(`${url}/ask-question-ultra`, {
      method: 'POST',
      body: JSON.stringify({ question: 'Quand ouvre la piscine de Testville ?' }),
    });
    expect(((await response.json()) as Answered).answer).toContain('6 h 45');
  }, 60_000);

  test('commands act on a running desk, which follows, and on one that is stopped', async () => {
    const { ask, command, data, guichet: running } = await serve();
    const file = join(temporaryFolder(), 'Horaires de la piscine.html');
    writeFileSync(
      file,
      '<h1>Piscine de Testville</h1><h2>Quand ouvre la piscine de Testville ?</h2><p>Elle ouvre à 6 h 45.</p>',
    );
    expect(await command('documents', 'add', file, '--id', 'piscine')).toMatch(
      /1\/1 .*\nRead: piscine, version 1/s,
    );
    await expect
      .poll(async () => (await ask('Quand ouvre la piscine de Testville ?')).answer, { timeout: 8000 })
      .toContain('6 h 45');
    await running.stop();
    expect(await command('ask', 'Quand ouvre la piscine de Testville ?')).toContain('6 h 45');
    expect(await command('documents', 'list')).toMatch(/ready\s+piscine {2}v1/);
    expect(await command('documents', 'withdraw', 'piscine', '--why', 'fermée')).toContain('Withdrawn');
    expect(await command('documents', 'show', 'piscine')).toMatch(/withdrawn by .*: fermée/);
    await expect(command('documents', 'add', join(data, 'none.pdf'))).rejects.toThrow(/cannot be read/);
  }, 60_000);
});
