import type { Clock } from '../lib/clock.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { Store } from './store.ts';

/** The same store, its units and hot reads timed. */
export function timedStore(store: Store, metrics: Pick<Metrics, 'timed'>, clock: Clock): Store {
  const timed = async <T>(operation: 'commit' | 'read', run: () => Promise<T>): Promise<T> => {
    const began = clock.monotonic();
    try {
      return await run();
    } finally {
      metrics.timed(
        'guichet_store_seconds',
        'Time until a unit is on disk, or a row is read.',
        { operation },
        clock.monotonic() - began,
      );
    }
  };
  return {
    ...store,
    commit: (unit) => timed('commit', () => store.commit(unit)),
    read: (statement) => timed('read', () => store.read(statement)),
  };
}
