import { DatabaseSync } from 'node:sqlite';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { docx, encryptedPdf, paragraphs, pdf, picture } from '../../src/answers/files/fixtures/files.ts';
import { shared } from '../support/over.ts';
import {
  botSaid,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
} from '../support/product.ts';

interface File {
  bytes: Uint8Array;
  name?: string;
  mime?: string;
  caption?: string;
}

/** One person on one platform, as this test needs them. */
interface Person {
  photo(file: File): unknown;
  document(file: File): unknown;
  voice(file: File): unknown;
  /** Several pictures sent at once. */
  album(files: File[]): unknown;
  text(text: string): unknown;
  /** The nth reply, without what greets at the start of a session. */
  reply(n: number): Promise<string>;
  replies(): number;
  idle(): Promise<void>;
  /** Files kept for staff since this person came. */
  kept(): string[];
  data: string;
  logged: string[];
  secrets: string[];
}

/** There is no such folder before the first file. */
const media = (data: string): string[] =>
  existsSync(join(data, 'media')) ? readdirSync(join(data, 'media')) : [];
const keptSince = (data: string): (() => string[]) => {
  const before = new Set(media(data));
  return () => media(data).filter((file) => !before.has(file));
};
const telegram = shared(() => startProduct());
const whatsapp = shared(() => startOnWhatsApp());

const CHANNELS: [string, (env?: Record<string, string>) => Promise<Person>][] = [
  [
    'telegram',
    async (env) => {
      const { simulator, guichet, data, logged } = await (env ? startProduct({ env }) : telegram());
      const { phone } = simulator;
      const who = somebody();
      return {
        photo: (file) => phone.photo(who, file),
        document: (file) => phone.document(who, file),
        voice: (file) => phone.voice(who, file),
        album: (files) =>
          phone.album(
            who,
            files.map((file) => ({ ...file, kind: 'photo' as const })),
          ),
        text: (text) => phone.text(who, text),
        reply: async (n) => (await botSaid(simulator, who, n, 30_000)).text,
        replies: () => simulator.state.botMessages(who.id).length,
        idle: async () => {
          await simulator.waitFor(() => simulator.state.pendingUpdates().length === 0, 30_000);
          await guichet.pipeline.idle();
        },
        kept: keptSince(data),
        data,
        logged,
        secrets: [simulator.token],
      };
    },
  ],
  [
    'whatsapp',
    async (env) => {
      const { simulator, guichet, data, logged } = await (env ? startOnWhatsApp({ env }) : whatsapp());
      const { phone } = simulator;
      const who = somebodyOnWhatsApp();
      const welcomes = (): number =>
        simulator.state.botMessages(who.wa_id).filter(({ text }) => text.includes('Bienvenue')).length;
      return {
        photo: (file) => phone.image(who, file),
        document: (file) => phone.document(who, file),
        voice: (file) => phone.voice(who, file),
        album: (files) => {
          for (const file of files) phone.image(who, file);
        },
        text: (text) => phone.text(who, text),
        reply: async (n) => (await saidOnWhatsApp(simulator, who, n + 1, 30_000)).text,
        replies: () => simulator.state.botMessages(who.wa_id).length - welcomes(),
        idle: async () => {
          await simulator.waitFor(() => simulator.state.pendingWebhooks().length === 0, 30_000);
          await guichet.pipeline.idle();
        },
        kept: keptSince(data),
        data,
        logged,
        secrets: [simulator.token, simulator.appSecret],
      };
    },
  ],
];

/** What is kept of documents: what was read in them, and the files. */
function documentsIn(data: string): { words: number; files: number } {
  const database = new DatabaseSync(join(data, 'guichet.db'), { readOnly: true });
  const count = (table: string): number =>
    Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n']);
  try {
    return { words: count('session_documents'), files: count('media') };
  } finally {
    database.close();
  }
}

const BULLETIN =
  'Bulletin de paie\nEntreprise Exemple\nSalaire net à payer : 215 400 F\nCongés restants : 12 jours';
