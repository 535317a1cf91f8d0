import { createSessions } from './sessions.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, Answerer, Question } from '../message/answer.ts';
import type { RawRequest } from '../message/route.ts';
import { answersRoute } from './answers.ts';
import type { AnswersOptions } from './answers.ts';
import { healthRoutes } from './health.ts';
import type { Health } from './health.ts';
import { isLocal } from './peer.ts';

const SOURCE = {
  title: 'Cotisations',
  document: 'cotisations',
  section: 'Taux',
  effectiveDate: '2024-01-01',
  excerpt: 'Le taux est de 7 %.',
  score: 0.9,
};
const ANSWERED: Answer = { status: 'answered', body: '**7 %**', sources: [SOURCE], confidence: 0.8 };
const ABSTAINED: Answer = { status: 'abstained', suggestions: [{ title: 'Le taux ?' }], confidence: 0.1 };

function request(body: unknown, more: Partial<RawRequest> = {}): RawRequest {
  return {
    method: 'POST',
    path: '/ask-question-ultra',
    query: new URLSearchParams(),
    headers: { host: 'localhost:8000' },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    remote: '127.0.0.1',
    ...more,
  };
}

function setUp(
  answer: Answer | ((question: Question) => Promise<Answer>),
  more: Partial<AnswersOptions> = {},
) {
  const asked: Question[] = [];
  let ids = 0;
  let time = 0;
  const clock = { now: () => 1_760_000_000_000, monotonic: () => time };
  const answerer: Answerer = {
    answer: (question) => {
      asked.push(question);
      return typeof answer === 'function' ? answer(question) : Promise.resolve(answer);
    },
    keep: () => Promise.resolve({ status: 'unavailable', reason: 'failed' }),
    health: () => Promise.resolve({ ok: true, checkedAt: 0 }),
  };
  const route = answersRoute({
    answerer,
    language: 'fr',
    renderMessage: (result) => (result.status === 'redirected' ? `texte: ${result.body}` : 'Je ne sais pas.'),
    allow: () => true,
    clock,
    sessions: createSessions({ clock, newId: () => `s${(ids += 1)}` }),
    ownTitle: 'Votre document',
    ...more,
  });
  const ask = async (body: unknown, with_: Partial<RawRequest> = {}) => {
    const { status, headers, body: text } = await route.handle(request(body, with_));
    return { status, headers, body: JSON.parse(String(text)) as Record<string, unknown> };
  };
  return { ask, asked, pass: (ms: number) => (time += ms) };
}

