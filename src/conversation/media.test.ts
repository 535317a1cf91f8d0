import { describe, expect, test } from 'vitest';
import type { Answer } from '../message/answer.ts';
import type { InboundEvent, MediaKind } from '../message/event.ts';
import type { FileOutcome, ReadFile } from '../message/files.ts';
import type { Decision } from '../message/session.ts';
import { decide } from './decide.ts';
import { desk } from './fixtures/desk.ts';
import { found, media, NOW, on, recorded, seen, source, turn, typed } from './fixtures/turns.ts';

const MENU = '[📋 Menu→menu]';
const kept = (preview = 'Certificat de scolarité'): FileOutcome => ({
  status: 'kept',
  document: { id: 'd1', kind: 'image', pages: 1, preview },
});
const refused = (reason: Extract<FileOutcome, { status: 'refused' }>['reason']): FileOutcome =>
  ({ status: 'refused', reason }) as FileOutcome;

/** The turn of `event` once its files were read so. */
function read(event: InboundEvent, outcomes: FileOutcome[], more: Parameters<typeof turn>[0] = {}): Decision {
  const first = on(event, more);
  const [ask] = first.asks;
  if (ask?.type !== 'files') throw new Error('The event has no file to read.');
  const files = outcomes.map((outcome, i): ReadFile => ({ kind: ask.media[i]?.kind ?? 'photo', outcome }));
  const result = { type: 'files', files, silent: ask.silent } as const;
  return decide(turn({ ...more, session: first.session }), { event, result }, desk);
}

describe('files without a question', () => {
  test.each<[MediaKind, FileOutcome, string]>([
    ['photo', kept(), 'document_read'],
    ['document', kept(), 'document_read'],
    ['photo', refused('empty'), `media_empty\n${MENU}`],
    ['photo', refused('too_large'), `media_too_large\n${MENU}`],
    ['document', refused('too_much'), `media_too_large\n${MENU}`],
    ['document', refused('unsupported'), `media_unsupported\n${MENU}`],
    ['document', refused('encrypted'), `media_encrypted\n${MENU}`],
    ['document', refused('broken'), `media_broken\n${MENU}`],
    ['document', refused('gone'), `media_broken\n${MENU}`],
    ['document', refused('untrusted'), `media_broken\n${MENU}`],
    ['photo', refused('not_received'), `media_not_received\n${MENU}`],
    ['voice', refused('not_received'), `media_not_received\n${MENU}`],
    ['photo', { status: 'unavailable', reason: 'timeout' }, `media_kept\n${MENU}`],
    ['video', { status: 'stored' }, `media_kept\n${MENU}`],
    ['voice', { status: 'stored' }, `voice_kept\n${MENU}`],
    ['audio', { status: 'unavailable', reason: 'refused' }, `voice_kept\n${MENU}`],
  ])('%s, %j', (kind, outcome, reply) => {
    expect(seen(read(media(kind), [outcome]))).toEqual([reply]);
  });

  test.each([{ caption: ' ' }, { caption: 'Merci !' }])('%j asks nothing', (caption) => {
    expect(seen(read(media('photo', caption), [kept()]))).toEqual(['document_read']);
  });

  test('what was read is told in a few words', () => {
    const texts = desk.languages.get('fr')?.texts;
    expect(texts).toBeDefined();
    const decision = read(media('photo'), [kept('Attestation')]);
    expect(decision.session).toMatchObject({ documents: 1 });
    expect(decision.replies).toHaveLength(1);
  });
});

