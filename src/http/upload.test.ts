import fc from 'fast-check';
import { request as httpRequest } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLog } from '../lib/log.ts';
import type { Answerer, Kept, Question, SentFile } from '../message/answer.ts';
import type { RawRequest } from '../message/route.ts';
import { answersRoute } from './answers.ts';
import { createServer } from './server.ts';
import { createSessions } from './sessions.ts';
import { uploadRoute } from './upload.ts';
import type { UploadOptions } from './upload.ts';

const clock = { now: () => 1_760_000_000_000, monotonic: () => 0 };
const MAX_FILE = 20 * 1024 * 1024;
const BOUNDARY = 'b0und4ry';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

interface Part {
  name: string;
  value: string | Buffer;
  file?: string;
}
const form = (...parts: Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name, value, file }) => [
      Buffer.from(
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}\r\n\r\n`,
      ),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
const FILE: Part = { name: 'file', value: 'Bonjour', file: 'mon fichier.txt' };

function setUp(kept?: (file: SentFile) => Promise<Kept>, more: Partial<UploadOptions> = {}) {
  const files: SentFile[] = [];
  const asked: Question[] = [];
  let ids = 0;
  const answerer: Answerer = {
    answer: (question) => {
      asked.push(question);
      return Promise.resolve({
        status: 'answered',
        body: '63 000 F',
        sources: [{ title: '', document: 'd', own: true, page: 2, excerpt: '63 000 F', score: 1 }],
        confidence: 0.9,
      });
    },
    keep: (file) => {
      files.push(file);
      if (kept) return kept(file);
      return Promise.resolve({
        status: 'kept',
        document: { id: file.id, kind: 'text', pages: 1, preview: 'Bonjour' },
      });
    },
    health: () => Promise.resolve({ ok: true, checkedAt: 0 }),
  };
  const sessions = createSessions({ clock, newId: () => `s${(ids += 1)}` });
  const common = { answerer, sessions, allow: () => true, clock };
  const upload = uploadRoute({ ...common, newDocumentId: () => 'd1', ...more });
  const answers = answersRoute({
    ...common,
    language: 'fr',
    renderMessage: () => '',
    ownTitle: 'Votre document',
  });
  const call = async (route: typeof upload, body: Buffer, type = TYPE) => {
    const input: RawRequest = {
      method: 'POST',
      path: route.path,
      query: new URLSearchParams(),
      headers: { 'content-type': type },
      body,
      remote: '127.0.0.1',
    };
    const response = await route.handle(input);
    return { status: response.status, body: JSON.parse(String(response.body)) as Record<string, unknown> };
  };
  return {
    files,
    asked,
    upload,
    answers,
    send: (body: Buffer, type?: string) => call(upload, body, type),
    ask: (body: unknown) => call(answers, Buffer.from(JSON.stringify(body)), 'application/json'),
  };
}

describe('POST /upload-multimodal', () => {
  test('a file: the contract and nothing else, byte for byte', async () => {
    const { send, files } = setUp();
    const bytes = Buffer.from([0xff, 0xd8, 0xff, 0, 13, 10, 45, 45, 1]);
    expect(await send(form({ ...FILE, value: bytes }))).toEqual({
      status: 200,
      body: { document_id: 'd1', kind: 'text', pages: 1, text_preview: 'Bonjour', session: 's1' },
    });
    expect(files).toEqual([{ session: 's1', id: 'd1', bytes, name: 'mon fichier.txt' }]);
  });

  test('the session it answers with asks about it; another does not', async () => {
    const { send, ask, asked, files } = setUp();
    await ask({ question: 'Bonjour' });
    await send(form({ name: 'session', value: 's1' }, FILE));
    const answer = await ask({ question: 'Combien ?', session: 's1' });
    expect(answer.body['sources']).toEqual([
      { title: 'Votre document', document: 'd', own: true, page: 2, excerpt: '63 000 F', score: 1 },
    ]);
    await ask({ question: 'Et quand ?', session: 's1' });
    await ask({ question: 'Combien ?', session: 'invented' });
    expect(files[0]?.session).toBe('s1');
    expect(asked.slice(1)).toEqual([
      // What was said before the file is not what is spoken of now.
      { text: 'Combien ?', language: 'fr', session: 's1' },
      { text: 'Et quand ?', language: 'fr', session: 's1', previous: { question: 'Combien ?', topic: '' } },
      { text: 'Combien ?', language: 'fr' },
    ]);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['a\u202egpj.exe', 'agpj.exe'],
    ['%2e%2e', '%2e%2e'],
    ['x'.repeat(300), 'x'.repeat(256)],
    ['', undefined],
  ])('the name %j is only a name', async (file, name) => {
    const { send, files } = setUp();
    expect((await send(form({ ...FILE, file }))).status).toBe(200);
    expect(files[0]?.name).toBe(name);
  });

  test.each<[string, Buffer, string, number]>([
    ['no form', Buffer.from('{}'), 'application/json', 415],
    ['no type', Buffer.from('x'), '', 415],
    ['a form of another kind', Buffer.from('a=b'), 'application/x-www-form-urlencoded', 415],
    ['no boundary', form(FILE), 'multipart/form-data', 415],
    ['an empty boundary', form(FILE), 'multipart/form-data; boundary=', 400],
    ['another boundary', form(FILE), 'multipart/form-data; boundary=x', 400],
    ['no file', form({ name: 'session', value: 's1' }), TYPE, 400],
    ['a file in another field', form({ ...FILE, name: 'document' }), TYPE, 400],
    ['a text for a file', form({ name: 'file', value: 'Bonjour' }), TYPE, 400],
    ['two files', form(FILE, FILE), TYPE, 400],
    ['three files', form(FILE, FILE, FILE), TYPE, 400],
    ['a field without end', form({ name: 'session', value: 'x'.repeat(2_000) }, FILE), TYPE, 400],
    ['half a form', form(FILE).subarray(0, 90), TYPE, 400],
    ['nothing', Buffer.alloc(0), TYPE, 400],
    ['a file above 20 MB', form({ ...FILE, value: Buffer.alloc(MAX_FILE + 1) }), TYPE, 413],
  ])('%s is refused with a sentence', async (_, body, type, status) => {
    const { send, files } = setUp();
    const answer = await send(body, type);
    expect([answer.status, Object.keys(answer.body)]).toEqual([status, ['error', 'details', 'timestamp']]);
    expect(String(answer.body['details']).length).toBeGreaterThan(10);
    expect(files).toEqual([]);
  });

  test('20 MB pass', async () => {
    expect((await setUp().send(form({ ...FILE, value: Buffer.alloc(MAX_FILE) }))).status).toBe(200);
  });

  test.each<[Kept, number, RegExp]>([
    [{ status: 'refused', reason: 'too_large' }, 413, /20 MB/],
    [{ status: 'refused', reason: 'unsupported' }, 415, /PDF/],
    [{ status: 'refused', reason: 'encrypted' }, 422, /password/],
    [{ status: 'refused', reason: 'broken' }, 422, /damaged/],
    [{ status: 'refused', reason: 'empty' }, 422, /no text/],
    [{ status: 'refused', reason: 'too_much' }, 422, /more pages/],
    [{ status: 'unavailable', reason: 'failed' }, 503, /now/],
  ])('%j is %i, and the session has no document', async (kept, status, details) => {
    const { send, ask, asked } = setUp(() => Promise.resolve(kept));
    const answer = await send(form(FILE));
    expect([answer.status, answer.body['details']]).toEqual([status, expect.stringMatching(details)]);
    await ask({ question: 'x', session: 's1' });
    expect(asked[0]).not.toHaveProperty('session');
  });

  test('any bytes: an answer, never a throw', async () => {
    const { send } = setUp();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string(), async (bytes, type) => {
        const body = Buffer.concat([Buffer.from(`--${BOUNDARY}\r\n`), bytes]);
        expect([200, 400]).toContain((await send(body)).status);
        expect([200, 400, 415]).toContain((await send(form(FILE), `multipart/form-data; ${type}`)).status);
      }),
      { numRuns: 200 },
    );
  });

  test('more files at once than wanted: 503, then room again', async () => {
    const waiting: ((kept: Kept) => void)[] = [];
    const { send } = setUp(() => new Promise((resolve) => waiting.push(resolve)), { most: 1 });
    const first = send(form(FILE));
    await expect.poll(() => waiting.length).toBe(1);
    expect((await send(form(FILE))).status).toBe(503);
    waiting[0]?.({ status: 'unavailable', reason: 'failed' });
    await first;
    const third = send(form(FILE));
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.({ status: 'refused', reason: 'broken' });
    expect((await third).status).toBe(422);
  });
});

describe('over HTTP', () => {
  const serve = async (more: Partial<UploadOptions> = {}) => {
    const { upload, files } = setUp(undefined, more);
    const server = await createServer({
      host: '127.0.0.1',
      port: 0,
      clock,
      log: createLog({ level: 'error' }),
      routes: [upload],
    });
    const { port } = await server.listen();
    onTestFinished(() => server.close());
    return { port, files };
  };
  /** Sends the head, and the body only if `body` is given. */
  const post = (port: number, headers: Record<string, string>, body?: Buffer): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/upload-multimodal',
        headers,
      });
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      if (body) request.end(body);
      else request.flushHeaders();
    });

  test('a form arrives whole', async () => {
    const { port, files } = await serve();
    const value = Buffer.alloc(5_000_000, 'é');
    expect(await post(port, { 'content-type': TYPE }, form({ ...FILE, value }))).toBe(200);
    expect(Buffer.compare(Buffer.from(files[0]?.bytes ?? []), value)).toBe(0);
  });

  test('who may not send, and what is too long, is refused before the body comes', async () => {
    const head = { 'content-type': TYPE, 'content-length': String(MAX_FILE) };
    expect(await post((await serve({ allow: () => false })).port, head)).toBe(401);
    const { port } = await serve();
    expect(await post(port, { ...head, 'content-type': 'image/png' })).toBe(415);
    expect(await post(port, { ...head, 'content-length': String(MAX_FILE + 100_000) })).toBe(413);
  });
});