describe('POST /ask-question-ultra', () => {
  test('an answer: the contract and nothing else', async () => {
    const { ask, asked } = setUp(ANSWERED);
    const { effectiveDate, ...source } = SOURCE;
    expect(await ask({ question: '  Quel est le taux ?  ' })).toMatchObject({
      status: 200,
      body: { answer: '**7 %**', confidence: 0.8, abstained: false, session: 's1' },
    });
    const { body } = await ask({ question: 'x' });
    expect(body['sources']).toEqual([{ ...source, effective_date: effectiveDate }]);
    expect(Object.keys(body)).toEqual(['answer', 'sources', 'confidence', 'abstained', 'session']);
    expect(asked[0]).toEqual({ text: 'Quel est le taux ?', language: 'fr' });
  });

  test('no answer in the documents: 404 with a message and suggestions', async () => {
    expect((await setUp(ABSTAINED).ask({ question: 'x' })).body).toEqual({
      answer: null,
      abstained: true,
      message: 'Je ne sais pas.',
      suggestions: [{ title: 'Le taux ?' }],
      session: 's1',
    });
  });

  test('a redirection is an abstention whose text is the message', async () => {
    const redirected: Answer = {
      status: 'redirected',
      body: 'Voir IPRES',
      sources: [],
      suggestions: [],
      confidence: 0.7,
    };
    const { status, body } = await setUp(redirected).ask({ question: 'x' });
    expect([status, body['answer'], body['message']]).toEqual([404, null, 'texte: Voir IPRES']);
  });

  test('an engine that cannot be asked: 503 and when to come back', async () => {
    const { status, headers, body } = await setUp({ status: 'unavailable', reason: 'refused' }).ask({
      question: 'x',
    });
    expect([status, headers?.['retry-after'], Object.keys(body)]).toEqual([
      503,
      '5',
      ['error', 'details', 'timestamp'],
    ]);
  });

  test.each([
    ['', /JSON/],
    ['{"question":', /JSON/],
    ['null', /JSON object/],
    ['[]', /JSON object/],
    ['"x"', /JSON object/],
    ['{}', /question/],
    ['{"question":1}', /must be a text/],
    ['{"question":""}', /empty/],
    ['{"question":" \\n\\u0000 "}', /empty/],
    [JSON.stringify({ question: 'x'.repeat(4097) }), /4096/],
    ['{"question":"x","session":1}', /session/],
    [`{"question":${'['.repeat(20_000)}}`, /JSON/],
    [`{"question":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, /must be a text/],
  ])('%s is 400', async (body, details) => {
    const result = await setUp(ANSWERED).ask(body);
    expect([result.status, result.body['error']]).toEqual([400, 'Validation failed']);
    expect(result.body['details']).toMatch(details);
  });

  test('4096 characters after trimming pass', async () => {
    const { ask, asked } = setUp(ANSWERED);
    expect((await ask({ question: ` ${'x'.repeat(4096)} ` })).status).toBe(200);
    expect(asked[0]?.text).toHaveLength(4096);
  });

  test('any bytes: an answer or 400, never a throw; what is asked is well formed', async () => {
    const { ask, asked } = setUp(ANSWERED);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.string({ unit: 'binary' }).map((question) => JSON.stringify({ question })),
        ),
        async (body) => {
          expect([200, 400]).toContain((await ask(body)).status);
        },
      ),
    );
    for (const { text } of asked) expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
  });

  test('a follow-up knows the question before it; an id we did not issue knows nothing', async () => {
    const { ask, asked } = setUp(ANSWERED);
    await ask({ question: 'Quel est le taux ?' });
    const second = await ask({ question: 'Et pour qui ?', session: 's1' });
    expect(second.body['session']).toBe('s1');
    expect(asked[1]?.previous).toEqual({ question: 'Quel est le taux ?', topic: 'Taux' });
    const forged = await ask({ question: 'Et pour qui ?', session: 'invented' });
    expect(forged.body['session']).toBe('s2');
    expect(asked[2]?.previous).toBeUndefined();
  });

  test.each<[Answer, object]>([
    [{ ...ANSWERED, institution: 'ipres' } as Answer, { question: 'a', topic: 'Taux', institution: 'ipres' }],
    [
      { status: 'abstained', suggestions: [], confidence: 0, institution: 'ipm' },
      { question: 'a', institution: 'ipm' },
    ],
    [{ status: 'abstained', suggestions: [], confidence: 0 }, { question: 'a' }],
  ])('after %j', async (answer, previous) => {
    const { ask, asked } = setUp(answer);
    await ask({ question: 'a' });
    await ask({ question: 'Et le délai ?', session: 's1' });
    expect(asked[1]?.previous).toEqual(previous);
  });

  test('a session is forgotten after 30 minutes of silence, and lives on while used', async () => {
    const { ask, asked, pass } = setUp(ANSWERED);
    await ask({ question: 'a' });
    pass(29 * 60_000);
    await ask({ question: 'b', session: 's1' });
    pass(29 * 60_000);
    await ask({ question: 'c', session: 's1' });
    pass(30 * 60_000);
    const late = await ask({ question: 'd', session: 's1' });
    expect(asked.map(({ previous }) => previous?.question)).toEqual([undefined, 'a', 'b', undefined]);
    expect(late.body['session']).toBe('s2');
  });

  test('memory is bounded: the session unused for longest makes room', async () => {
    const { ask, asked } = setUp(ANSWERED);
    for (let i = 0; i < 10_001; i += 1) await ask({ question: `q${i}` });
    await ask({ question: 'x', session: 's1' });
    await ask({ question: 'x', session: 's10001' });
    expect(asked.slice(-2).map(({ previous }) => previous?.question)).toEqual([undefined, 'q10000']);
  });

  test('who may not ask gets 401, and nothing is asked', async () => {
    const { ask, asked } = setUp(ANSWERED, { allow: () => false });
    const { status, headers } = await ask({ question: 'x' });
    expect([status, headers?.['www-authenticate'], asked.length]).toEqual([401, 'Bearer', 0]);
  });

  test('more questions at once than wanted: 503, then room again', async () => {
    const waiting: ((answer: Answer) => void)[] = [];
    const { ask } = setUp(() => new Promise((resolve) => waiting.push(resolve)), { most: 1 });
    const first = ask({ question: 'a' });
    expect((await ask({ question: 'b' })).status).toBe(503);
    waiting[0]?.(ANSWERED);
    expect((await first).status).toBe(200);
    const third = ask({ question: 'c' });
    waiting[1]?.(ANSWERED);
    expect((await third).status).toBe(200);
  });
});

describe('isLocal', () => {
  test.each([
    ['127.0.0.1', { host: 'localhost:8000' }, true],
    ['127.0.0.1', { host: '127.0.0.1' }, true],
    ['::1', { host: '[::1]:8000' }, true],
    ['::ffff:127.0.0.1', { host: 'localhost' }, true],
    ['127.0.0.1', { host: 'localhost:8000', origin: 'http://localhost:8000' }, true],
    ['127.0.0.1', { host: 'localhost:8000', origin: 'https://evil.example' }, false],
    ['127.0.0.1', { host: 'localhost:8000', origin: 'null' }, false],
    ['127.0.0.1', { host: 'evil.example' }, false],
    ['127.0.0.1', { host: '127.0.0.1.evil.example' }, false],
    ['127.0.0.1', {}, false],
    ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '127.0.0.1' }, false],
    ['127.0.0.1', { host: 'localhost', via: '1.1 proxy' }, false],
    ['10.0.0.2', { host: 'localhost' }, false],
    ['10.0.0.2', { host: 'localhost', 'x-forwarded-for': '127.0.0.1' }, false],
    ['', { host: 'localhost' }, false],
  ])('%s with %j: %s', (remote, headers, expected) => {
    expect(isLocal(request('', { remote, headers }))).toBe(expected);
  });
});

describe('health', () => {
  const routes = (status: Health['status'], ready = true) => {
    const state = {
      status,
      channels: { telegram: 'ok' },
      answers: 'ok',
      storage: 'ok',
      secret: 'canari',
    } as const;
    return new Map(
      healthRoutes({ health: () => Promise.resolve(state), ready: () => ready }).map((route) => [
        route.path,
        route,
      ]),
    );
  };

  test.each([
    ['ok', 200],
    ['degraded', 200],
    ['down', 503],
  ] as const)('%s is %i, with the four fields only', async (status, code) => {
    const answer = await routes(status).get('/health')?.handle(request(''));
    expect(answer?.status).toBe(code);
    expect(JSON.parse(String(answer?.body))).toEqual({
      status,
      channels: { telegram: 'ok' },
      answers: 'ok',
      storage: 'ok',
    });
  });

  test('ready or not', async () => {
    expect((await routes('ok').get('/ready')?.handle(request('')))?.status).toBe(200);
    expect((await routes('ok', false).get('/ready')?.handle(request('')))?.status).toBe(503);
  });
});
