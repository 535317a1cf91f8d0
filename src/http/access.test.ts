import { describe, expect, test } from 'vitest';
import type { RawRequest } from '../message/route.ts';
import type { ApiScope } from '../storage/api-keys.ts';
import { createAccess } from './access.ts';

const KEY = `gk_abcd1234_${'k'.repeat(43)}`;
const check = (secret: string, scope: ApiScope) =>
  secret === KEY && scope === 'documents' ? { name: 'site' } : undefined;

const request = (headers: Record<string, string | string[]>, remote = '198.51.100.7'): RawRequest => ({
  ...{ method: 'GET', path: '/', query: new URLSearchParams({ key: KEY }), body: Buffer.alloc(0) },
  ...{ headers: { host: 'localhost', ...headers }, remote },
});
const bearer = { authorization: `Bearer ${KEY}` };

describe('who may', () => {
  const closed = createAccess({ check, openAnswers: false });
  test.each<[string, RawRequest, boolean, boolean, string | undefined]>([
    ['nobody', request({}), false, false, undefined],
    ['a key in the address', request({}), false, false, undefined],
    ['a key of another scope asks nothing', request(bearer), false, true, 'key:site'],
    [
      'a key told twice is suspect',
      request({ authorization: [`Bearer ${KEY}`, `Bearer ${KEY}`] }),
      false,
      false,
      undefined,
    ],
    ['another scheme', request({ authorization: `Basic ${KEY}` }), false, false, undefined],
    ['a wrong key', request({ authorization: `Bearer ${KEY.slice(0, -1)}x` }), false, false, undefined],
    [
      'a program of this machine reads and asks, and changes nothing',
      request({}, '127.0.0.1'),
      true,
      true,
      undefined,
    ],
    [
      'what a proxy passes on is not of this machine',
      request({ 'x-forwarded-for': '1.2.3.4' }, '127.0.0.1'),
      false,
      false,
      undefined,
    ],
    [
      'a page of the web that sends forms here',
      request({ origin: 'https://example.com' }, '127.0.0.1'),
      false,
      false,
      undefined,
    ],
  ])('%s', (_, asked, ask, read, change) => {
    expect(closed.ask(asked)).toBe(ask);
    expect(closed.read(asked, 'documents')).toBe(read);
    expect(closed.change(asked, 'documents')?.name).toBe(change);
  });

  test('an open desk lets anybody ask, and nothing else', () => {
    const open = createAccess({ check, openAnswers: true });
    expect(open.ask(request({}))).toBe(true);
    expect(open.read(request({}), 'metrics')).toBe(false);
    expect(open.change(request({}), 'documents')).toBeUndefined();
  });
});
