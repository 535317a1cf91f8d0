import { sql } from 'kysely';
import { createSealer, keyIdOf, type Sealer } from '../../lib/seal.ts';
import { phoneIndex } from '../directory.ts';
import { FolderError } from '../folder-error.ts';
import type { KeyChange } from '../folder.ts';
import { placeOf, SEALED_TABLES, sealedColumns, type SealedColumn, type SealedTable } from '../places.ts';
import type { Schema } from '../schema.ts';
import type { Statement, Store } from '../store.ts';
import { resealFiles } from './files.ts';
import { ALSO, INDEXES, renamedDigests, type Indexing, type Names } from './indexes.ts';
import { beginning, keyOf, pagesOf, type Row } from './pages.ts';
import { ended, keepRepeats, readKeyState, saveProgress, type KeyState } from './state.ts';
import { surveyKeys, type Sealed } from './survey.ts';

type Table = keyof Schema;

export interface RotationOptions {
  folder: KeyChange;
  store: Store;
  names: Names;
  /** Go on although some values open with none of the keys. */
  leaveDamaged: boolean;
  /** After each unit that is on disk. */
  told?(progress: { table: string; rows: number }): void;
}

export interface Rotation {
  /** False: everything was sealed with the first key already. */
  changed: boolean;
  rows: number;
  files: number;
  /** What no key opens, left as it was. */
  left: Sealed[];
}

/** Tables of which something is sealed or indexed, in an order in which each finds what it needs. */
const TABLES: readonly Table[] = [
  ...SEALED_TABLES,
  ...(Object.keys(INDEXES) as (keyof typeof INDEXES)[]).filter(
    (table) => !SEALED_TABLES.some((sealed) => sealed === table) && table !== 'directory_phones',
  ),
];

/**
 * Seals everything with the first key of the folder, and makes every keyed digest anew. Each unit says how far it got,
 * so that it goes on there after any interruption; until it has ended nothing else opens the folder. Throws
 * `FolderError` where a person must decide.
 */
export async function rotateKeys(options: RotationOptions): Promise<Rotation> {
  const { folder, store, leaveDamaged } = options;
  const sealer = createSealer(...folder.keys);
  const to = sealer.keyId;
  const state = await readKeyState(store);
  const inDatabase = state.sealedWith ?? folder.from;
  const nothing = !folder.underWay && folder.from === to && inDatabase === to && !state.progress;
  if (nothing) return { changed: false, rows: 0, files: 0, left: [] };

  if (!leaveDamaged) await mustKnowKeys(options);
  const rows = await resealRows(options, sealer, state, inDatabase);
  const files = await resealFiles(folder.media, sealer);
  const left = (await surveyKeys(store, folder.media)).filter(({ key }) => key !== to);
  if (left.length > 0 && !leaveDamaged) {
    throw new FolderError(
      `These values are damaged, no key opens them:\n${left.map(describe).join('\n')}\nPut the folder back from a backup that is whole, or run "guichet rotate-key --leave-damaged" to leave them as they are: nobody will read them.`,
    );
  }
  await store.commit(ended(store, to));
  if (!(await store.scrub())) {
    throw new FolderError(
      'Another program reads the database, and what the old key sealed is still in its log. End that program, and run "guichet rotate-key" again.',
    );
  }
  folder.end();
  return { changed: true, rows, files, left };
}

/** What the first key did not seal. Empty: the others may go. */
export const sealedByOthers = async (store: Store, { keys, media }: KeyChange): Promise<Sealed[]> =>
  (await surveyKeys(store, media)).filter(({ key }) => key !== keyIdOf(keys[0]));

export const describe = ({ where, key, n }: Sealed): string =>
  `  ${where}: ${String(n)} ${key === '' ? 'that are not sealed values' : `under key ${key}`}`;

/** Before anything changes: a value whose key is not given could not follow. */
async function mustKnowKeys({ folder, store }: RotationOptions): Promise<void> {
  const known = folder.keys.map(keyIdOf);
  const foreign = (await surveyKeys(store, folder.media)).filter(({ key }) => !known.includes(key));
  if (foreign.length === 0) return;
  throw new FolderError(
    `These values are sealed with keys you did not give:\n${foreign.map(describe).join('\n')}\nAdd those keys after the others, or, if they are lost, run "guichet rotate-key --leave-damaged" to leave these values as they are: nobody will read them.`,
  );
}

