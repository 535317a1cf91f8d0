import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench } from './support.ts';
import type { Answer, Bench } from './support.ts';

const [awa] = people;
let it: Bench;

beforeEach(async () => {
  it = await bench();
  it.sim.phone.text(awa, '/start');
});
afterEach(() => it.stop());

interface Sent {
  file_id: string;
  file_unique_id: string;
  file_size: number;
  width: number;
  height: number;
  file_name?: string;
  mime_type?: string;
}
interface Message {
  message_id: number;
  caption?: string;
  media_group_id?: string;
  photo?: Sent[];
  document?: Sent;
  voice?: Sent;
  sticker?: Sent;
  location?: object;
}

const messages = (): Message[] =>
  it.sim.state.updates.slice(1).map(({ body }) => (body as { message: Message }).message);
const last = (): Message => messages().at(-1) ?? { message_id: 0 };

/** As many bytes as asked, which begin like a PNG of this many pixels. */
function png(width: number, height: number, size = 2000): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.write('89504e470d0a1a0a0000000d49484452', 'hex');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

async function download(fileId: string): Promise<Buffer> {
  const { result } = await it.call('getFile', { file_id: fileId });
  const { file_path } = result as { file_path: string };
  const response = await fetch(`${it.sim.url}/file/bot${it.sim.token}/${file_path}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function post(
  action: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${it.sim.url}/simulator/api/telegram/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: awa.id, ...body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a file somebody sends', () => {
  test('comes back byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (given) => {
        const base64 = Buffer.from(given).toString('base64');
        await post('document', { base64, name: 'reçu.pdf', mime: 'application/pdf' });
        const { document } = last();
        expect(document).toMatchObject({
          file_name: 'reçu.pdf',
          mime_type: 'application/pdf',
          file_size: given.length,
        });
        expect(await download(document?.file_id ?? '')).toEqual(Buffer.from(given));
      }),
      { numRuns: 15 },
    );
  });

  test('is the same file when it is sent twice, under another id', async () => {
    const base64 = png(10, 10).toString('base64');
    await post('document', { base64 });
    const first = last().document;
    await post('document', { base64 });
    const second = last().document;
    expect(second?.file_unique_id).toBe(first?.file_unique_id);
    expect(second?.file_id).not.toBe(first?.file_id);
    expect((await it.call('getFile', { file_id: second?.file_id })).result).toMatchObject({
      file_unique_id: first?.file_unique_id,
    });
    expect((await it.call('getFile', { file_id: first?.file_unique_id })).status).toBe(400);
  });

  test('the ending of its path is that of its name', async () => {
    for (const [action, given, path] of [
      ['document', { name: 'Demande.DOCX' }, /^documents\/file_\d+\.docx$/],
      ['document', { name: '../../etc/passwd' }, /^documents\/file_\d+$/],
      ['voice', {}, /^voice\/file_\d+\.oga$/],
      ['photo', {}, /^photos\/file_\d+\.jpg$/],
      ['sticker', {}, /^stickers\/file_\d+\.webp$/],
    ] as const) {
      await post(action, { base64: png(4, 4).toString('base64'), ...given });
      const message = last();
      const file = message.photo?.at(-1) ?? message.document ?? message.voice ?? message.sticker;
      const { result } = await it.call('getFile', { file_id: file?.file_id });
      expect((result as { file_path: string }).file_path).toMatch(path);
    }
  });

  test.each([
    ['a large photo', 4000, 3000, [90, 320, 800, 1280]],
    ['a small photo', 300, 200, [90, 300]],
    ['an icon', 32, 64, [32]],
  ])('%s has sizes that ascend; only the last one is the picture', async (_label, width, height, sides) => {
    const bytes = png(width, height);
    await post('photo', { base64: bytes.toString('base64') });
    const { photo = [] } = last();
    expect(photo.map((size) => size.width)).toEqual(sides);
    expect(photo.map(({ file_size }) => file_size)).toEqual(
      photo.map(({ file_size }) => file_size).sort((a, b) => a - b),
    );
    expect(new Set(photo.map(({ file_id }) => file_id)).size).toBe(photo.length);
    expect(new Set(photo.map(({ file_unique_id }) => file_unique_id)).size).toBe(photo.length);
    expect(await download(photo.at(-1)?.file_id ?? '')).toEqual(bytes);
    if (photo.length > 1) expect(await download(photo[0]?.file_id ?? '')).not.toEqual(bytes);
  });

  test('past 20 MB, a bot cannot fetch it', async () => {
    it.sim.phone.document(awa, { name: 'film.mp4', bytes: new Uint8Array(20 * 1024 * 1024 + 1) });
    expect(await it.call('getFile', { file_id: last().document?.file_id })).toMatchObject({
      status: 400,
      description: 'Bad Request: file is too big',
    });
  });

  test('the page can show it, and never runs it', async () => {
    const at = `${it.sim.url}/simulator/api/telegram`;
    const bytes = png(64, 64);
    await post('photo', { base64: bytes.toString('base64') });
    await post('document', { base64: btoa('<script>'), name: 'x.html', mime: 'text/html' });
    const seen = (await (await fetch(`${at}/state?user=${awa.id}`)).json()) as {
      chat: { messages: { media?: { id: string; size: number } }[] };
    };
    const [photo, page] = seen.chat.messages.flatMap(({ media }) => (media ? [media] : []));
    expect(photo?.size).toBe(bytes.length);
    const shown = await fetch(`${at}/media/${photo?.id ?? ''}`);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
    const kept = await fetch(`${at}/media/${page?.id ?? ''}`);
    expect(kept.headers.get('content-disposition')).toBe('attachment');
    expect((await fetch(`${at}/media/nothing`)).status).toBe(404);
  });

  test('a place and a sticker', async () => {
    await post('location', { latitude: 14.7, longitude: -17.45 });
    expect(last()).toMatchObject({ location: { latitude: 14.7, longitude: -17.45 } });
    await post('sticker', { base64: png(512, 512).toString('base64') });
    expect(last().sticker).toMatchObject({ type: 'regular', width: 512, is_animated: false });
  });
});

describe('an album', () => {
  const file = (name: string): object => ({ base64: Buffer.from(name).toString('base64'), name });

  test('is one message for each file, in order, with one group id and one caption', async () => {
    await post('document', { files: [file('a.pdf'), file('b.pdf')], caption: 'Mes pièces' });
    expect(messages().map(({ document }) => document?.file_name)).toEqual(['a.pdf', 'b.pdf']);
    expect(messages().map(({ caption }) => caption)).toEqual(['Mes pièces', undefined]);
    expect(new Set(messages().map(({ media_group_id }) => media_group_id)).size).toBe(1);
    expect(last().media_group_id).toMatch(/^\d{17}$/);
  });

  test('two albums are two groups; one file is none', async () => {
    await post('document', { files: [file('a'), file('b')] });
    const first = last().media_group_id;
    await post('document', { files: [file('c'), file('d')] });
    expect(last().media_group_id).not.toBe(first);
    await post('document', { files: [file('e')] });
    expect(last()).not.toHaveProperty('media_group_id');
  });

  test('has at most ten files, all of a kind', () => {
    const photo = { kind: 'photo' } as const;
    expect(() =>
      it.sim.phone.album(
        awa,
        Array.from({ length: 11 }, () => photo),
      ),
    ).toThrow(/2 to 10/);
    expect(() => it.sim.phone.album(awa, [photo, { kind: 'document' }])).toThrow(/their like/);
    expect(it.sim.phone.album(awa, [photo, { kind: 'video' }])).toHaveLength(2);
  });
});

test.each([
  ['photo', { base64: '' }, /not empty/],
  ['photo', { base64: 'pas du base64 !' }, /base64/],
  ['photo', { base64: 7 }, /base64 must be a text/],
  ['document', { files: [] }, /files must be a list/],
  ['document', { files: ['x'] }, /files must be a list/],
  ['voice', { files: [{ base64: 'T2dnUw==' }, { base64: 'T2dnUw==' }] }, /one voice at a time/],
  ['document', { base64: 'A'.repeat(28 * 1024 * 1024) }, /20971520 at most/],
  ['location', { latitude: 91, longitude: 0 }, /latitude/],
])('%s refused', async (action, body, reason) => {
  const answer = await post(action, body);
  expect(answer.status).toBe(400);
  expect(answer.body['error']).toMatch(reason);
  expect(messages()).toEqual([]);
});

describe('a file the bot sends', () => {
  const send = async (method: string, field: string, bytes: Uint8Array, name: string): Promise<Answer> => {
    const form = new FormData();
    form.set('chat_id', String(awa.id));
    form.set('caption', 'Voici *votre* reçu');
    form.set(field, new Blob([new Uint8Array(bytes)]), name);
    const response = await fetch(`${it.sim.url}/bot${it.sim.token}/${method}`, {
      method: 'POST',
      body: form,
    });
    return { ...((await response.json()) as Answer), status: response.status };
  };

  test.each([
    ['sendPhoto', 'photo', png(640, 480), 'carte.png'],
    ['sendDocument', 'document', Buffer.from('%PDF-1.4'), 'reçu.pdf'],
    ['sendVoice', 'voice', Buffer.from('OggS'), 'note.oga'],
  ])('%s by upload, then again by its id', async (method, field, bytes, name) => {
    const first = (await send(method, field, bytes, name)).result as Message;
    expect(first.caption).toBe('Voici *votre* reçu');
    const file = first.photo?.at(-1) ?? first.document ?? first.voice;
    expect(await download(file?.file_id ?? '')).toEqual(Buffer.from(bytes));
    const again = await it.call(method, { chat_id: awa.id, [field]: file?.file_id });
    expect((again.result as Record<string, unknown>)[field]).toEqual(
      (first as unknown as Record<string, unknown>)[field],
    );
    expect(it.sim.state.violations).toEqual([]);
  });

  test.each([
    ['nothing', 'sendDocument', 'document', Buffer.alloc(0), 'Bad Request: file must be non-empty'],
    [
      'a photo of more than 10 MB',
      'sendPhoto',
      'photo',
      png(100, 100, 10 * 1024 * 1024 + 1),
      'Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes',
    ],
    ['a text as a photo', 'sendPhoto', 'photo', Buffer.from('bonjour'), 'Bad Request: IMAGE_PROCESS_FAILED'],
    ['a ribbon', 'sendPhoto', 'photo', png(2100, 100), 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
    ['a wall', 'sendPhoto', 'photo', png(6000, 4001), 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
  ])('%s is refused', async (_label, method, field, bytes, description) => {
    expect(await send(method, field, bytes, 'f')).toMatchObject({ status: 400, description });
    expect(it.sim.state.botMessages(awa.id)).toEqual([]);
  });

  test('past 50 MB, the request itself is refused', async () => {
    const { status } = await send('sendDocument', 'document', new Uint8Array(51 * 1024 * 1024 + 1), 'f');
    expect(status).toBe(413);
  });

  test('an album of uploads keeps its captions and its group', async () => {
    const form = new FormData();
    form.set('chat_id', String(awa.id));
    form.set(
      'media',
      JSON.stringify([
        { type: 'document', media: 'attach://a', caption: 'Vos pièces' },
        { type: 'document', media: 'attach://b' },
      ]),
    );
    form.set('a', new Blob(['un']), 'a.txt');
    form.set('b', new Blob(['deux']), 'b.txt');
    const response = await fetch(`${it.sim.url}/bot${it.sim.token}/sendMediaGroup`, {
      method: 'POST',
      body: form,
    });
    const { result = [] } = (await response.json()) as { result?: Message[] };
    expect(result.map(({ caption }) => caption)).toEqual(['Vos pièces', undefined]);
    expect(result[0]?.media_group_id).toBe(result[1]?.media_group_id);
    expect((await download(result[1]?.document?.file_id ?? '')).toString()).toBe('deux');
  });
});
