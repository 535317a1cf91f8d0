import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkQuery } from '../../config/directory-query.ts';
import { createSqlDirectory } from './sql-directory.ts';
import type { SqlDialect, SqlQuery } from './sql-directory.ts';

const folder = mkdtempSync(join(tmpdir(), 'guichet-directory-'));
const clock = { now: () => 0, monotonic: () => 0 };
const signal = new AbortController().signal;
let db: DatabaseSync;

beforeAll(() => {
  const path = join(folder, 'parish.db');
  const writer = new DatabaseSync(path);
  writer.exec(`
    CREATE TABLE parent (id INTEGER PRIMARY KEY, nom TEXT, prenoms TEXT, tel TEXT);
    CREATE TABLE enfant (parent INTEGER, nom TEXT, prenom TEXT, ne_le TEXT);
    INSERT INTO parent VALUES (1, 'DIOP', 'Fatou', '770000001'), (2, 'FALL', 'Modou', '770000002'), (3, 'SARR', 'Anna', '770000002');
    INSERT INTO enfant VALUES (1, 'SARR', 'Awa', '2016-03-14'), (1, 'SARR', 'Omar', NULL), (2, 'FALL', 'Jean', NULL);
  `);
  writer.close();
  db = new DatabaseSync(path, { readOnly: true });
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const query: SqlQuery = (sql, params) =>
  Promise.resolve().then(() => db.prepare(sql).all(...params) as Record<string, unknown>[]);
const SQL = `SELECT 'P-' || p.id AS code, p.nom, p.prenoms, p.tel AS telephone, -- who? :who
    e.nom AS nom_enfant, e.prenom AS prenom_enfant, e.ne_le AS date_naissance
  FROM parent p LEFT JOIN enfant e ON e.parent = p.id WHERE p.tel = :national;`;
const make = (sql = SQL, run = query, more = {}) =>
  createSqlDirectory({
    query: run,
    dialect: 'sqlite',
    sql,
    clock,
    pause: () => Promise.resolve(),
    ...more,
  });

describe('a directory in a database', () => {
  test('one person with their children', async () => {
    const match = await make().match('+221770000001', signal);
    expect(match).toMatchObject({
      status: 'found',
      people: [
        {
          code: 'P-1',
          lastName: 'DIOP',
          phones: ['+221770000001'],
          children: [{ firstNames: 'Awa', birthDate: '2016-03-14' }, { firstNames: 'Omar' }],
        },
      ],
    });
  });

  test('several people, nobody, a foreign number', async () => {
    expect(await make().match('+221770000002', signal)).toMatchObject({
      people: [{ lastName: 'FALL' }, { lastName: 'SARR' }],
    });
    expect(await make().match('+221770000009', signal)).toEqual({ status: 'none' });
    expect(await make().match('+33612345678', signal)).toEqual({ status: 'none' });
  });

  test('a search that is too loose opens nobody’s family', async () => {
    const loose = "SELECT nom, tel AS telephone FROM parent WHERE tel LIKE '77%' OR tel = :national";
    const match = await make(loose).match('+221770000001', signal);
    expect(match).toMatchObject({ status: 'found', people: [{ lastName: 'DIOP' }] });
    expect(match).not.toMatchObject({ people: [{}, {}] });
  });

  test('a number is a value, never a piece of the statement', async () => {
    expect(await make().match("+221' OR '1'='1", signal)).toEqual({ status: 'none' });
  });

  test.each([
    ['a table that is not there', make('SELECT nom FROM nobody WHERE tel = :phone')],
    ['a driver that throws', make(SQL, () => Promise.reject(new Error('connection lost')))],
  ])('%s: unavailable', async (_label, directory) => {
    expect(await directory.match('+221770000001', signal)).toEqual({
      status: 'unavailable',
      reason: 'failed',
    });
  });

  test('a database that never answers is waited for no longer than said, and told to stop', async () => {
    const told: boolean[] = [];
    const never: SqlQuery = (_sql, _params, stop) =>
      new Promise(() => {
        stop.addEventListener('abort', () => told.push(true));
      });
    const directory = make(SQL, never, { timeoutMs: 10 });
    expect(await directory.match('+221770000001', signal)).toEqual({
      status: 'unavailable',
      reason: 'timeout',
    });
    expect(told).toEqual([true, true]);
    const controller = new AbortController();
    const matched = make(SQL, never, { timeoutMs: 60_000 }).match('+221770000001', controller.signal);
    controller.abort();
    expect(await matched).toEqual({ status: 'unavailable', reason: 'aborted' });
  });
});

describe('the configured query', () => {
  const asked = async (dialect: SqlDialect, sql: string) => {
    let seen: [string, readonly string[]] | undefined;
    const run: SqlQuery = (text, params) => {
      seen = [text, params];
      return Promise.resolve([]);
    };
    await make(sql, run, { dialect }).match('+221770000001', signal);
    return seen;
  };

  test.each<[SqlDialect, string, string, string[]]>([
    [
      'postgres',
      "SELECT nom FROM p WHERE tel::text IN (:phone, :digits) OR n = ':phone' -- :national",
      "SELECT nom FROM p WHERE tel::text IN ($1, $2) OR n = ':phone' -- :national",
      ['+221770000001', '221770000001'],
    ],
    [
      'mysql',
      'SELECT `a:phone` FROM p WHERE t = :national ;',
      'SELECT `a:phone` FROM p WHERE t = ?',
      ['770000001'],
    ],
    [
      'sqlite',
      'WITH a AS (SELECT 1) SELECT nom FROM p WHERE t=:phone',
      'WITH a AS (SELECT 1) SELECT nom FROM p WHERE t=?',
      ['+221770000001'],
    ],
  ])('%s: %s', async (dialect, sql, text, params) => {
    expect(await asked(dialect, sql)).toEqual([text, params]);
  });

  test.each([
    ['UPDATE parent SET nom = :phone', /SELECT/],
    ['', /SELECT/],
    ['SELECT 1 WHERE :phone = 1; DROP TABLE parent', /single statement/],
    ['WITH x AS (DELETE FROM parent WHERE tel = :phone RETURNING *) SELECT * FROM x', /DELETE/],
    ['SELECT * INTO copy FROM parent WHERE tel = :phone', /INTO/],
    ['SELECT * FROM parent WHERE tel = :phone FOR UPDATE', /FOR UPDATE/],
    ["SELECT load_file('/etc/passwd') FROM parent WHERE tel = :phone", /load_file/],
    ['SELECT * FROM parent', /:phone/],
    ['SELECT * FROM parent WHERE tel = :telephone', /:telephone/],
  ])('%s is refused', (sql, why) => {
    expect(checkQuery(sql)?.en).toMatch(why);
    expect(() => make(sql)).toThrow(why);
  });

  test('words inside strings and names are no statements', () => {
    expect(checkQuery(`SELECT "update", 'drop; delete' FROM p WHERE tel = :phone`)).toBeUndefined();
  });
});
