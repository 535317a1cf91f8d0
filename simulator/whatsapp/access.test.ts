import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

let it: Bench;

beforeAll(async () => {
  it = await bench();
});
beforeEach(() => {
  (it.sim.state.violations as unknown[]).length = 0;
});
afterAll(() => it.stop());

const ask = (path: string, init?: RequestInit) => fetch(`${it.sim.url}/${path}`, init);
const codeOf = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { error: { code: number } }).error.code,
});
test.each<[string, number, number, string, Record<string, string>]>([
  ['no token', 401, 104, 'v25.0/100000000000001', {}],
  ['a wrong token', 401, 190, 'v25.0/100000000000001', { authorization: 'Bearer x' }],
])('%s', async (_, status, code, path, headers) => {
  expect(await codeOf(await ask(path, { headers }))).toEqual({ status, code });
});

test('another number, an unknown path, a version to come', async () => {
  for (const path of ['1/messages', `${it.sim.phoneId}/nothing`])
    expect(await codeOf(await it.request(path, { method: 'POST' }))).toEqual({ status: 400, code: 100 });
  const headers = { authorization: `Bearer ${it.sim.token}` };
  expect(await codeOf(await ask(`v26.0/${it.sim.phoneId}`, { headers }))).toEqual({
    status: 400,
    code: 2500,
  });
});

test.each([
  ['an old version', 'v18.0/', 'version', ''],
  ['no version', '', 'version', ''],
])('%s answers, and is recorded', async (_, version, rule) => {
  const headers = { authorization: `Bearer ${it.sim.token}` };
  expect((await ask(`${version}${it.sim.phoneId}`, { headers })).status).toBe(200);
  expect(it.sim.state.violations).toMatchObject([{ rule }]);
});

test('a token in the URL answers, and is recorded', async () => {
  expect((await ask(`v25.0/${it.sim.phoneId}?access_token=${it.sim.token}`)).status).toBe(200);
  expect(it.sim.state.violations).toMatchObject([{ rule: 'token' }]);
});

test('the number describes itself', async () => {
  expect(await (await it.request(it.sim.phoneId)).json()).toMatchObject({
    id: it.sim.phoneId,
    display_phone_number: '221330000000',
    verified_name: expect.any(String),
  });
  const some = await it.request(`${it.sim.phoneId}?fields=quality_rating`);
  expect(await some.json()).toEqual({ quality_rating: 'GREEN', id: it.sim.phoneId });
  expect(await codeOf(await it.request(`${it.sim.phoneId}?fields=x`))).toEqual({ status: 400, code: 100 });
});
