import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openDirectory } from '../../src/accounts/directory/open.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openExternal } from '../../src/storage/external.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';

const QUERY =
  'SELECT nom, prenoms, telephone, nom_enfant, prenom_enfant, niveau FROM parents WHERE telephone = :national';
const TABLE =
  'CREATE TABLE parents (nom text, prenoms text, telephone text, nom_enfant text, prenom_enfant text, niveau text)';
const ROW = ['FICTIF', 'Awa', '770000001', 'FICTIF', 'Léo', 'N4'];

async function find(url: string, phone: string) {
  const opened = openDirectory(
    { url, query: QUERY },
    {
      tables: {
        withPhone: () => Promise.resolve([]),
        all: () => Promise.resolve([]),
        apply: () => Promise.resolve(),
        count: () => Promise.resolve(0),
      },
      request: () => Promise.reject(new Error('no address is asked')),
      clock: systemClock,
    },
  );
  onTestFinished(() => opened.close());
  return opened.directory.match(phone, AbortSignal.timeout(20_000));
}

const LEO = {
  status: 'found',
  people: [{ lastName: 'FICTIF', children: [{ firstNames: 'Léo', level: 'N4' }] }],
};

test('a directory in PostgreSQL, read and never written', async () => {
  const url = await startPostgres();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(TABLE);
  await client.query('INSERT INTO parents VALUES ($1, $2, $3, $4, $5, $6)', ROW);
  await client.end();
  expect(await find(url, '+221770000001')).toMatchObject(LEO);
  expect(await find(url, '+221770000002')).toEqual({ status: 'none' });
  const database = openExternal(url);
  onTestFinished(() => database.close());
  await expect(database.query('DELETE FROM parents', [], AbortSignal.timeout(5000))).rejects.toThrow(
    /read-only/,
  );
}, 60_000);

test('a directory in SQLite, read and never written', async () => {
  const path = join(temporaryFolder(), 'annuaire.db');
  const db = new DatabaseSync(path);
  db.exec(TABLE);
  db.prepare('INSERT INTO parents VALUES (?, ?, ?, ?, ?, ?)').run(...ROW);
  db.close();
  expect(await find(`sqlite:${path}`, '+221770000001')).toMatchObject(LEO);
  const database = openExternal(`sqlite:${path}`);
  onTestFinished(() => database.close());
  await expect(database.query('DELETE FROM parents', [], AbortSignal.timeout(5000))).rejects.toThrow(
    /readonly/,
  );
});

test('a directory in MySQL, read and never written', async () => {
  const url = await startMariadb();
  const connection = await mysql.createConnection(url);
  await connection.query(TABLE);
  await connection.query('INSERT INTO parents VALUES (?, ?, ?, ?, ?, ?)', ROW);
  await connection.end();
  expect(await find(url, '+221770000001')).toMatchObject(LEO);
  expect(await find(url, '+221770000002')).toEqual({ status: 'none' });
  const database = openExternal(url);
  onTestFinished(() => database.close());
  await expect(database.query('DELETE FROM parents', [], AbortSignal.timeout(5000))).rejects.toThrow(
    /READ ONLY/i,
  );
}, 60_000);

test.each(['postgres://guichet@127.0.0.1:1/x', 'mysql://guichet@127.0.0.1:1/x', 'sqlite:/nowhere/at/all.db'])(
  '%s that is down is told, and harms nobody',
  async (url) => {
    expect(await find(url, '+221770000001')).toMatchObject({ status: 'unavailable' });
  },
  30_000,
);
