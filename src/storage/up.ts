import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from './store.ts';

/** A store that has not answered for this long is down. Milliseconds. */
const STORE_DOWN_MS = 2000;

/** Can it read, and write? Asked of the disk, now. Never throws. */
export async function storeIsUp(store: Store): Promise<boolean> {
  if (store.stalledFor() > STORE_DOWN_MS) return false;
  const answered = (store.refusing() ? tryToWrite(store) : store.pragmas()).then(
    () => true,
    () => false,
  );
  return Promise.race([answered, delay(STORE_DOWN_MS, false, { ref: false })]);
}

/** Reading works on a full disk: only a write tells that it has room again. */
const tryToWrite = (store: Store): Promise<unknown> =>
  store.db
    .insertInto('meta')
    .values({ key: 'probe', value: '' })
    .onConflict((on) => on.column('key').doUpdateSet({ value: '' }))
    .execute();
