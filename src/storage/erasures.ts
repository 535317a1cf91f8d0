import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from './replace-file.ts';

/** Longer than any backup is kept. */
const KEPT_MS = 90 * 24 * 3600_000;

/**
 * Who asked to be forgotten, by internal id, beside the database: a database put back from a backup does not know of
 * what was erased since. After a line cut short by a crash the next is whole. A line is "<epoch ms> <person id>"; nothing else of the person is in it.
 */
export interface Erasures {
  /** On disk when it resolves. */
  add(person: string, at: number): Promise<void>;
  /** Everybody who may still be in a backup, the oldest first. Forgets the others. */
  recent(now: number): Promise<string[]>;
}

export function erasureLedger(file: string): Erasures {
  return {
    async add(person, at) {
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'a', 0o600);
      try {
        await handle.write(`\n${String(at)} ${person}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    async recent(now) {
      const lines = (await readOr(file)).split('\n').filter((line) => /^\d+ \S+$/.test(line));
      const kept = lines.filter((line) => Number.parseInt(line, 10) > now - KEPT_MS);
      if (kept.length < lines.length) replaceFile(file, kept.map((line) => `${line}\n`).join(''));
      return kept.map((line) => line.slice(line.indexOf(' ') + 1));
    },
  };
}

async function readOr(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
