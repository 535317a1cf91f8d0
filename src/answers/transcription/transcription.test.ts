import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../lib/http.ts';
import type { Transcriber } from '../../message/transcription.ts';
import { audioOf } from './audio.ts';
import type { TranscriberOptions } from './transcription.ts';
import { createTranscriber } from './transcription.ts';

interface Call {
  url: string | undefined;
  type: string | undefined;
  authorization: string | undefined;
  body: string;
}

const OGG = Buffer.from('OggS\x00\x02\xff\x00opus', 'latin1');

/** A real server behind the real client. */
async function opened(
  handle: (response: ServerResponse, request: IncomingMessage) => void,
  more: Partial<TranscriberOptions> & { path?: string } = {},
): Promise<{ transcriber: Transcriber; calls: Call[]; clock: { time: number } }> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { 'content-type': type, authorization } = request.headers;
      calls.push({ url: request.url, type, authorization, body: Buffer.concat(parts).toString('latin1') });
      handle(response, request);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const http = createHttpClient({ allowHosts: [`127.0.0.1:${port}`], userAgent: 'test' });
  onTestFinished(async () => {
    await http.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const clock = { time: 0 };
  const transcriber = createTranscriber({
    baseUrl: `http://127.0.0.1:${port}${more.path ?? ''}`,
    request: (request) => http.request(request),
    clock: { now: () => clock.time, monotonic: () => clock.time },
    ...more,
  });
  return { transcriber, calls, clock };
}

const reply =
  (status: number, body: unknown) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const hear = (transcriber: Transcriber, bytes: Uint8Array = OGG, signal = new AbortController().signal) =>
  transcriber.transcribe({ bytes, mime: 'audio/whatever' }, signal);

describe('what is asked', () => {
  test.each([
    ['', '/v1/audio/transcriptions'],
    ['/', '/v1/audio/transcriptions'],
    ['/v1', '/v1/audio/transcriptions'],
    ['/v1/', '/v1/audio/transcriptions'],
    ['/speech', '/speech/v1/audio/transcriptions'],
  ])('a base that ends in "%s" is called at %s', async (path, url) => {
    const { transcriber, calls } = await opened(reply(200, { text: 'Bonjour' }), { path });
    expect(await hear(transcriber)).toEqual({ status: 'heard', text: 'Bonjour' });
    expect(calls.map((call) => call.url)).toEqual([url]);
  });

  test('the recording goes byte for byte, with its fields', async () => {
    const { transcriber, calls } = await opened(reply(200, { text: 'x' }), {
      language: 'wo',
      model: 'small',
      apiKey: 'k',
    });
    await hear(transcriber);
    const [call] = calls;
    const boundary = call?.type?.split('boundary=')[1] ?? '';
    const field = (name: string, value: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    expect(call?.body).toBe(
      field('model', 'small') +
        field('language', 'wo') +
        field('response_format', 'json') +
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="voice.ogg"\r\ncontent-type: audio/ogg\r\n\r\n` +
        `${OGG.toString('latin1')}\r\n--${boundary}--\r\n`,
    );
    expect(call?.authorization).toBe('Bearer k');
  });

  test.each([
    ['OggS', 'voice.ogg'],
    ['ID3\x03', 'voice.mp3'],
    ['\xff\xfb\x90', 'voice.mp3'],
    ['\x00\x00\x00\x20ftypM4A ', 'voice.m4a'],
    ['RIFF\x24\x00\x00\x00WAVEfmt ', 'voice.wav'],
    ['#!AMR\n', 'voice.amr'],
    ['\xff\xf1\x50', 'voice.aac'],
    ['fLaC', 'voice.flac'],
    ['\x1a\x45\xdf\xa3', 'voice.webm'],
    ['%PDF-1.4', undefined],
    ['RIFF\x24\x00\x00\x00WEBP', undefined],
    ['', undefined],
  ])('%j is %s', (head, name) => {
    expect(audioOf(Buffer.from(head, 'latin1'))?.name).toBe(name);
  });
});

describe('what is answered', () => {
  test.each<[string, number, unknown, object]>([
    ['words', 200, { text: '  Quel est\u0000 le taux ? ' }, { status: 'heard', text: 'Quel est le taux ?' }],
    ['silence', 200, { text: '' }, { status: 'heard', text: '' }],
    ['too large', 413, {}, { status: 'refused', reason: 'too_large' }],
    ['another format', 415, {}, { status: 'refused', reason: 'unsupported' }],
    ['a broken recording', 400, { error: 'x' }, { status: 'refused', reason: 'broken' }],
    ['a wrong key', 401, {}, { status: 'unavailable', reason: 'failed' }],
    ['no words', 200, { words: [] }, { status: 'unavailable', reason: 'failed' }],
    ['words that are not text', 200, { text: 3 }, { status: 'unavailable', reason: 'failed' }],
    ['a page', 200, '<html>', { status: 'unavailable', reason: 'failed' }],
    ['null', 200, 'null', { status: 'unavailable', reason: 'failed' }],
    ['its own error', 503, {}, { status: 'unavailable', reason: 'failed' }],
    ['a redirect', 302, {}, { status: 'unavailable', reason: 'failed' }],
  ])('%s', async (_, status, body, expected) => {
    const { transcriber } = await opened(reply(status, body));
    expect(await hear(transcriber)).toEqual(expected);
  });

  test('an hour of words is cut between characters', async () => {
    const { transcriber } = await opened(reply(200, { text: '😀'.repeat(40_000) }));
    const heard = await hear(transcriber);
    if (heard.status !== 'heard') throw new Error(heard.status);
    expect(heard.text.length).toBeLessThanOrEqual(50_000);
    expect(heard.text.isWellFormed()).toBe(true);
  });

  test.each([
    ['above 25 MB', Buffer.concat([OGG, Buffer.alloc(25 * 1024 * 1024)]), 'too_large'],
    ['not a sound', Buffer.from('<svg/>'), 'unsupported'],
  ])('%s: refused without a call', async (_, bytes, reason) => {
    const { transcriber, calls } = await opened(reply(200, { text: 'x' }));
    expect(await hear(transcriber, bytes)).toEqual({ status: 'refused', reason });
    expect(calls).toHaveLength(0);
  });
});

describe('an endpoint that does not answer', () => {
  test('too slow: timeout', async () => {
    const { transcriber } = await opened(() => undefined, { timeoutMs: 30 });
    expect(await hear(transcriber)).toEqual({ status: 'unavailable', reason: 'timeout' });
  });

  test('nobody listens: refused', async () => {
    const { transcriber } = await opened(reply(200, {}), {
      request: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
    });
    expect(await hear(transcriber)).toEqual({ status: 'unavailable', reason: 'refused' });
  });

  test('a caller who gives up is not a failure; five failures open the circuit for 30 s', async () => {
    let status = 500;
    const { transcriber, calls, clock } = await opened((response) => {
      if (status !== 0) reply(status, { text: 'Oui' })(response);
    });
    status = 0;
    for (let n = 0; n < 6; n += 1) {
      const gone = new AbortController();
      const heard = hear(transcriber, OGG, gone.signal);
      await expect.poll(() => calls.length).toBe(n + 1);
      gone.abort();
      expect(await heard).toMatchObject({ status: 'unavailable' });
    }
    status = 500;
    for (let n = 0; n < 5; n += 1) expect(await hear(transcriber)).toMatchObject({ reason: 'failed' });
    expect(await hear(transcriber)).toEqual({ status: 'unavailable', reason: 'refused' });
    expect(calls).toHaveLength(11);
    status = 200;
    clock.time += 30_000;
    expect(await hear(transcriber)).toEqual({ status: 'heard', text: 'Oui' });
  });
});
