import { describe, expect, test } from 'vitest';
import { healthOf } from './health.ts';

describe('healthOf', () => {
  test('one level per part, channels by their own names', () => {
    const body = {
      status: 'degraded',
      channels: { telegram: 'ok', web: 'down' },
      answers: 'ok',
      storage: true,
    };
    expect(healthOf(body, true)).toEqual({
      level: 'degraded',
      parts: [
        { name: 'telegram', level: 'ok' },
        { name: 'web', level: 'down' },
        { name: 'answers', level: 'ok' },
        { name: 'storage', level: 'ok' },
      ],
    });
  });

  test('parts may be objects with a status, or a list', () => {
    const body = {
      status: 'ok',
      channels: [{ name: 'telegram', status: 'ok' }],
      answers: { status: 'down' },
    };
    expect(healthOf(body, true).parts).toEqual([
      { name: 'telegram', level: 'ok' },
      { name: 'answers', level: 'down' },
    ]);
  });

  test.each([
    ['no status, 200', {}, true, 'ok'],
    ['no status, 503', {}, false, 'down'],
    ['not an object', 'ok', true, 'unknown'],
  ] as const)('%s', (_label, body, ok, level) => {
    expect(healthOf(body, ok).level).toBe(level);
  });
});
