import { existsSync, readFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import {
  docx,
  encryptedPdf,
  paragraphs,
  pdf,
  picture,
  pngBomb,
  scannedPdf,
  table,
} from './fixtures/files.ts';
import { FILE_LIMITS, ZIP_LIMITS } from './limits.ts';
import type { FileReader, FileReaderOptions } from './reader.ts';
import { createFileReader } from './reader.ts';
import { zip } from './zip.ts';

let reader: FileReader;
beforeAll(() => {
  reader = createFileReader();
});
afterAll(() => reader.close());

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('what is read', () => {
  test.each<[string, () => Buffer | Promise<Buffer>, string, string[]]>([
    [
      'UTF-8 text',
      () => utf8('Échéance : 15 décembre\r\n\r\n\r\n63 000 F'),
      'text',
      ['Échéance : 15 décembre\n\n63 000 F'],
    ],
    ['text with a mark', () => utf8('\ufeffBonjour'), 'text', ['Bonjour']],
    [
      'text of an old Windows',
      () => Buffer.from('Pr\u00e9nom : A\u00efssatou', 'latin1'),
      'text',
      ['Prénom : Aïssatou'],
    ],
    ['UTF-16 text', () => Buffer.from('\ufeffReçu', 'utf16le'), 'text', ['Reçu']],
    [
      'a PDF, page by page',
      () => pdf(['Bulletin de paie\nNet : 215 400 F', 'Page deux']),
      'pdf',
      ['Bulletin de paie\nNet : 215 400 F', 'Page deux'],
    ],
    [
      'a DOCX with a table',
      () =>
        docx(
          paragraphs('Attestation', 'Fait à Testville') +
            table(['Libellé', 'Montant'], ['Cantine', '63 000 F &amp; plus']),
        ),
      'docx',
      ['Attestation\n\nFait à Testville\n\nLibellé | Montant\nCantine | 63 000 F & plus'],
    ],
    [
      'a photographed paper',
      () => picture(['Facture de la cantine', 'Montant : 63 000 F']),
      'image',
      ['Facture de la cantine\nMontant : 63 000 F'],
    ],
    ['a JPEG', () => picture(['Attestation de travail'], 'jpeg'), 'image', ['Attestation de travail']],
    ['a WebP', () => picture(['Certificat de naissance'], 'webp'), 'image', ['Certificat de naissance']],
    [
      'a scan in a PDF',
      async () =>
        scannedPdf(await picture(['Certificat de vie', 'Fait à Testville', 'le 3 mars 2025'], 'jpeg')),
      'pdf',
      ['Certificat de vie\nFait à Testville\nle 3 mars 2025'],
    ],
  ])('%s', async (_, make, kind, pages) => {
    const read = await reader.read(await make());
    expect(read).toMatchObject({ ok: true, kind });
    if (!read.ok) return;
    expect(
      read.pages.map((page) =>
        page.replace(/\n\n/g, kind === 'image' || pages[0]?.startsWith('Certificat') ? '\n' : '\n\n'),
      ),
    ).toEqual(pages);
  });

  test('by content, whatever else it could be: a PDF with a ZIP behind it is its pages', async () => {
    const both = Buffer.concat([pdf(['Je suis un PDF']), docx(paragraphs('Je suis un DOCX'))]);
    expect(await reader.read(both)).toEqual({ ok: true, kind: 'pdf', pages: ['Je suis un PDF'] });
  });

  test('paragraphs of a PDF stay apart', async () => {
    const read = await reader.read(pdf(['Objet\n\nLe montant est de 5 000 F\npar mois.']));
    expect(read).toEqual({ ok: true, kind: 'pdf', pages: ['Objet\n\nLe montant est de 5 000 F\npar mois.'] });
  });
});

describe('what is refused', () => {
  const deflated = (name: string, data: Buffer, announced = data.length): Buffer => {
    const packed = deflateRawSync(data);
    const file = zip(new Map([[name, packed]]));
    const central = file.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    file.writeUInt16LE(8, central + 10);
    file.writeUInt32LE(crc32(data), central + 16);
    file.writeUInt32LE(announced, central + 24);
    return file;
  };
  const withSymlink = (): Buffer => {
    const file = docx(paragraphs('x'));
    file.writeUInt32LE((0o120777 << 16) >>> 0, file.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 38);
    return file;
  };
  const entities = `<!DOCTYPE d [${Array.from({ length: 20 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('')}]><d>&e20;</d>`;

  test.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['nothing', () => Buffer.alloc(0), 'empty'],
    ['a text of spaces', () => utf8(' \n \t '), 'empty'],
    ['a PDF without a word', () => pdf(['']), 'empty'],
    ['a picture without a word', () => picture(['']), 'empty'],
    ['a file above 20 MB', () => Buffer.alloc(FILE_LIMITS.bytes + 1, 'a'), 'too_large'],
    ['a program', () => Buffer.from('7f454c460201010000000000', 'hex'), 'unsupported'],
    ['a page of the web', () => utf8('\n<!DOCTYPE html><script>alert(1)</script>'), 'unsupported'],
    ['an SVG', () => utf8('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'unsupported'],
    ['a rich text', () => utf8('{\\rtf1\\ansi Bonjour}'), 'unsupported'],
    ['a GIF', () => Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00', 'latin1'), 'unsupported'],
    [
      'bytes behind a text',
      () => Buffer.concat([Buffer.alloc(5_000, 'a'), Buffer.from([0, 1, 2])]),
      'unsupported',
    ],
    ['a ZIP of something else', () => zip(new Map([['readme.txt', utf8('Bonjour')]])), 'unsupported'],
    ['an old Word file', () => Buffer.from('d0cf11e0a1b11ae1'.padEnd(2048, '0'), 'hex'), 'unsupported'],
    [
      'a locked Word file',
      () =>
        Buffer.concat([
          Buffer.from('d0cf11e0a1b11ae1', 'hex'),
          Buffer.alloc(500),
          Buffer.from('EncryptedPackage', 'utf16le'),
        ]),
      'encrypted',
    ],
    ['a locked PDF', encryptedPdf, 'encrypted'],
    ['half a PDF', () => pdf(['Bonjour']).subarray(0, 60), 'broken'],
    ['half a DOCX', () => docx(paragraphs('Bonjour')).subarray(0, 300), 'broken'],
    ['half a picture', async () => (await picture(['Bonjour'])).subarray(0, 900), 'broken'],
    ['a PDF of 201 pages', () => pdf(Array.from({ length: FILE_LIMITS.pages + 1 }, () => 'x')), 'too_much'],
    [
      'a scan of 21 pages',
      async () => scannedPdf(await picture(['x'], 'jpeg'), FILE_LIMITS.scannedPages + 1),
      'too_much',
    ],
    ['more text than we take', () => Buffer.alloc(FILE_LIMITS.text + 1, 'a'), 'too_much'],
    ['a picture that announces 900 million pixels', () => pngBomb(30_000, 30_000, 1_000), 'too_much'],
    ['a small picture that holds 4 million bytes', () => pngBomb(10, 10, 4_000_000), 'empty'],
    [
      'a ZIP that announces 1,000 times its size',
      () => deflated('word/document.xml', Buffer.alloc(20_000_000)),
      'too_much',
    ],
    [
      'a ZIP that announces less than it holds',
      () => deflated('word/document.xml', Buffer.alloc(20_000_000), 5_000),
      'broken',
    ],
    [
      'a ZIP with too many entries',
      () => zip(new Map(Array.from({ length: ZIP_LIMITS.entries + 1 }, (_, n) => [`${n}`, utf8('')]))),
      'too_much',
    ],
    ['a ZIP that climbs', () => docx(paragraphs('x'), { '../../etc/passwd': 'x' }), 'broken'],
    ['a ZIP with a link', withSymlink, 'broken'],
    ['an entity bomb', () => docx('', { 'word/document.xml': entities }), 'broken'],
    ['a DOCX that is not XML', () => docx('', { 'word/document.xml': '<w:doc' }), 'broken'],
  ])('%s', async (_, make, reason) => {
    expect(await reader.read(await make())).toEqual({ ok: false, reason });
  });

  test('a DOCX nested too deep costs its child at most', async () => {
    const read = await reader.read(docx('<w:p>'.repeat(200_000)));
    expect(read.ok).toBe(false);
    expect(await reader.read(utf8('après'))).toMatchObject({ ok: true });
  });
});

describe('the child', () => {
  const puppet = (options: FileReaderOptions = {}): FileReader => {
    const own = createFileReader({ program: new URL('./fixtures/children.ts', import.meta.url), ...options });
    onTestFinished(() => own.close());
    return own;
  };
  const say = (own: FileReader, order: string, signal?: AbortSignal) => own.read(utf8(order), signal);
  const pidOf = async (own: FileReader): Promise<number> => {
    const read = await say(own, 'pid');
    return read.ok ? Number(read.pages[0]?.split(' ')[1]) : 0;
  };

  test.runIf(existsSync('/proc/self/environ'))('knows nothing of our environment', async () => {
    const environment = readFileSync(`/proc/${await pidOf(puppet())}/environ`, 'latin1');
    const names = environment.split('\0').flatMap((entry) => entry.split('=')[0] ?? []);
    expect(names.filter((name) => name !== '' && !name.startsWith('NODE_CHANNEL_'))).toEqual([]);
  });

  test('is kept warm', async () => {
    const own = puppet();
    expect(await pidOf(own)).toBe(await pidOf(own));
  });

  test('is ended when it is idle', async () => {
    const own = puppet({ idleMs: 1 });
    const first = await pidOf(own);
    await expect.poll(() => alive(first)).toBe(false);
    expect(await pidOf(own)).not.toBe(first);
  });

  test.each([
    ['hang', 'timeout'],
    ['spin', 'timeout'],
    ['exit', 'failed'],
  ])('told to %s: %s, and the next file is read', async (order, reason) => {
    const own = puppet({ timeMs: 1_500, most: 1 });
    expect(await say(own, order)).toEqual({ ok: false, reason });
    expect(await say(own, 'next')).toMatchObject({ ok: true });
  });

  test('without its parsers: the file is not to blame, and the cause is told once', async () => {
    const causes: string[] = [];
    const own = puppet({ broken: (cause) => causes.push(cause) });
    expect(await say(own, 'lack')).toEqual({ ok: false, reason: 'failed' });
    expect(await say(own, 'lack')).toEqual({ ok: false, reason: 'failed' });
    expect(causes).toEqual(['no such parser']);
  });

  test.each(['grow', 'heap'])('that takes too much memory (%s) is ended', async (order) => {
    const own = puppet({ memoryBytes: 300 * 1024 * 1024 });
    expect(await say(own, order)).toEqual({ ok: false, reason: 'memory' });
  });

  test('killed in the middle by somebody else: that file failed, the next is read', async () => {
    const own = puppet({ most: 1 });
    const pid = await pidOf(own);
    const hanging = say(own, 'hang');
    process.kill(pid, 'SIGKILL');
    expect(await hanging).toEqual({ ok: false, reason: 'failed' });
    expect(await pidOf(own)).not.toBe(pid);
  });

  test('is killed when the caller gives up, and a file that waits leaves the queue', async () => {
    const own = puppet({ most: 1 });
    const pid = await pidOf(own);
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [say(own, 'hang', first.signal), say(own, 'never', second.signal)];
    second.abort();
    first.abort();
    expect(await Promise.all(both)).toEqual([
      { ok: false, reason: 'aborted' },
      { ok: false, reason: 'aborted' },
    ]);
    await expect.poll(() => alive(pid)).toBe(false);
    expect(await say(own, 'x', AbortSignal.abort())).toEqual({ ok: false, reason: 'aborted' });
  });

  test('there are two at most; others wait, up to a number', async () => {
    const own = puppet({ waiting: 8 });
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => say(own, `n${n}`)));
    const pids = new Set(all.map((read) => (read.ok ? read.pages[0]?.split(' ')[1] : read.reason)));
    expect(pids.size).toBe(2);
    const more = await Promise.all(Array.from({ length: 11 }, (_, n) => say(own, `n${n}`)));
    expect(more.filter((read) => !read.ok)).toEqual([{ ok: false, reason: 'busy' }]);
  });

  test('a closed reader reads nothing more', async () => {
    const own = puppet({ most: 1 });
    const hanging = say(own, 'hang');
    const waiting = say(own, 'waits');
    await own.close();
    expect(await Promise.all([hanging, waiting, say(own, 'late')])).toEqual(
      Array.from({ length: 3 }, () => ({ ok: false, reason: 'aborted' })),
    );
  });

  function alive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});
