import { expect, onTestFinished, test, vi } from 'vitest';
import { createLog } from './lib/log.ts';
import { keepFollowing } from './upkeep.ts';

const log = createLog({ level: 'error', destination: { write: () => undefined } });

test('keys are looked after while the library is indexed, and the other way round', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const never = () => new Promise<void>(() => undefined);
  const looked = { library: 0, keys: 0 };
  const look = (what: keyof typeof looked) => () => {
    looked[what] += 1;
    return looked[what] === 2 ? Promise.reject(new Error('The store is down.')) : Promise.resolve();
  };
  const ends = [
    keepFollowing({ corpus: { poll: never } }, { refresh: look('keys') }, log),
    keepFollowing({ corpus: { poll: look('library') } }, { refresh: never }, log),
  ];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looked.keys).toBeGreaterThan(2);
  expect(looked.library).toBeGreaterThan(2);
  for (const end of ends) end();
  const before = { ...looked };
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looked).toEqual(before);
});
