import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { accountTables } from './accounts.ts';
import { openStore } from './open.ts';
import { PERSONAL_TABLES } from './personal.ts';

/** Of who goes, these are not kept: who stays has their own. */
const LEFT = ['preferences', 'user_accounts'];

test('when two people become one, a row of every table that is a person’s becomes who stays’', async () => {
  const file = join(temporaryFolder(), 'guichet.db');
  const store = await openStore(file, () => performance.now());
  onTestFinished(() => store.close());
  const db = new DatabaseSync(file);
  onTestFinished(() => {
    db.close();
  });
  db.exec("insert into persons (id, created_at) values ('goes', 1), ('stays', 1)");
  const columnsOf = (table: string) =>
    db.prepare(`pragma table_info("${table}")`).all() as { name: string; type: string; pk: number }[];
  const personal = PERSONAL_TABLES.filter((table) =>
    columnsOf(table).some(({ name }) => name === 'person_id'),
  );
  // What others refer to comes first; every id is `x`, so that they do.
  for (const table of personal.toReversed()) {
    const columns = columnsOf(table).filter(({ pk, type }) => pk === 0 || !/int/i.test(type));
    const values = columns.map(({ name, type }) =>
      name === 'person_id' ? 'goes' : /int/i.test(type) ? 1 : /blob/i.test(type) ? new Uint8Array([1]) : 'x',
    );
    db.prepare(
      `insert into "${table}" (${columns.map(({ name }) => `"${name}"`).join()}) values (${values.map(() => '?').join()})`,
    ).run(...values);
  }
  await store.commit(accountTables(store).merge('goes', 'stays'));
  const owners = personal.map((table) => [
    table,
    db
      .prepare(`select person_id from "${table}"`)
      .all()
      .map((row) => row['person_id']),
  ]);
  expect(owners).toEqual(personal.map((table) => [table, LEFT.includes(table) ? [] : ['stays']]));
  expect(personal.length).toBeGreaterThan(10);
  expect(db.prepare('select id from persons').all()).toMatchObject([{ id: 'stays' }]);
});
