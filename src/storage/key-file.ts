import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '../lib/seal.ts';
import { FolderError } from './folder-error.ts';
import { replaceFile } from './replace-file.ts';

export type Keys = [Buffer, ...Buffer[]];

/** Keys as the configuration gives them: base64url, separated by commas. */
export function parseKeys(given: string): Keys {
  const [first = '', ...others] = given.split(',');
  return [Buffer.from(first, 'base64url'), ...others.map((key) => Buffer.from(key, 'base64url'))];
}

const fileIn = (folder: string): string => join(folder, 'guichet.key');
const written = (keys: readonly Buffer[]): string => keys.map((key) => `${key.toString('hex')}\n`).join('');

/** The folder's own keys, one on a line, the one in use first; a first one is made in a folder without data. */
export function readKeys(folder: string): Keys {
  const file = fileIn(folder);
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'guichet.db'))) {
      throw new FolderError(
        `The key ${file} is missing, and ${folder} holds data sealed with it. Put it back from your backup, or give it as GUICHET_KEY.`,
      );
    }
    writeFileSync(file, written([generateKey()]), { mode: 0o600, flag: 'wx' });
  }
  try {
    chmodSync(file, 0o600);
  } catch {
    // A folder copied by another user: readable is enough, whose it is is theirs to mend.
  }
  const [first, ...others] = readText(file)
    .trim()
    .split(/[\s,]+/)
    .map(readKey);
  if (!first || [first, ...others].includes(undefined)) {
    throw new FolderError(
      `${file} is damaged: a key is 64 hexadecimal digits. Put it back from your backup; without it the data cannot be read.`,
    );
  }
  return [first, ...others.filter((key) => key !== undefined)];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new FolderError(
      `The key ${file} cannot be read (${code}). Put the file back from your backup, and let this user read it.`,
      { cause: error },
    );
  }
}

function readKey(text: string): Buffer | undefined {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** Keeps these keys in the folder, in this order. */
export function writeKeys(folder: string, keys: Readonly<Keys>): void {
  replaceFile(fileIn(folder), written(keys));
}
