import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recent } from './recent.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e'] as const;

test('what was used last is kept, as many as may be', () => {
  const step = fc.record({ key: fc.constantFrom(...KEYS), sets: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (steps, most) => {
      const values = recent<number>({ most });
      /** Keys in the order of their last use. */
      let used: string[] = [];
      steps.forEach(({ key, sets }, at) => {
        const known = used.includes(key);
        if (sets) values.set(key, at);
        else expect(values.get(key) !== undefined).toBe(known);
        if (sets || known) used = [...used.filter((one) => one !== key), key].slice(-most);
      });
      expect(KEYS.filter((key) => values.get(key) !== undefined)).toEqual([...used].sort());
    }),
  );
});

test('what is not used for a while is forgotten; using it keeps it', () => {
  const time = { at: 0 };
  const values = recent<string>({
    most: 10,
    ttl: { ms: 100, clock: { now: () => 0, monotonic: () => time.at } },
  });
  values.set('used', 'x');
  values.set('left', 'y');
  time.at = 99;
  expect(values.get('used')).toBe('x');
  time.at = 100;
  expect(values.get('left')).toBeUndefined();
  time.at = 198;
  expect(values.get('used')).toBe('x');
  time.at = 298;
  expect(values.get('used')).toBeUndefined();
  values.set('used', 'z');
  expect(values.get('used')).toBe('z');
});

test('they weigh together no more than they may, except one alone', () => {
  const values = recent<string>({ most: 10, weight: { of: ({ length }) => length, most: 5 } });
  const kept = () => KEYS.filter((key) => values.get(key) !== undefined);
  values.set('a', 'xx');
  values.set('b', 'xx');
  expect(kept()).toEqual(['a', 'b']);
  values.set('a', 'xxx');
  expect(kept()).toEqual(['a', 'b']);
  values.set('c', 'xx');
  expect(kept()).toEqual(['b', 'c']);
  values.set('d', 'xxxxxxxxx');
  expect(kept()).toEqual(['d']);
  values.delete('d');
  values.set('e', 'xxxxx');
  expect(kept()).toEqual(['e']);
});
