/**
 * Changes the key of a data folder, and dies by `kill -9` once so many units are on disk.
 *   node test/support/rotate-child.ts <folder> <desk> <units>
 */
import { NAMES } from '../../src/cli/rotate-key.ts';
import { openForKeyChange } from '../../src/storage/folder.ts';
import { openStore } from '../../src/storage/open.ts';
import { rotateKeys } from '../../src/storage/rotation/rotate.ts';

const [data = '', desk = '', units = ''] = process.argv.slice(2);
let left = Number(units);
const folder = openForKeyChange(data, { desk, mode: 'live' }, undefined, true);
const store = await openStore(folder.database, () => performance.now());
await rotateKeys({
  ...{ folder, store, names: NAMES, leaveDamaged: false },
  told: () => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
