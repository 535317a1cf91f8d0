import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { people } from './people.ts';
import { requests } from './requests.ts';
import { bench, receiver } from './support.ts';
import type { Bench } from './support.ts';

const [awa] = people;
const DAY = 86_400_000;
let now: number;
let it: Bench;
beforeEach(async () => {
  now = 1_790_000_000_000;
  it = await bench({ now: () => now });
});
afterEach(() => it.stop());

interface Described {
  messaging_product: string;
  url: string;
  mime_type: string;
  sha256: string;
  file_size: number;
  id: string;
}
interface Refusal {
  error: { code: number; error_subcode?: number; message: string; error_data?: { details: string } };
}

const sha256 = (bytes: Uint8Array, as: 'hex' | 'base64') => createHash('sha256').update(bytes).digest(as);
const describeOf = async (id: string) => (await (await it.request(id)).json()) as Described;
const fetchAt = (url: string, token = it.sim.token) =>
  fetch(url, { headers: { authorization: `Bearer ${token}` } });
/** What the webhook says of the last file. */
const told = (): Record<string, unknown> => {
  const payload = it.sim.state.messages(awa.wa_id).at(-1)?.payload ?? {};
  return payload[String(payload['type'])] as Record<string, unknown>;
};

function formOf(bytes: Uint8Array, mime: string, more: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ messaging_product: 'whatsapp', type: mime, ...more }))
    form.set(name, value);
  form.set('file', new Blob([new Uint8Array(bytes)], { type: mime }), 'fichier');
  return form;
}
async function upload(body: FormData | string): Promise<{ status: number; id?: string } & Partial<Refusal>> {
  const response = await it.request(`${it.sim.phoneId}/media`, { method: 'POST', body });
  return { status: response.status, ...((await response.json()) as { id?: string }) };
}

