import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sealedBy, type Sealer } from '../../lib/seal.ts';
import { mediaPlace } from '../places.ts';
import { replaceFile } from '../replace-file.ts';

const HEAD = 5;

/** Seals the files people sent with the sealer's key; what has it already is passed over. Gives how many changed. */
export async function resealFiles(folder: string, sealer: Sealer): Promise<number> {
  let changed = 0;
  for (const name of await namesIn(folder)) {
    const file = join(folder, name);
    // A file half written when the process died: its turn is played again, or it was about to be replaced.
    if (name.endsWith('.part')) {
      await rm(file, { force: true });
      continue;
    }
    if ((await keyOfFile(file)) === sealer.keyId) continue;
    let bytes: Buffer;
    try {
      bytes = sealer.openBytes(await readFile(file), mediaPlace(name));
    } catch {
      // Damaged: the survey at the end tells of it.
      continue;
    }
    replaceFile(file, sealer.seal(bytes, mediaPlace(name)));
    changed++;
  }
  return changed;
}

/** How many files each key sealed; '' stands for what is no sealed file. */
export async function keysOfFiles(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const name of await namesIn(folder)) {
    if (name.endsWith('.part')) continue;
    const key = (await keyOfFile(join(folder, name))) ?? '';
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

async function keyOfFile(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return sealedBy(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