async function resealRows(
  { folder, store, names, told }: RotationOptions,
  sealer: Sealer,
  state: KeyState,
  inDatabase: string,
): Promise<number> {
  const to = sealer.keyId;
  const progress = state.progress?.to === to ? state.progress : undefined;
  if (!progress && inDatabase === to) {
    folder.begin();
    return 0;
  }
  const indexing: Indexing = { sealer, names, renamed: await renamedDigests(store, folder.keys, names) };
  folder.begin();
  if (!progress) {
    const former = folder.keys.find((key) => keyIdOf(key) === inDatabase) ?? folder.keys[0];
    await store.commit([
      ...keepRepeats(store, state, sealer, former),
      saveProgress(store, { to, table: TABLES[0] ?? '', after: beginning(TABLES[0] ?? 'meta') }),
    ]);
  }
  let total = 0;
  const first = progress ? TABLES.findIndex((table) => table === progress.table) : 0;
  for (const table of first < 0 ? [] : TABLES.slice(first)) {
    const after = progress?.table === table ? progress.after : beginning(table);
    const rowOf = tableChange(store, table, indexing);
    for await (const rows of pagesOf(store, table, after, ALSO[table])) {
      const reached = rows.at(-1)?.[keyOf(table)] as string | number;
      await store.commit([...rows.flatMap(rowOf), saveProgress(store, { to, table, after: reached })]);
      total += rows.length;
      told?.({ table, rows: total });
    }
  }
  await store.commit([saveProgress(store, { to, table: 'none', after: '' })]);
  return total;
}

const isSealed = (table: Table): table is SealedTable => SEALED_TABLES.some((sealed) => sealed === table);

/** The statements that bring one row of this table under the new key. */
function tableChange(store: Store, table: Table, indexing: Indexing): (row: Row) => Statement[] {
  const { sealer } = indexing;
  const sealed = isSealed(table) ? sealedColumns(table) : [];
  const rules = Object.entries(table in INDEXES ? INDEXES[table as keyof typeof INDEXES] : {});
  const key = keyOf(table);
  const update = textOf(
    store,
    sql`update ${sql.table(table)} set ${sql.join(
      [...sealed, ...rules.map(([column]) => column)].map((column) => sql`${sql.ref(column)} = ${column}`),
    )} where ${sql.ref(key)} = ${key}`,
  );
  const phones = table === 'directory_people' ? phonesChange(store, indexing) : undefined;

  return (row) => {
    const clear = new Map<string, string>();
    const values = sealed.map((column) => {
      const value = row[column];
      if (!(value instanceof Uint8Array) || !isSealed(table)) return value;
      const place = placeOf(table, column as SealedColumn<typeof table>)(row);
      try {
        const text = sealer.open(value, place);
        clear.set(column, text);
        return sealer.seal(text, place);
      } catch {
        // Damaged: the survey at the end tells of it.
        return value;
      }
    });
    const opened = (column: string): string | undefined => clear.get(column);
    const indexes = rules.map(([column, rule]) =>
      typeof rule === 'function' ? rule(row, opened, indexing) : row[column],
    );
    return [
      { sql: update, params: [...values, ...indexes, row[key]], expect: 1 },
      ...(phones?.(String(row['id']), opened('person_sealed')) ?? []),
    ];
  };
}

/** A person's numbers are digests beside the person, who says what they are. */
function phonesChange(
  store: Store,
  { sealer, names }: Indexing,
): (id: string, person: string | undefined) => Statement[] {
  const forget = textOf(store, sql`delete from directory_phones where directory_id = ${'id'}`);
  const insert = textOf(
    store,
    sql`insert into directory_phones (phone_index, directory_id) values (${'index'}, ${'id'})`,
  );
  return (id, person) => [
    { sql: forget, params: [id] },
    ...[...new Set(person === undefined ? [] : names.phonesOf(person))].map((phone) => ({
      sql: insert,
      params: [phoneIndex(sealer, phone), id],
    })),
  ];
}

/** The text of a statement, its values to be bound in the order they are written. */
const textOf = (store: Store, query: ReturnType<typeof sql>): string => query.compile(store.db).sql;