describe.each(CHANNELS)('files on %s', (_, start) => {
  test('a document is read, and the questions of the session are answered from it', async () => {
    const person = await start();
    person.document({ bytes: pdf([BULLETIN]), name: 'bulletin.pdf', mime: 'application/pdf' });
    expect(await person.reply(1)).toContain('Bulletin de paie');
    person.text('Quel est le salaire net à payer ?');
    const answer = await person.reply(2);
    expect(answer).toContain('215 400 F');
    expect(answer).toContain('votre document');
    expect(answer).toContain('bulletin.pdf');
    // The desk's own documents still answer what is about them.
    person.text('Comment demander les allocations familiales ?');
    expect(await person.reply(3)).toContain('Les prestations familiales');
    // Kept for staff, sealed.
    const [file, ...others] = person.kept();
    expect(others).toEqual([]);
    expect(readFileSync(join(person.data, 'media', file ?? '')).toString('latin1')).not.toContain('%PDF');
    for (const secret of person.secrets) expect(person.logged.join('')).not.toContain(secret);
  });

  test('a document is forgotten at a word, with the file that was kept of it', async () => {
    const person = await start();
    person.document({ bytes: pdf([BULLETIN]), name: 'bulletin.pdf', mime: 'application/pdf' });
    expect(await person.reply(1)).toContain('oublie mon document');
    await person.idle();
    const before = documentsIn(person.data);
    person.text('Oublie mon document');
    expect(await person.reply(2)).toContain("j'ai oublié");
    person.text('Quel est le salaire net à payer ?');
    const answer = await person.reply(3);
    expect(answer).not.toContain('215 400');
    expect(answer).not.toContain('votre document');
    person.text('Que dit ce document ?');
    expect(await person.reply(4)).not.toContain('Bulletin');
    await person.idle();
    const after = documentsIn(person.data);
    expect(before.words - after.words).toBe(1);
    expect(before.files - after.files).toBe(1);
  });

  test('the caption of a photo is the first question about it', async () => {
    const person = await start();
    const bytes = await picture(['RECU DE PAIEMENT', 'Montant : 63 000 F', 'Cantine scolaire']);
    person.photo({ bytes, mime: 'image/jpeg', caption: 'Quel est le montant sur ce reçu ?' });
    const answer = await person.reply(1);
    expect(answer).toMatch(/63\s?000/);
    expect(answer).toContain('votre document');
  }, 40_000);

  test('an album gets one reply, and all of it is read', async () => {
    const person = await start();
    const bytes = await picture(['Attestation de travail']);
    const second = await picture(['Matricule 4471 de la cantine']);
    person.album([
      { bytes, mime: 'image/jpeg' },
      { bytes: second, mime: 'image/jpeg' },
      { bytes, mime: 'image/jpeg' },
    ]);
    expect(await person.reply(1)).toContain("J'ai lu votre document");
    await person.idle();
    expect(person.replies()).toBe(1);
    expect(person.kept()).toHaveLength(3);
    person.text('Quel est le matricule de la cantine ?');
    expect(await person.reply(2)).toContain('4471');
  }, 60_000);

  test('documents sent one after another are told each, a broken one too', async () => {
    const person = await start();
    const broken = { bytes: Buffer.from('%PDF-1.7\nxxxx'), name: 'x.pdf', mime: 'application/pdf' };
    person.document({ bytes: docx(paragraphs('Contrat', 'Durée : 24 mois')), name: 'contrat.docx' });
    expect(await person.reply(1)).toContain('Contrat');
    person.document({ bytes: pdf([BULLETIN]), name: 'bulletin.pdf', mime: 'application/pdf' });
    expect(await person.reply(2)).toContain('Bulletin de paie');
    person.document(broken);
    expect(await person.reply(3)).toContain("n'ai pas pu ouvrir");
    person.document({ bytes: docx(paragraphs('Reçu', 'Cantine')), name: 'recu.docx' });
    expect(await person.reply(4)).toContain('Reçu');
    await person.idle();
    expect(person.replies()).toBe(4);
  }, 40_000);

  test('a caption that asks what the photo does not say is told that it was read', async () => {
    const person = await start();
    const bytes = await picture(['CONVOCATION', 'Salle 4', 'Apporter : carnet']);
    const caption = 'Comment demander les allocations familiales ?';
    person.photo({ bytes, mime: 'image/jpeg', caption });
    const said = await person.reply(1);
    expect(said).toMatch(/^📎 J'ai bien lu votre document|^📎 _J'ai bien lu votre document/);
    expect(said).toContain('Les prestations familiales');
  }, 40_000);

  test.each<[string, () => Promise<File> | File, string]>([
    [
      'a protected document',
      async () => ({ bytes: encryptedPdf(), name: 'secret.pdf', mime: 'application/pdf' }),
      'protégé par un mot de passe',
    ],
    [
      'a program that says it is a document',
      () => ({ bytes: Buffer.from('MZ\u0090\0\u0003\0\0\0'), name: 'facture.pdf', mime: 'application/pdf' }),
      'ne sais pas lire ce type de fichier',
    ],
    [
      'a broken document',
      () => ({ bytes: Buffer.from('%PDF-1.7\nxxxx'), name: 'x.pdf', mime: 'application/pdf' }),
      "n'ai pas pu ouvrir",
    ],
  ])('%s is explained', async (_what, file, words) => {
    const person = await start();
    person.document(await file());
    expect(await person.reply(1)).toContain(words);
  });

  test('a Word document is read whatever its name', async () => {
    const person = await start();
    const name = '../../é\u202etxt.exe';
    person.document({ bytes: docx(paragraphs('Contrat', 'Durée : 24 mois')), name });
    expect(await person.reply(1)).toContain('Contrat');
    expect(person.kept().every((file) => /^[\w-]+$/.test(file))).toBe(true);
  });

  test('a voice message is kept for staff and answered with what to do', async () => {
    const person = await start();
    person.voice({ bytes: Buffer.from('OggS fictitious'), mime: 'audio/ogg' });
    expect(await person.reply(1)).toContain('message vocal');
    expect(person.kept()).toHaveLength(1);
  });

  test('a voice message is heard, echoed and answered where speech is transcribed', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ text: 'Comment demander les allocations familiales ?' }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const person = await start({ TRANSCRIBE_URL: `http://127.0.0.1:${String(port)}` });
    person.voice({ bytes: Buffer.from(`OggS${'\0'.repeat(24)}OpusHead`, 'latin1'), mime: 'audio/ogg' });
    expect(await person.reply(1)).toContain('« Comment demander les allocations familiales ? »');
    expect(await person.reply(2)).toContain('Les prestations familiales');
    expect(asked).toEqual(['/v1/audio/transcriptions']);
  });
});
