import { describe, expect, test } from 'vitest';
import { createBreaker } from './breaker.ts';

function broken(failures: number) {
  let at = 0;
  const clock = { now: () => at, monotonic: () => at };
  const breaker = createBreaker({ clock, failures: 3, openMs: 1_000 });
  for (let i = 0; i < failures; i += 1) {
    breaker.enter();
    breaker.failed();
  }
  return { breaker, pass: (ms: number) => (at += ms) };
}

describe('the breaker', () => {
  test('opens after failures in a row, and only then', () => {
    expect(broken(2).breaker.enter()).toBe(true);
    expect(broken(3).breaker.enter()).toBe(false);
  });

  test('a success starts the count again', () => {
    const { breaker } = broken(2);
    breaker.succeeded();
    breaker.failed();
    expect(breaker.enter()).toBe(true);
  });

  test('lets one probe through when its time is up, and no second beside it', () => {
    const { breaker, pass } = broken(3);
    pass(999);
    expect(breaker.enter()).toBe(false);
    pass(1);
    expect([breaker.enter(), breaker.enter()]).toEqual([true, false]);
    breaker.failed();
    expect(breaker.enter()).toBe(false);
    pass(1_000);
    expect(breaker.enter()).toBe(true);
    breaker.succeeded();
    expect([breaker.enter(), breaker.enter()]).toEqual([true, true]);
  });

  test('a probe that was given up leaves the next one through', () => {
    const { breaker, pass } = broken(3);
    pass(1_000);
    breaker.enter();
    breaker.released();
    expect(breaker.enter()).toBe(true);
  });
});
