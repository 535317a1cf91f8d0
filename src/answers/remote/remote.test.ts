import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answererContract } from '../../../test/contracts/answerer.ts';
import { createSessions } from '../../http/sessions.ts';
import { uploadRoute } from '../../http/upload.ts';
import { createHttpClient } from '../../lib/http.ts';
import type { Answerer } from '../../message/answer.ts';
import { createEmbeddedAnswerer } from '../embedded.ts';
import { createRemoteAnswerer } from './remote.ts';

type Handler = (body: string, response: ServerResponse, request: IncomingMessage, bytes: Buffer) => void;

class TestClock {
  time = 1_000;
  now = (): number => this.time;
  monotonic = (): number => this.time;
}

interface Remote {
  answerer: Answerer;
  clock: TestClock;
  calls: string[];
  close(): Promise<void>;
}

/** A real server behind the real client. */
async function serve(handle: Handler, timeoutMs = 5_000): Promise<Remote> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      calls.push(`${request.method} ${request.url}`);
      const bytes = Buffer.concat(parts);
      handle(bytes.toString(), response, request, bytes);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const http = createHttpClient({ allowHosts: [`127.0.0.1:${port}`], userAgent: 'test' });
  const clock = new TestClock();
  return {
    answerer: createRemoteAnswerer({
      baseUrl: `http://127.0.0.1:${port}/`,
      request: (request) => http.request(request),
      clock,
      timeoutMs,
    }),
    clock,
    calls,
    close: async () => {
      await http.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function opened(handle: Handler, timeoutMs?: number): Promise<Remote> {
  const remote = await serve(handle, timeoutMs);
  onTestFinished(() => remote.close());
  return remote;
}

const reply =
  (status: number, body: unknown): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const ask = (answerer: Answerer, signal = new AbortController().signal) =>
  answerer.answer({ text: 'Une question ?', language: 'fr' }, signal);

answererContract('remote', async () => {
  const embedded = await createEmbeddedAnswerer({
    folder: join(import.meta.dirname, '../fixtures/desk'),
    language: 'fr',
    clock: new TestClock(),
  });
  let ids = 0;
  const newId = () => `id${(ids += 1)}`;
  const upload = uploadRoute({
    answerer: embedded,
    sessions: createSessions({ clock: new TestClock(), newId }),
    allow: () => true,
    clock: new TestClock(),
    newDocumentId: newId,
  });
  const remote = await serve((body, response, request, bytes) => {
    if (request.url === '/health') {
      response.end('{}');
      return;
    }
    if (request.url === '/upload-multimodal') {
      const { headers } = request;
      const input = { method: 'POST', path: request.url, query: new URLSearchParams(), headers, remote: '' };
      void upload.handle({ ...input, body: bytes }).then((answer) => {
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
      return;
    }
    const { question, session } = JSON.parse(body) as { question: string; session?: string };
    const asked = { text: question, language: 'fr', ...(session !== undefined && { session }) };
    void embedded.answer(asked, new AbortController().signal).then((answer) => {
      if (answer.status === 'answered')
        reply(200, { ...answer, answer: answer.body })(body, response, request, bytes);
      else
        reply(404, {
          ...answer,
          answer: null,
          abstained: true,
          ...('body' in answer && { message: answer.body }),
        })(body, response, request, bytes);
    });
  });
  return {
    answerer: remote.answerer,
    close: async () => {
      await remote.close();
      await embedded.close();
    },
  };
});

describe('what the API says', () => {
  test.each<[string, Handler, unknown]>([
    [
      'an answer with sources as strings',
      reply(200, { answer: 'Oui.', sources: ['Guide', { name: 'Code', page: '4', score: 7 }, null, 12, {}] }),
      {
        status: 'answered',
        body: 'Oui.',
        confidence: 1,
        sources: [
          { title: 'Guide', document: 'Guide', excerpt: '', score: 0 },
          { title: 'Code', document: 'Code', page: 4, excerpt: '', score: 0 },
        ],
      },
    ],
    [
      'an answer without sources',
      reply(200, { answer: 'Oui.' }),
      { status: 'answered', body: 'Oui.', confidence: 1, sources: [] },
    ],
    ['an empty answer', reply(200, { answer: ' ' }), { status: 'abstained', suggestions: [], confidence: 0 }],
    [
      'a 200 that abstains',
      reply(200, { answer: 'x', abstained: true }),
      { status: 'abstained', suggestions: [], confidence: 0 },
    ],
    [
      'a 404 with suggestions',
      reply(404, { answer: null, suggestions: ['A ?', { title: 'B ?', document: 'b' }, 3] }),
      {
        status: 'abstained',
        suggestions: [{ title: 'A ?' }, { title: 'B ?', document: 'b' }],
        confidence: 0,
      },
    ],
    [
      'a 404 with a message',
      reply(404, { message: 'Voyez la mairie.' }),
      { status: 'redirected', body: 'Voyez la mairie.', sources: [], suggestions: [], confidence: 0 },
    ],
    [
      'a 404 page of a server',
      reply(404, '<html>Not Found</html>'),
      { status: 'abstained', suggestions: [], confidence: 0 },
    ],
    [
      'control characters',
      reply(200, { answer: 'a\u0000b\u001b' }),
      { status: 'answered', body: 'ab', confidence: 1, sources: [] },
    ],
    ['malformed JSON', reply(200, '{"answer":'), { status: 'unavailable', reason: 'failed' }],
    ['no answer field', reply(200, { reply: 'Oui.' }), { status: 'unavailable', reason: 'failed' }],
    [
      'an answer that is not text',
      reply(200, { answer: { a: 1 } }),
      { status: 'unavailable', reason: 'failed' },
    ],
    ['a list', reply(200, []), { status: 'unavailable', reason: 'failed' }],
    ['a server error', reply(500, {}), { status: 'unavailable', reason: 'failed' }],
    ['a redirect', reply(302, {}), { status: 'unavailable', reason: 'failed' }],
    ['a refusal of the question', reply(400, { error: 'x' }), { status: 'unavailable', reason: 'failed' }],
    [
      'a connection closed half-way',
      (_, response) => response.destroy(),
      { status: 'unavailable', reason: 'failed' },
    ],
  ])('%s', async (_, handle, expected) => {
    const { answerer } = await opened(handle);
    expect(await ask(answerer)).toEqual(expected);
  });

  test('a body above 5 MB is not kept', async () => {
    const { answerer } = await opened(reply(200, { answer: 'a'.repeat(6 * 1024 * 1024) }));
    expect(await ask(answerer)).toEqual({ status: 'unavailable', reason: 'failed' });
  });

  test('a long answer is cut between characters', async () => {
    const { answerer } = await opened(reply(200, { answer: '😀'.repeat(30_000) }));
    const answer = await ask(answerer);
    if (answer.status !== 'answered') throw new Error(answer.status);
    expect(answer.body.length).toBeLessThanOrEqual(20_000);
    expect(answer.body.isWellFormed()).toBe(true);
  });

  test('the question is sent as JSON to the path of the contract', async () => {
    let seen = '';
    const { answerer, calls } = await opened((body, ...rest) => {
      seen = body;
      reply(200, { answer: 'Oui.' })(body, ...rest);
    });
    await ask(answerer);
    expect(calls).toEqual(['POST /ask-question-ultra']);
    expect(JSON.parse(seen)).toEqual({ question: 'Une question ?' });
  });
});

describe('an API that does not answer', () => {
  test('nobody listens: refused', async () => {
    const { answerer, close } = await serve(reply(200, {}));
    await close();
    // A client of its own: the first one is closed too.
    expect((await answerer.health()).ok).toBe(false);
    const http = createHttpClient({ allowHosts: ['127.0.0.1:1'], userAgent: 'test' });
    onTestFinished(() => http.close());
    const alone = createRemoteAnswerer({
      baseUrl: 'http://127.0.0.1:1',
      request: (request) => http.request(request),
      clock: new TestClock(),
    });
    expect(await ask(alone)).toEqual({ status: 'unavailable', reason: 'refused' });
  });

  test('too slow: timeout', async () => {
    const { answerer } = await opened(() => undefined, 30);
    expect(await ask(answerer)).toEqual({ status: 'unavailable', reason: 'timeout' });
  });

  test('health follows the status of /health', async () => {
    let status = 200;
    const { answerer, clock } = await opened((body, ...rest) => reply(status, {})(body, ...rest));
    expect(await answerer.health()).toEqual({ ok: true, checkedAt: clock.time });
    status = 503;
    expect(await answerer.health()).toEqual({ ok: false, checkedAt: clock.time });
  });
});

describe('the circuit', () => {
  test('five failures in a row open it for 30 s, then one probe decides', async () => {
    let status = 500;
    const { answerer, calls, clock } = await opened((body, ...rest) =>
      reply(status, { answer: 'Oui.' })(body, ...rest),
    );
    for (let n = 0; n < 5; n += 1) expect(await ask(answerer)).toMatchObject({ reason: 'failed' });
    expect(await ask(answerer)).toEqual({ status: 'unavailable', reason: 'refused' });
    expect(calls).toHaveLength(5);

    clock.time += 30_000;
    const both = await Promise.all([ask(answerer), ask(answerer)]);
    expect(both).toMatchObject([{ reason: 'failed' }, { reason: 'refused' }]);
    expect(calls).toHaveLength(6);

    status = 200;
    clock.time += 29_999;
    expect(await ask(answerer)).toMatchObject({ reason: 'refused' });
    clock.time += 1;
    expect(await ask(answerer)).toMatchObject({ status: 'answered' });
    expect(await ask(answerer)).toMatchObject({ status: 'answered' });
  });

  test.each([400, 404, 413])('%d answers about one question never open it', async (status) => {
    const { answerer, calls } = await opened(reply(status, {}));
    for (let n = 0; n < 8; n += 1) await ask(answerer);
    expect(calls).toHaveLength(8);
  });

  test('a caller who gives up is not a failure of the API', async () => {
    const { answerer, calls } = await opened((body, ...rest) => {
      if (calls.length > 6) reply(200, { answer: 'Oui.' })(body, ...rest);
    });
    for (let n = 0; n < 6; n += 1) {
      const gone = new AbortController();
      const asked = ask(answerer, gone.signal);
      await expect.poll(() => calls.length).toBe(n + 1);
      gone.abort();
      expect(await asked).toMatchObject({ status: 'unavailable' });
    }
    expect(await ask(answerer)).toMatchObject({ status: 'answered' });
  });
});

describe('a file for the API', () => {
  const keep = (answerer: Answerer, session = 'ours', signal = new AbortController().signal) =>
    answerer.keep(
      { session, id: 'doc', bytes: Buffer.from('%PDF-1.4 \xff\r\n--', 'latin1'), name: 'a"b\r\n.pdf' },
      signal,
    );
  const UPLOADED = {
    document_id: 'theirs',
    kind: 'pdf',
    pages: 3,
    text_preview: ' Un  contrat ',
    session: 'remote-1',
  };

  test('is sent byte for byte as the contract says; its session goes with the next calls', async () => {
    const seen: { url: string | undefined; body: string; type: string | undefined }[] = [];
    const { answerer, clock } = await opened((_, response, request, bytes) => {
      seen.push({ url: request.url, body: bytes.toString('latin1'), type: request.headers['content-type'] });
      reply(200, request.url === '/upload-multimodal' ? UPLOADED : { answer: 'Oui.' })(
        '',
        response,
        request,
        bytes,
      );
    });
    expect(await keep(answerer)).toEqual({
      status: 'kept',
      document: { id: 'doc', kind: 'pdf', pages: 3, preview: 'Un contrat' },
    });
    const question = (session: string) =>
      answerer.answer({ text: 'Quoi ?', language: 'fr', session }, new AbortController().signal);
    await question('ours');
    await question('other');
    await keep(answerer);
    clock.time += 30 * 60_000;
    await question('ours');
    const [first, asked, other, again, late] = seen;
    expect(first?.type).toMatch(/^multipart\/form-data; boundary=\S+$/);
    const boundary = first?.type?.split('=')[1] ?? '';
    expect(first?.body).toBe(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a%22b%0D%0A.pdf"\r\n` +
        `content-type: application/octet-stream\r\n\r\n%PDF-1.4 \xff\r\n--\r\n--${boundary}--\r\n`,
    );
    expect(JSON.parse(asked?.body ?? '')).toEqual({ question: 'Quoi ?', session: 'remote-1' });
    expect(JSON.parse(other?.body ?? '')).toEqual({ question: 'Quoi ?' });
    expect(again?.body).toContain('name="session"\r\n\r\nremote-1\r\n');
    expect(JSON.parse(late?.body ?? '')).toEqual({ question: 'Quoi ?' });
  });

  test.each<[string, number, unknown, object]>([
    [
      'no session, an unknown kind',
      200,
      { document_id: 7, kind: 'scroll' },
      { status: 'kept', document: { id: 'doc', kind: 'text', pages: 1, preview: '' } },
    ],
    ['too large', 413, {}, { status: 'refused', reason: 'too_large' }],
    ['another kind', 415, '<html>', { status: 'refused', reason: 'unsupported' }],
    [
      'a password',
      422,
      { error: 'x', details: 'The file is protected by a password.' },
      { status: 'refused', reason: 'encrypted' },
    ],
    [
      'a password, in French',
      400,
      { detail: 'Fichier protégé par un mot de passe' },
      { status: 'refused', reason: 'encrypted' },
    ],
    [
      'no text',
      422,
      { details: 'The file holds no text that can be read.' },
      { status: 'refused', reason: 'empty' },
    ],
    [
      'too much',
      422,
      { details: 'The file holds more pages, pixels or text than is read here.' },
      { status: 'refused', reason: 'too_much' },
    ],
    ['some other reason', 422, 'x', { status: 'refused', reason: 'broken' }],
    ['no document', 200, {}, { status: 'unavailable', reason: 'failed' }],
    ['not JSON', 200, '<html>', { status: 'unavailable', reason: 'failed' }],
    ['no such address', 404, {}, { status: 'unavailable', reason: 'failed' }],
    ['its own error', 500, {}, { status: 'unavailable', reason: 'failed' }],
  ])('%s', async (_, status, body, expected) => {
    const { answerer } = await opened(reply(status, body));
    expect(await keep(answerer)).toEqual(expected);
  });

  test('files and questions share one circuit', async () => {
    const { answerer, calls } = await opened(reply(500, {}));
    for (let n = 0; n < 3; n += 1) await keep(answerer);
    for (let n = 0; n < 2; n += 1) await ask(answerer);
    expect(await keep(answerer)).toEqual({ status: 'unavailable', reason: 'refused' });
    expect(await ask(answerer)).toEqual({ status: 'unavailable', reason: 'refused' });
    expect(calls).toHaveLength(5);
  });
});
