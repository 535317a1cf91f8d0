import { createDecipheriv, hkdfSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keyIdOf } from '../../src/lib/seal.ts';

/** Longest sealed value that is read where only its beginning is known: a page of the database. Bytes. */
const PAGE = 4096;
const HEADER = 17;

export interface Scan {
  /** Each word found, with the place: a file, a table, a sealed value. */
  hits: string[];
  /** Sealed values that were opened, in rows and wherever else in the files one begins. */
  opened: number;
}

/**
 * Looks for words in every byte that a data folder holds, and in everything sealed there: each value of each table, and
 * each place of each file where a sealed value begins, so that free pages and the log count too. Written without the
 * product's own reader: the place of a value is not needed to read it, only to trust it.
 */
export function scanData(data: string, words: readonly string[]): Scan {
  const master = Buffer.from(readFileSync(join(data, 'guichet.key'), 'utf8').trim(), 'hex');
  const key = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), 'guichet seal', 32));
  const head = Buffer.concat([Buffer.from([1]), Buffer.from(keyIdOf(master), 'hex')]);
  const scan: Scan = { hits: [], opened: 0 };

  const look = (where: string, bytes: Buffer): void => {
    const text = bytes.toString('utf8');
    for (const word of words)
      if (text.includes(word) || bytes.includes(word, 0, 'utf16le')) scan.hits.push(`${where}: ${word}`);
  };
  const open = (sealed: Buffer): Buffer => {
    scan.opened++;
    // GCM is counter mode from 2 on: the tag says who wrote it, not what.
    const counter = Buffer.concat([sealed.subarray(5, HEADER), Buffer.from([0, 0, 0, 2])]);
    return createDecipheriv('aes-256-ctr', key, counter).update(sealed.subarray(HEADER));
  };

  for (const file of filesIn(data)) {
    const bytes = readFileSync(file);
    look(file, bytes);
    for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at + 1))
      look(`${file} at ${String(at)}, opened`, open(bytes.subarray(at, at + PAGE)));
  }
  for (const { table, column, value } of blobsOf(join(data, 'guichet.db')))
    if (value.subarray(0, head.length).equals(head)) look(`${table}.${column}, opened`, open(value));
  return scan;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'guichet.key')
    .map((entry) => join(entry.parentPath, entry.name));

/** Every value of bytes in every table. */
function blobsOf(database: string): { table: string; column: string; value: Buffer }[] {
  if (!existsSync(database)) return [];
  const db = new DatabaseSync(database, { readOnly: true });
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").all();
  const found = tables.flatMap(({ name }) => {
    const table = String(name);
    const rows = db.prepare(`select * from "${table}"`).all() as Record<string, unknown>[];
    return rows.flatMap((row) =>
      Object.entries(row).flatMap(([column, value]) =>
        value instanceof Uint8Array ? [{ table, column, value: Buffer.from(value) }] : [],
      ),
    );
  });
  db.close();
  return found;
}

/** A number as people and platforms write it. */
export const spellings = (phone: string): string[] => {
  const [, national = ''] = /^\+?221(\d{9})$/.exec(phone) ?? [];
  const spaced = national.replace(/^(\d\d)(\d{3})(\d\d)(\d\d)$/, '$1 $2 $3 $4');
  return [
    `221${national}`,
    `+221 ${spaced}`,
    `00221${national}`,
    national,
    spaced,
    spaced.replaceAll(' ', '-'),
    Buffer.from(`221${national}`).toString('base64').replace(/=+$/, ''),
  ];
};