describe('what people send', () => {
  const bytes = Buffer.from('%PDF-1.4 un état civil');

  test('an id, then an address, then the bytes', async () => {
    it.sim.phone.document(awa, { bytes, name: 'état.pdf', caption: 'Voici' });
    expect(told()).toEqual({
      caption: 'Voici',
      filename: 'état.pdf',
      mime_type: 'application/pdf',
      sha256: sha256(bytes, 'base64'),
      id: expect.stringMatching(/^\d+$/),
    });
    const id = String(told()['id']);
    const described = await describeOf(id);
    expect(described).toEqual({
      messaging_product: 'whatsapp',
      url: expect.stringMatching(`^${it.sim.url}/`),
      mime_type: 'application/pdf',
      sha256: sha256(bytes, 'hex'),
      file_size: bytes.length,
      id,
    });
    const response = await fetchAt(described.url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(it.sim.state.calls.map(({ name }) => name)).toEqual(['GET media', 'GET download']);
    expect(it.sim.state.violations).toEqual([]);
  });

  test('the address needs the token', async () => {
    it.sim.phone.document(awa, { bytes });
    const { url } = await describeOf(String(told()['id']));
    expect((await fetch(url)).status).toBe(401);
    expect((await fetchAt(url, 'x')).status).toBe(401);
  });

  test('it is good for five minutes; then 404 until one asks again', async () => {
    it.sim.phone.document(awa, { bytes });
    const id = String(told()['id']);
    const { url } = await describeOf(id);
    now += 299_999;
    expect((await fetchAt(url)).status).toBe(200);
    now += 1;
    expect((await fetchAt(url)).status).toBe(404);
    expect((await fetchAt((await describeOf(id)).url)).status).toBe(200);
  });

  test.each([
    ['of another file', 'mid', '1000000000000001'],
    ['made to last', 'ext', '9999999999'],
    ['without its seal', 'hash', ''],
  ])('an address %s is 404', async (_, parameter, value) => {
    it.sim.phone.document(awa, { bytes });
    const url = new URL((await describeOf(String(told()['id']))).url);
    url.searchParams.set(parameter, value);
    expect((await fetchAt(url.href)).status).toBe(404);
  });

  test.each([
    ['7 days for what people send', 7, () => String((it.sim.phone.image(awa), told()['id']))],
    [
      '30 days for what was uploaded',
      30,
      async () => (await upload(formOf(bytes, 'application/pdf'))).id ?? '',
    ],
  ])('%s', async (_, days, make) => {
    const id = await make();
    now += days * DAY - 1;
    expect((await it.request(id)).status).toBe(200);
    now += 1;
    const gone = await it.request(id);
    expect(gone.status).toBe(400);
    expect(((await gone.json()) as Refusal).error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  test('deleted: unknown from then on, its address too', async () => {
    it.sim.phone.image(awa);
    const id = String(told()['id']);
    const { url } = await describeOf(id);
    const deleted = await it.request(id, { method: 'DELETE' });
    expect([deleted.status, await deleted.json()]).toEqual([200, { success: true }]);
    expect((await it.request(id)).status).toBe(400);
    expect((await it.request(id, { method: 'DELETE' })).status).toBe(400);
    expect((await fetchAt(url)).status).toBe(404);
  });

  test('asked for with our number: yes; with another: no', async () => {
    it.sim.phone.image(awa);
    const id = String(told()['id']);
    expect((await it.request(`${id}?phone_number_id=${it.sim.phoneId}`)).status).toBe(200);
    expect((await it.request(`${id}?phone_number_id=1`)).status).toBe(400);
  });

  test.each([
    ['no token', {}, 401],
    ['a wrong one', { authorization: 'Bearer x' }, 401],
  ])('with %s: %o → %i', async (_, headers, status) => {
    it.sim.phone.image(awa);
    const path = `${it.sim.url}/v25.0/${String(told()['id'])}`;
    expect((await fetch(path, { headers })).status).toBe(status);
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(status);
    expect((await it.request(String(told()['id']))).status).toBe(200);
  });
});

describe('faults', () => {
  test('the address in the webhook itself', async () => {
    const hook = await receiver(it.sim);
    onTestFinished(() => hook.close());
    await it.sim.subscribe(hook.url);
    it.sim.faults.mediaUrlInWebhook = true;
    it.sim.phone.voice(awa, { bytes: Buffer.from('OggS…') });
    const [message] = await it.sim.waitFor(() => hook.messages().length > 0 && hook.messages());
    const { url } = message?.['audio'] as { url: string };
    const response = await fetchAt(url);
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('OggS…');
    expect(response.headers.get('content-type')).toBe('audio/ogg; codecs=opus');
  });

  test('an address of somebody else’s, in both places', async () => {
    const asked: (string | undefined)[] = [];
    const hostile = createServer((req, res) => {
      asked.push(req.headers.authorization);
      res.end('x');
    });
    await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void hostile.close());
    const address = hostile.address();
    const mediaUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/vol`;
    it.sim.faults.set({ mediaUrl, mediaUrlInWebhook: true });
    it.sim.phone.image(awa);
    expect(told()['url']).toBe(mediaUrl);
    expect((await describeOf(String(told()['id']))).url).toBe(mediaUrl);
    // A careless product gives its token away: the emulated thief sees it.
    await fetchAt(mediaUrl);
    expect(asked).toEqual([`Bearer ${it.sim.token}`]);
    it.sim.faults.reset();
    expect((await describeOf(String(told()['id']))).url).toMatch(`${it.sim.url}/`);
  });

  test('gone: the id is known, the address is 404', async () => {
    it.sim.phone.image(awa);
    const { url } = await describeOf(String(told()['id']));
    it.sim.faults.mediaGone = true;
    const response = await fetchAt(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html']);
    it.sim.faults.reset();
    expect((await fetchAt(url)).status).toBe(200);
  });

  test('corrupt: of the same size, with another sha256', async () => {
    const bytes = Buffer.from('%PDF-1.4 texte');
    it.sim.phone.document(awa, { bytes });
    const { url, sha256: declared, file_size } = await describeOf(String(told()['id']));
    it.sim.faults.mediaCorrupt = true;
    const received = Buffer.from(await (await fetchAt(url)).arrayBuffer());
    expect(received).toHaveLength(file_size);
    expect(sha256(received, 'hex')).not.toBe(declared);
    it.sim.phone.document(awa, { bytes: new Uint8Array(0) });
    expect((await fetchAt((await describeOf(String(told()['id']))).url)).status).toBe(200);
  });

  test('a size declared that is not the true one', async () => {
    it.sim.phone.document(awa);
    it.sim.faults.mediaSize = 200 * 1024 * 1024;
    expect((await describeOf(String(told()['id']))).file_size).toBe(209_715_200);
  });

  test('errors of the calls themselves', async () => {
    it.sim.phone.image(awa);
    const id = String(told()['id']);
    it.sim.faults.errors = [
      { call: 'GET media', code: 131016, times: 1 },
      { call: 'GET download', code: 2, httpStatus: 500, times: 1 },
    ];
    expect((await it.request(id)).status).toBe(500);
    const { url } = await describeOf(id);
    expect((await fetchAt(url)).status).toBe(500);
    expect((await fetchAt(url)).status).toBe(200);
  });
});

describe('uploads', () => {
  const pdf = Buffer.from('%PDF-1.4\r\n--x\r\n%%EOF\r\n');

  test('an id, which can be sent and fetched', async () => {
    it.sim.phone.text(awa, 'Bonjour');
    const { status, id = '' } = await upload(formOf(pdf, 'application/pdf'));
    expect([status, id]).toEqual([200, expect.stringMatching(/^\d+$/)]);
    const sent = await requests(() => it, awa.wa_id).send({
      type: 'document',
      document: { id, filename: 'guide.pdf', caption: 'Le guide' },
    });
    expect(sent.status).toBe(200);
    expect(it.sim.state.lastBotMessage(awa.wa_id ?? '')).toMatchObject({
      kind: 'document',
      text: 'Le guide',
      media: { kind: 'document', id, name: 'guide.pdf' },
    });
    const { url, file_size } = await describeOf(id);
    expect(file_size).toBe(pdf.length);
    expect(Buffer.from(await (await fetchAt(url)).arrayBuffer())).toEqual(pdf);
    expect(it.sim.state.violations).toEqual([]);
    const [call] = it.sim.state.callsOf('POST media');
    expect(call?.body).toMatchObject({
      type: 'application/pdf',
      file: { file: 'fichier', bytes: pdf.length },
    });
  });

  test('a type with a parameter keeps it', async () => {
    const { id = '' } = await upload(formOf(Buffer.from('OggS'), 'audio/ogg; codecs=opus'));
    expect((await describeOf(id)).mime_type).toBe('audio/ogg; codecs=opus');
  });

  const webp = (bytes: number, animated: boolean): Buffer => {
    const file = Buffer.alloc(bytes);
    file.write('RIFF', 0, 'latin1');
    file.write('WEBPVP8X', 8, 'latin1');
    file[20] = animated ? 2 : 0;
    return file;
  };
  test.each<[string, number, RegExp, () => FormData | string]>([
    ['no multipart', 100, /messaging_product is required/, () => '{}'],
    [
      'no product',
      100,
      /messaging_product/,
      () => formOf(pdf, 'application/pdf', { messaging_product: 'x' }),
    ],
    ['an unknown field', 100, /Unexpected key "nom"/, () => formOf(pdf, 'application/pdf', { nom: 'x' })],
    ['another type', 100, /following types.*text\/html/, () => formOf(pdf, 'text/html')],
    ['an image of 5 MB and a byte', 131053, /5242880/, () => formOf(Buffer.alloc(5_242_881), 'image/png')],
    ['a sound of 16 MB and a byte', 131053, /16777216/, () => formOf(Buffer.alloc(16_777_217), 'audio/aac')],
    [
      'a still sticker of 100 KB and a byte',
      131053,
      /102400/,
      () => formOf(webp(102_401, false), 'image/webp'),
    ],
    ['a moving one of 500 KB and a byte', 131053, /512000/, () => formOf(webp(512_001, true), 'image/webp')],
  ])('%s: %i', async (_, code, why, body) => {
    const { status, error } = await upload(body());
    expect([status, error?.code]).toEqual([400, code]);
    expect(`${error?.message} ${error?.error_data?.details}`).toMatch(why);
  });

  test.each<[string, () => FormData | string]>([
    ['an image', () => formOf(Buffer.alloc(5_242_880), 'image/png')],
    ['a still sticker', () => formOf(webp(102_400, false), 'image/webp')],
    ['a moving one', () => formOf(webp(512_000, true), 'image/webp')],
  ])('%s at its limit', async (_, body) => {
    expect((await upload(body())).status).toBe(200);
  });

  test('a file without its field', async () => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    expect(await upload(form)).toMatchObject({ status: 400, error: { code: 131008 } });
  });

  test('two types that differ, or one alone, are recorded', async () => {
    expect((await upload(formOf(pdf, 'application/pdf', { type: 'image/png' }))).status).toBe(200);
    const form = formOf(pdf, 'application/pdf');
    form.delete('type');
    expect((await upload(form)).status).toBe(200);
    expect(it.sim.state.violations.map(({ rule }) => rule)).toEqual(['type', 'type']);
  });
});