describe('a caption', () => {
  const asking = media('photo', { caption: 'Est-ce le bon papier ?' });

  test('is the first question about the file', () => {
    const decision = read(asking, [kept()]);
    expect(decision.asks).toEqual([
      { type: 'answer', question: { text: 'Est-ce le bon papier ?', language: 'fr', session: 's1' } },
    ]);
    expect(decision.replies).toEqual([]);
    expect(recorded(decision)).toEqual(['question']);
  });

  test.each<[string, Answer, boolean]>([
    ['its own document answers', { ...found, sources: [source({ own: true })] }, false],
    ['the documents of the desk answer', found, true],
    ['nothing answers', { status: 'abstained', suggestions: [{ title: 'Actes' }], confidence: 0 }, true],
  ])('says first that the file was read, unless the answer shows it: %s', (_, answer, told) => {
    const first = read(asking, [kept()]);
    const [ask] = first.asks;
    if (ask?.type !== 'answer') throw new Error('Nothing was asked.');
    const result = { type: 'answer', question: ask.question, answer } as const;
    const said = seen(decide(turn({ session: first.session }), { event: asking, result }, desk));
    expect(said).toHaveLength(1);
    expect(said[0]?.startsWith('document_received\n')).toBe(told);
  });

  test('of a file that cannot be read is answered once that is said', () => {
    const decision = read(asking, [refused('broken')]);
    expect(seen(decision)).toEqual(['media_broken']);
    expect(decision.asks).toEqual([
      { type: 'answer', question: { text: 'Est-ce le bon papier ?', language: 'fr' } },
    ]);
  });

  test('that is a word of the desk opens its page', () => {
    expect(seen(read(media('photo', { caption: 'menu' }), [kept()]))[0]).toMatch(/^Menu/);
  });
});

describe('the questions after a file', () => {
  test('name the session, so that its documents are searched', () => {
    expect(on(typed('Quel est le montant ?'), { session: { documents: 2 } }).asks).toMatchObject([
      { question: { session: 's1' } },
    ]);
    expect(on(typed('Quel est le montant ?')).asks).toEqual([
      { type: 'answer', question: { text: 'Quel est le montant ?', language: 'fr' } },
    ]);
  });

  test('count every document of the session', () => {
    expect(read(media('photo'), [kept(), kept()], { session: { documents: 3 } }).session.documents).toBe(5);
    expect(read(media('photo'), [refused('empty')]).session).not.toHaveProperty('documents');
  });
});

describe('a voice message', () => {
  const heard = (text: string): FileOutcome => ({ status: 'heard', text });

  test('is echoed, and answered as what was said', () => {
    const decision = read(media('voice'), [heard('Quel est le prix ?')]);
    expect(seen(decision)).toEqual(['voice_heard']);
    expect(decision.asks).toMatchObject([{ type: 'answer', question: { text: 'Quel est le prix ?' } }]);
  });

  test('may be a command, or the state of the service', () => {
    expect(seen(read(media('voice'), [heard('Menu')]))).toEqual([
      'voice_heard',
      expect.stringMatching(/^Menu/),
    ]);
    const event = media('voice');
    const asked = read(event, [heard('statut')]);
    expect(asked.asks).toEqual([{ type: 'health' }]);
    const result = { type: 'health', health: { ok: true, checkedAt: NOW }, at: NOW } as const;
    expect(seen(decide(turn({ session: asked.session }), { event, result }, desk))[0]).toContain('status_ok');
  });
});

