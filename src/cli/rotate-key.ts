import type { Command } from 'commander';
import { directoryIndexes } from '../accounts/accounts.ts';
import { openDirectory } from '../accounts/directory/open.ts';
import type { DirectoryPerson } from '../accounts/directory/person.ts';
import { readConfig, type Config } from '../config/config.ts';
import { loadDesk } from '../desk/load.ts';
import { systemClock } from '../lib/clock.ts';
import { createHttpClient } from '../lib/http.ts';
import { createSealer, keyIdOf } from '../lib/seal.ts';
import { conversationKey, identityIndex, unpackContent } from '../pipeline/runtime.ts';
import { directoryTables } from '../storage/directory.ts';
import { openForKeyChange, type KeyChange } from '../storage/folder.ts';
import { openStore } from '../storage/open.ts';
import type { Names } from '../storage/rotation/indexes.ts';
import { describe, rotateKeys, sealedByOthers } from '../storage/rotation/rotate.ts';
import type { Store } from '../storage/store.ts';
import { UsageError } from './errors.ts';

const MATCH_MS = 20_000;

interface Options {
  new?: boolean;
  finish?: boolean;
  leaveDamaged?: boolean;
}

/** What the product calls people and conversations, for who makes those digests anew. */
export const NAMES: Names = {
  identity: identityIndex,
  address: conversationKey,
  addressOf: (content) => unpackContent(content).address,
  directory: (sealer, person) => directoryIndexes(sealer, JSON.parse(person) as DirectoryPerson),
  phonesOf: (person) => (JSON.parse(person) as DirectoryPerson).phones,
};

export function addRotateKey(program: Command): void {
  program
    .command('rotate-key')
    .description('Seal everything with a new key, while the desk is stopped; interrupted, it goes on.')
    .option('--new', 'make the new key, when the keys are in the data folder')
    .option('--finish', 'check that nothing needs the old keys any more, and forget them')
    .option('--leave-damaged', 'go on although some values open with no key')
    .action(async (options: Options) => {
      const config = readConfig();
      const desk = loadDesk(config.desk.folder);
      const stamp = { desk: desk.name, mode: config.mode };
      if (options.new && options.finish)
        throw new UsageError('--new begins a change of key and --finish ends one: write one of them.');
      const folder = openForKeyChange(config.data, stamp, config.key, options.new === true);
      try {
        const store = await openStore(folder.database, () => systemClock.monotonic());
        try {
          await change(folder, store, config, options);
        } finally {
          await store.close();
        }
      } finally {
        folder.release();
      }
    });
}

async function change(folder: KeyChange, store: Store, config: Config, options: Options): Promise<void> {
  const leaveDamaged = options.leaveDamaged === true;
  const to = keyIdOf(folder.keys[0]);
  if (folder.made) console.log(`New key ${to}, first in guichet.key: put a copy where your backups are not.`);
  const outside = openElsewhere(config, store, folder);
  const from = systemClock.monotonic();
  let told = from;
  try {
    const { changed, rows, files, left } = await rotateKeys({
      folder,
      store,
      names: { ...NAMES, ...(outside && { elsewhere: outside.peopleOf }) },
      leaveDamaged,
      told: ({ table, rows: n }) => {
        if (systemClock.monotonic() - told < 2000) return;
        told = systemClock.monotonic();
        console.log(`  ${String(n)} rows, in ${table}`);
      },
    });
    const seconds = ((systemClock.monotonic() - from) / 1000).toFixed(1);
    console.log(
      changed
        ? `Everything is sealed with key ${to}: ${String(rows)} rows and ${String(files)} files in ${seconds} s.`
        : `Everything was sealed with key ${to} already.`,
    );
    if (left.length > 0)
      console.log(['Left as they were, open to nobody:', ...left.map(describe)].join('\n'));
  } finally {
    await outside?.close();
  }
  if (options.finish) await finish(folder, store, leaveDamaged);
  else if (folder.keys.length > 1)
    console.log(
      'The old keys open nothing here, only backups made before. "guichet rotate-key --finish" forgets them; keep a copy as long as such backups live.',
    );
  else console.log('For a new key: guichet rotate-key --new.');
}

async function finish(folder: KeyChange, store: Store, leaveDamaged: boolean): Promise<void> {
  const left = await sealedByOthers(store, folder);
  if (left.length > 0 && !leaveDamaged)
    throw new UsageError(
      `These values are not sealed with the first key:\n${left.map(describe).join('\n')}\nNothing was forgotten. If they are damaged, add --leave-damaged.`,
    );
  console.log(
    folder.forgetOthers()
      ? 'guichet.key holds the new key alone.'
      : 'Nothing needs the other keys: leave the first alone in GUICHET_KEY.',
  );
}

/** A directory that is kept elsewhere is asked who has each account's number. */
function openElsewhere(
  config: Config,
  store: Store,
  { keys }: KeyChange,
): { peopleOf(phone: string): Promise<string[]>; close(): Promise<void> } | undefined {
  if (!config.directory) return undefined;
  const http = createHttpClient({ allowHosts: config.ownHosts, userAgent: 'Guichet' });
  const { directory, close } = openDirectory(config.directory, {
    tables: directoryTables(store, createSealer(...keys)),
    request: http.request,
    clock: systemClock,
  });
  return {
    async peopleOf(phone) {
      const match = await directory.match(phone, AbortSignal.timeout(MATCH_MS));
      if (match.status === 'unavailable')
        throw new UsageError(
          'The directory does not answer, and accounts are named by it: run "guichet rotate-key" again when it does. Nothing was lost.',
        );
      return match.status === 'found' ? match.people.map((person) => JSON.stringify(person)) : [];
    },
    async close() {
      await close();
      await http.close();
    },
  };
}
