import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readConfig, type Config } from '../config/config.ts';
import type { Desk } from '../desk/desk.ts';
import { readYaml } from '../desk/read.ts';
import { deskFile } from '../desk/schema.ts';
import { systemClock } from '../lib/clock.ts';
import { createSealer, type Sealer } from '../lib/seal.ts';
import { joinDataFolder, openDataFolder, type Stamp } from '../storage/folder.ts';
import { openStore } from '../storage/open.ts';
import { checkKeys } from '../storage/rotation/state.ts';
import type { Store } from '../storage/store.ts';

export interface DeskData {
  config: Config;
  /** Read when it is asked for: most commands need none of it. Throws `DeskError`. */
  desk(): Promise<Desk>;
  store: Store;
  sealer: Sealer;
  /** Folder of the files that answers come from, given while the desk runs. */
  documents: string;
}

/** The data of the configured desk, while it runs or not. `begin`: before its first start too, which finds what was made. */
export async function withData<T>(use: (data: DeskData) => Promise<T>, { begin = false } = {}): Promise<T> {
  const config = readConfig();
  const desk = async (): Promise<Desk> => (await import('../desk/load.ts')).loadDesk(config.desk.folder);
  const own = readYaml(config.desk.folder, 'desk.yaml', deskFile);
  // Without that file it is no desk, and reading it says so.
  const name = own ? (own.data.name ?? basename(config.desk.folder)) : (await desk()).name;
  const stamp: Stamp = { desk: name, mode: config.mode };
  if (begin) await beginData(config, stamp);
  const folder = joinDataFolder(config.data, stamp, config.key);
  const store = await openStore(folder.database, () => systemClock.monotonic());
  try {
    const sealer = createSealer(...folder.keys);
    await checkKeys(store, sealer);
    return await use({ config, desk, store, sealer, documents: folder.documents });
  } finally {
    await store.close();
    folder.release();
  }
}

/** Makes the data folder that a first start would make, when there is none. */
async function beginData({ data, key }: Config, stamp: Stamp): Promise<void> {
  if (existsSync(join(data, 'guichet.db'))) return;
  // As at a start: it is its owner's alone.
  process.umask(0o077);
  const folder = openDataFolder(data, stamp, key);
  try {
    const store = await openStore(folder.database, () => systemClock.monotonic());
    await store.close();
  } finally {
    folder.release();
  }
  console.log(`The data of the desk ${stamp.desk} begins here, in ${stamp.mode} mode: ${data}.`);
}