describe('an album', () => {
  const photo = (more: object): InboundEvent => ({ kind: 'media', media: [{ kind: 'photo' }], ...more });

  test.each([
    ['told by the platform', { album: 'a' }, { album: 'a' }, true],
    ['another one', { album: 'a' }, { album: 'b' }, false],
    ['pictures that follow each other', { sentAt: NOW }, { sentAt: NOW + 4_000 }, true],
    ['in any order', { sentAt: NOW }, { sentAt: NOW - 2_000 }, true],
    ['pictures a while apart', { sentAt: NOW }, { sentAt: NOW + 6_000 }, false],
    [
      'a picture with a question of its own',
      { sentAt: NOW },
      { sentAt: NOW + 1_000, caption: 'Et lui ?' },
      false,
    ],
  ])('%s', (_, one, two, silent) => {
    const first = read(photo(one), [kept()]);
    expect(first.replies).toHaveLength(1);
    const next = on(photo(two), { session: first.session });
    expect(next).toMatchObject({ replies: [], asks: [{ type: 'files', silent }], counted: true });
    const second = read(photo(two), [kept()], { session: first.session });
    expect(second.session.documents).toBe(2);
    expect(second.replies.length + second.asks.length).toBe(silent ? 0 : 1);
  });

  test.each<[string, object, object]>([
    ['two documents', { kind: 'document' }, { kind: 'document' }],
    ['a picture after a document', { kind: 'document' }, { kind: 'photo' }],
    ['a document after a picture', { kind: 'photo' }, { kind: 'document' }],
  ])('%s a second apart are told each', (_, one, two) => {
    const file = (kind: object, sentAt: number): InboundEvent =>
      ({ kind: 'media', media: [kind], sentAt }) as InboundEvent;
    const first = read(file(one, NOW), [kept()]);
    const second = read(file(two, NOW + 1_000), [kept('Contrat')], { session: first.session });
    expect(seen(first)).toEqual(['document_read']);
    expect(seen(second)).toEqual(['document_also_read']);
  });

  test('a platform that tells of albums tells that two pictures are none', () => {
    const tells = { tellsAlbums: true } as const;
    const first = read(photo({ sentAt: NOW }), [kept()], tells);
    const second = read(photo({ sentAt: NOW + 1_000 }), [kept()], { ...tells, session: first.session });
    expect(seen(second)).toEqual(['document_also_read']);
  });

  test.each([{}, { album: 'a' }])(
    'a picture that is read after one that could not be is told: %j',
    (more) => {
      const first = read(photo({ sentAt: NOW, ...more }), [refused('empty')]);
      expect(seen(first)).toEqual([`media_empty\n${MENU}`]);
      const again = { session: first.session };
      const second = read(photo({ sentAt: NOW + 1_000, ...more }), [kept()], again);
      expect(seen(second)).toEqual(['document_read']);
      const third = read(photo({ sentAt: NOW + 2_000, ...more }), [kept()], { session: second.session });
      expect(seen(third)).toEqual([]);
    },
  );

  test('a second picture that cannot be read is told, once in an album', () => {
    const first = read(photo({ sentAt: NOW }), [kept()]);
    const again = { session: first.session };
    expect(seen(read(photo({ sentAt: NOW + 1_000 }), [refused('empty')], again))).toEqual([
      `media_empty\n${MENU}`,
    ]);
    const album = read(photo({ album: 'a' }), [kept()]);
    const broken = read(photo({ album: 'a' }), [refused('empty')], { session: album.session });
    expect(seen(broken)).toEqual([`media_empty\n${MENU}`]);
    expect(seen(read(photo({ album: 'a' }), [refused('empty')], { session: broken.session }))).toEqual([]);
  });

  test('two voice messages are two messages', () => {
    const first = read(media('voice'), [{ status: 'stored' }]);
    expect(seen(read(media('voice'), [{ status: 'stored' }], { session: first.session }))).toHaveLength(1);
  });
});

describe('a new session where nobody pressed Start', () => {
  const fresh = { newSession: true, greet: true };

  test('says who we are, and answers the first question', () => {
    const decision = on(typed('Quel prix ?'), fresh);
    expect(seen(decision)).toEqual(['welcome']);
    expect(decision.asks).toHaveLength(1);
  });

  test.each([
    ['a page is its own welcome', typed('Bonjour')],
    ['a word of thanks needs none', typed('Merci')],
  ])('%s', (_, event) => {
    expect(seen(on(event, fresh)).filter((it) => it === 'welcome')).toEqual([]);
  });

  test('greets before a file, never before one more picture of an album', () => {
    expect(seen(on(media('photo'), fresh))).toEqual(['welcome']);
    expect(seen(on(media('photo', { album: 'a' }), { ...fresh, session: { album: 'a' } }))).toEqual([]);
  });
});
