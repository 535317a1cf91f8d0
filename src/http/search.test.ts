import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawRequest } from '../message/route.ts';
import { searchRoute } from './search.ts';
import type { Found } from './search.ts';

const FOUND: Found = {
  results: [{ id: 'taux#1', source: 'taux', title: 'Le taux', text: 'Il est de 7 %.', score: 1 }],
  answer: 'Il est de **7 %**.',
  confidence: 0.8,
  abstain: false,
};

function setUp(found: Found = FOUND, allowed = true) {
  const asked: [string, number][] = [];
  const route = searchRoute({
    search: (question, k) => {
      asked.push([question, k]);
      return found;
    },
    allow: () => allowed,
    clock: { now: () => 1_760_000_000_000, monotonic: () => 0 },
  });
  const post = async (body: unknown) => {
    const request: RawRequest = {
      method: 'POST',
      path: route.path,
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      remote: '127.0.0.1',
    };
    const answer = await route.handle(request);
    return { status: answer.status, body: JSON.parse(String(answer.body)) as Record<string, unknown> };
  };
  return { asked, post };
}

test('the contract, with ten results unless told', async () => {
  const { asked, post } = setUp();
  expect(await post({ question: ' Quel taux ? ' })).toEqual({ status: 200, body: FOUND });
  await post({ question: 'Quel taux ?', k: 50 });
  expect(asked).toEqual([
    ['Quel taux ?', 10],
    ['Quel taux ?', 50],
  ]);
});

test('nothing of the engine beyond the contract, and null when nothing is near', async () => {
  const inner = { ...FOUND.results[0], passage: { text: 'brut' }, features: {} };
  const far = { results: [inner], confidence: 0.1, abstain: true, signals: {} } as unknown as Found;
  const { body } = await setUp(far).post({ question: 'x' });
  expect(body).toEqual({ results: FOUND.results, answer: null, confidence: 0.1, abstain: true });
});

test('a result says from when it holds, when its document does', async () => {
  const [result] = FOUND.results;
  const dated = [{ ...result, passage: { effectiveDate: '2026-01-01', text: 'brut' } }, result];
  const { body } = await setUp({ ...FOUND, results: dated } as Found).post({ question: 'x' });
  expect(body['results']).toEqual([{ ...result, effective_date: '2026-01-01' }, result]);
});

test('what was meant is told', async () => {
  const { body } = await setUp({ ...FOUND, meant: 'Quel taux ?' }).post({ question: 'kel tau' });
  expect(body['meant']).toBe('Quel taux ?');
});

test.each([
  ['not JSON', '{', 'JSON'],
  ['an array', [], 'JSON object'],
  ['no question', { k: 3 }, '"question"'],
  ['an empty question', { question: '  ' }, '"question"'],
  ['a long question', { question: 'a'.repeat(4097) }, '4096'],
  ['a number for a question', { question: 3 }, '"question"'],
  ['k of 0', { question: 'x', k: 0 }, '"k"'],
  ['k of 51', { question: 'x', k: 51 }, '"k"'],
  ['half a result', { question: 'x', k: 1.5 }, '"k"'],
  ['k as text', { question: 'x', k: '5' }, '"k"'],
])('%s: 400 that says what to write', async (_, body, details) => {
  const { asked, post } = setUp();
  const answer = await post(body);
  expect(answer).toMatchObject({ status: 400, body: { error: 'Validation failed' } });
  expect(String(answer.body['details'])).toContain(details);
  expect(answer.body['timestamp']).toBe('2025-10-09T08:53:20.000Z');
  expect(asked).toEqual([]);
});

test('whoever is not allowed learns nothing', async () => {
  const { asked, post } = setUp(FOUND, false);
  expect((await post({ question: 'x' })).status).toBe(401);
  expect(asked).toEqual([]);
});

test('whatever is sent, an answer of the contract', async () => {
  const { post } = setUp();
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (body) => {
      expect([200, 400]).toContain((await post(JSON.stringify(body))).status);
    }),
  );
});
