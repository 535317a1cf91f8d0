import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUpdate, toIncoming, type Us } from './inbound.ts';

const us: Us = { id: 123456, username: 'GuichetDemoBot' };
const folder = new URL('fixtures/', import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(`${name}.json`, folder), 'utf8');

const awa = {
  scheme: 'user',
  value: '700000001',
  firstName: 'Awa',
  lastName: 'Démo',
  username: 'awa_demo',
  language: 'fr',
};
const at = { sentAt: 1_790_000_000_000 };
const said = { ...at, sender: awa, messageRef: '41' };
const privately = { channel: 'telegram', account: '123456', chat: '700000001', kind: 'private' };
const inGroup = { channel: 'telegram', account: '123456', chat: '-1000000000042', kind: 'group' };
const other = (what: string, direct: boolean): object => ({ ...said, kind: 'other', what, direct });
const text = (value: string, addressed = true): object => ({ ...said, kind: 'text', text: value, addressed });
const media = (kind: string, rest: object = {}): object => ({
  ...said,
  kind: 'media',
  media: [{ kind, ...rest }],
});
const contact = (phone: string, own: boolean): object => ({ ...said, kind: 'contact', phone, own });
const tap = { sender: awa, messageRef: '40', kind: 'tap' };

/** Fixture → its conversation and its event. */
const conversations: [name: string, address: object, event: object][] = [
  ['text-private', privately, text('Quel est le taux de cotisation ?')],
  ['command-private', privately, text('/start')],
  ['command-private-suffixed', privately, text('/aide merci')],
  [
    'text-hostile-name',
    privately,
    {
      ...said,
      sender: {
        scheme: 'user',
        value: '700000001',
        firstName: '<b>*_[x](tg://user?id=1)',
        username: 'awa_demo',
        language: 'fr',
      },
      kind: 'text',
      text: 'ab\nc',
      addressed: true,
    },
  ],
  [
    'text-without-from',
    privately,
    { ...at, messageRef: '41', kind: 'text', text: 'Bonjour', addressed: true },
  ],
  ['group-text-among-people', inGroup, text('On se voit demain ?', false)],
  ['group-command-plain', inGroup, text('/menu')],
  ['group-command-ours', inGroup, text('/Menu')],
  ['group-command-other-bot', inGroup, text('/menu@OtherDemoBot', false)],
  ['group-mention', inGroup, text('quel est le taux ?')],
  ['group-mention-inside', inGroup, text('Demande à @guichetdemobot !')],
  ['group-mention-longer-name', inGroup, text('Demande à @GuichetDemoBot2 ou contact@guichetdemobot', false)],
  ['group-mention-by-link', inGroup, text('Guichet, aide-nous')],
  ['group-reply-to-us', inGroup, text('Et pour la famille ?')],
  [
    'group-anonymous-admin',
    inGroup,
    { ...at, messageRef: '41', kind: 'text', text: '/menu', addressed: true },
  ],
  [
    'group-channel-post-copy',
    inGroup,
    { ...at, messageRef: '41', kind: 'other', what: 'not_a_person', direct: false },
  ],
  [
    'group-other-bot',
    inGroup,
    {
      ...at,
      messageRef: '41',
      sender: { scheme: 'user', value: '123999', firstName: 'Autre', isBot: true },
      kind: 'other',
      what: 'not_a_person',
      direct: false,
    },
  ],
  ['group-photo', inGroup, other('group_media', false)],
  [
    'group-photo-for-us',
    inGroup,
    { ...media('photo', { ref: 'AgPhoto' }), caption: 'est-ce le bon formulaire ?' },
  ],
  ['group-migrated', { ...inGroup, chat: '-4242' }, { ...said, kind: 'moved', chat: '-1000000004242' }],
  ['group-new-title', inGroup, other('new_chat_title', false)],
  [
    'photo-with-caption',
    privately,
    { ...media('photo', { ref: 'large', bytes: 150_000 }), caption: 'Est-ce le bon formulaire ?' },
  ],
  ['photo-of-album', privately, { ...media('photo', { ref: 'large' }), album: '13000000000000001' }],
  [
    'document',
    privately,
    media('document', { ref: 'BQdoc', name: 'attestationfdp.exe', mime: 'application/pdf', bytes: 20_480 }),
  ],
  ['voice', privately, media('voice', { ref: 'AwVoice', mime: 'audio/ogg', bytes: 8_123 })],
  ['audio', privately, media('audio', { ref: 'CQaudio', mime: 'audio/mpeg' })],
  ['video', privately, media('video', { ref: 'BAvideo' })],
  ['video-note', privately, media('video', { ref: 'DQnote' })],
  ['animation', privately, media('video', { ref: 'CgAnim' })],
  ['sticker', privately, media('sticker', { ref: 'CAsticker' })],
  ['location', privately, media('location')],
  ['venue', privately, media('location')],
  ['dice', privately, other('dice', true)],
  ['kind-of-the-future', privately, other('hologram', true)],
  ['contact-own', privately, contact('+221770000001', true)],
  ['contact-of-somebody-else', privately, contact('+221770000002', false)],
  ['contact-without-user', privately, contact('+221770000002', false)],
  ['contact-forwarded', privately, contact('+221770000001', false)],
  ['contact-edited', privately, { ...contact('+221770000001', false), sentAt: 1_790_000_005_000 }],
  ['contact-in-edited-message', privately, { ...said, sentAt: 1_790_000_005_000, kind: 'edited' }],
  ['contact-via-bot', privately, contact('+221770000001', false)],
  ['contact-in-group', inGroup, contact('+221770000001', false)],
  ['contact-without-number', privately, other('contact', true)],
  ['edited-text', privately, { ...said, sentAt: 1_790_000_060_000, kind: 'edited', text: 'Quel taux ?' }],
  ['tap', privately, { ...tap, data: 'cat_prestations', tapRef: '4382bfdwdsb323b2d9', editable: true }],
  [
    'tap-on-inaccessible-message',
    privately,
    { ...tap, data: 'menu', tapRef: '4382bfdwdsb323b2da', editable: false },
  ],
  [
    'tap-without-message',
    privately,
    { sender: awa, kind: 'tap', data: 'menu', tapRef: '4382bfdwdsb323b2db', editable: false },
  ],
  [
    'tap-on-a-game',
    privately,
    { sender: awa, messageRef: '40', kind: 'other', what: 'tap_without_data', direct: false },
  ],
  ['bot-blocked', privately, { ...at, sender: awa, kind: 'membership', state: 'blocked' }],
  ['bot-unblocked', privately, { ...at, sender: awa, kind: 'membership', state: 'joined' }],
  ['bot-added-to-group', inGroup, { ...at, sender: awa, kind: 'membership', state: 'joined' }],
  ['bot-removed-from-group', inGroup, { ...at, sender: awa, kind: 'membership', state: 'left' }],
  [
    'bot-promoted-in-group',
    inGroup,
    { ...at, sender: awa, kind: 'other', what: 'my_chat_member', direct: false },
  ],
];

/** Fixture → what it is, for updates of no conversation. */
const strays: [name: string, kind: string][] = [
  ['channel-post', 'channel_post'],
  ['business-message', 'business_message'],
  ['guest-message', 'guest_message'],
  ['poll', 'poll'],
  ['update-of-the-future', 'telepathy'],
  ['update-without-content', 'empty'],
];

describe('updates of a conversation', () => {
  test.each(conversations)('%s', (name, address, event) => {
    const raw = fixture(name);
    const updateId = Number(/"update_id": (\d+)/.exec(raw)?.[1]);
    expect(readUpdate(raw, us)).toEqual(event);
    const reading = toIncoming(raw, us);
    const tapRef =
      (event as { tapRef?: string }).tapRef ?? (name === 'tap-on-a-game' ? '4382bfdwdsb323b2dc' : undefined);
    expect(reading).toEqual({
      updateId,
      incoming: {
        dedupKey: String(updateId),
        address,
        kind: (event as { kind: string }).kind,
        payload: raw,
        ...(tapRef
          ? { signal: { method: 'answerCallbackQuery', params: { callback_query_id: tapRef } } }
          : {}),
      },
    });
  });

  test('before our username is known, a command for a named bot in a group is left alone', () => {
    expect(readUpdate(fixture('group-command-ours'), { id: 123456 })).toMatchObject({ addressed: false });
    expect(readUpdate(fixture('group-command-plain'), { id: 123456 })).toMatchObject({ addressed: true });
  });
});

test.each(strays)('%s belongs to no conversation', (name, kind) => {
  const raw = fixture(name);
  expect(toIncoming(raw, us)).toMatchObject({ incoming: { kind, payload: raw } });
  expect(toIncoming(raw, us)).not.toHaveProperty('incoming.address');
  expect(toIncoming(raw, us)).not.toHaveProperty('incoming.unusable');
  expect(readUpdate(raw, us)).toEqual({ kind: 'other', what: kind, direct: false });
});

test('every fixture is in a table', () => {
  const tested = [...conversations.map(([name]) => name), ...strays.map(([name]) => name)];
  expect(
    readdirSync(folder)
      .map((file) => file.replace('.json', ''))
      .sort(),
  ).toEqual(tested.sort());
});

const message = (fields: string): string => `{"update_id":5,"message":{${fields}}}`;
const sound = '"message_id":1,"date":1790000000,"chat":{"id":7,"type":"private"},"text":"x"';
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('bad input', () => {
  test.each([
    ['nothing', '', 'Invalid JSON'],
    ['not JSON', '{"update_id":', 'Invalid JSON'],
    ['not an object', '[1]', 'Invalid JSON'],
    ['a string', '"update_id"', 'Invalid JSON'],
    ['no update_id', '{"message":{}}', 'Missing update_id'],
    ['update_id in quotes', '{"update_id":"5"}', 'Missing update_id'],
    ['update_id null', '{"update_id":null}', 'Missing update_id'],
    ['fractional update_id', '{"update_id":1.5}', 'Missing update_id'],
    ['infinite update_id', '{"update_id":1e999}', 'Missing update_id'],
    ['update_id inherited only', '{"__proto__":{"update_id":5}}', 'Missing update_id'],
  ])('%s is refused', (_, raw, refused) => {
    expect(toIncoming(raw, us)).toEqual({ refused });
  });

  test.each([
    ['update_id beyond 2^53', '{"update_id":9007199254740993}', 'update_id is beyond 2^52'],
    ['update_id in exponent form', '{"update_id":1e3}', 'update_id is not an exact integer'],
    [
      'chat id beyond 2^53',
      message(sound.replace('"id":7', '"id":9007199254740993')),
      'id is not an exact integer',
    ],
    [
      'chat id beyond 2^52',
      message(sound.replace('"id":7', '"id":4503599627370497')),
      'message.chat.id is not an integer within 2^52',
    ],
    [
      'chat id in quotes',
      message(sound.replace('"id":7', '"id":"7"')),
      'message.chat.id is not an integer within 2^52',
    ],
    ['chat id fractional', message(sound.replace('"id":7', '"id":7.5')), 'id is not an exact integer'],
    [
      'chat id that rounds to an integer',
      message(sound.replace('"id":7', '"id":7.00000000000000000001')),
      'id is not an exact integer',
    ],
    ['chat missing', message('"message_id":1,"text":"x"'), 'message.chat.id is not an integer within 2^52'],
    [
      'message_id missing',
      message('"chat":{"id":7},"text":"x"'),
      'message.message_id is not an integer within 2^52',
    ],
    [
      'from.id missing, of a change of membership',
      '{"update_id":5,"my_chat_member":{"chat":{"id":7,"type":"private"},"from":{"first_name":"X"}}}',
      'my_chat_member.from.id is not an integer within 2^52',
    ],
    [
      'from.id of a tap fractional',
      '{"update_id":5,"callback_query":{"id":"9","from":{"id":7.5},"data":"x"}}',
      'id is not an exact integer',
    ],
    [
      'an id beside from.id fractional',
      message(`${sound},"from":{"id":7.5},"forward_origin":{"sender_user":{"id":8.5}}`),
      'id is not an exact integer',
    ],
    ['message is a list', '{"update_id":5,"message":[]}', 'message is not an object'],
    ['message is null', '{"update_id":5,"message":null}', 'message is not an object'],
    [
      'tap without id',
      '{"update_id":5,"callback_query":{"from":{"id":7},"data":"x"}}',
      'callback_query.id is not a usable string',
    ],
    [
      'tap without from',
      '{"update_id":5,"callback_query":{"id":"9","data":"x"}}',
      'callback_query.from.id is not an integer within 2^52',
    ],
    ['65 deep', message(`${sound},"x":${nested(63)}`), 'nested 65 deep, at most 64'],
    ['a hundred thousand deep', message(`${sound},"x":${nested(100_000)}`), 'nested 100002 deep, at most 64'],
  ])('%s is kept aside', (_, raw, unusable) => {
    expect(toIncoming(raw, us)).toMatchObject({ incoming: { payload: raw, unusable } });
    expect(toIncoming(raw, us)).not.toHaveProperty('incoming.address');
  });

  test.each([
    '700000001.5',
    '700000001.0000000000000000000001',
    '7.00000001e8',
    '"700000001"',
    '1e999',
    'null',
    '[]',
  ])('a card whose user_id is %s is a card of somebody else', (id) => {
    const raw = fixture('contact-own').replace('"user_id": 700000001', `"user_id": ${id}`);
    expect(toIncoming(raw, us)).toMatchObject({ incoming: { kind: 'contact', address: privately } });
    expect(toIncoming(raw, us)).not.toHaveProperty('incoming.unusable');
    expect(readUpdate(raw, us)).toEqual(contact('+221770000001', false));
  });

  describe.each([
    '700000001.5',
    '700000001.0000000000000000000001',
    '9007199254740993',
    '4503599627370497',
    '7.00000001e8',
    '"700000001"',
    '1e999',
    'null',
  ])('from.id is %s', (id) => {
    const from = (name: string): string =>
      fixture(name).replace(/("from": \{\s*)"id": 700000001/, `$1"id": ${id}`);

    test('a card is a card of somebody else, and nobody wrote it', () => {
      const raw = from('contact-own');
      expect(raw).toContain(`"id": ${id}`);
      expect(toIncoming(raw, us)).toMatchObject({ incoming: { kind: 'contact', address: privately } });
      expect(toIncoming(raw, us)).not.toHaveProperty('incoming.unusable');
      const event = readUpdate(raw, us);
      expect(event).toMatchObject({ kind: 'contact', own: false });
      expect(event).not.toHaveProperty('sender');
    });

    test('a text is not taken, and who reads the chat can be told so', () => {
      const event = readUpdate(from('text-private'), us);
      expect(event).toMatchObject({ kind: 'other', what: 'unknown_sender', direct: true });
      expect(event).not.toHaveProperty('sender');
    });
  });

  test('an id that was rounded never takes the place of a real update', () => {
    const keyOf = (raw: string): string => {
      const reading = toIncoming(raw, us);
      return 'incoming' in reading ? reading.incoming.dedupKey : '';
    };
    expect(keyOf('{"update_id":1e3}')).not.toBe(keyOf('{"update_id":1000}'));
    expect(keyOf('{"update_id":9007199254740993}')).not.toBe(keyOf('{"update_id":9007199254740992}'));
  });

  test.each([
    [
      'an exact negative group id',
      message(sound.replace('"id":7', '"id":-1001234567890123')),
      { chat: '-1001234567890123' },
    ],
    ['fractions where they belong', message(`${sound},"location":{"latitude":1.5}`), { chat: '7' }],
    ['64 deep', message(`${sound},"x":${nested(62)}`), { chat: '7' }],
    [
      'keys that name prototypes',
      message(`${sound},"__proto__":{"text":1},"constructor":{"prototype":{"id":9}}`),
      { chat: '7' },
    ],
    ['a chat of no type', message(sound.replace(',"type":"private"', '')), { chat: '7', kind: 'private' }],
    ['dates out of range', message(sound.replace('1790000000', '-5')), { chat: '7' }],
  ])('%s is usable', (_, raw, address) => {
    expect(toIncoming(raw, us)).toMatchObject({ incoming: { kind: 'text', address } });
    expect(toIncoming(raw, us)).not.toHaveProperty('incoming.unusable');
  });

  test.each([
    ['4,096 characters', 'é'.repeat(4096), 'é'.repeat(4096)],
    ['empty', '', ''],
    ['lone surrogates', 'a\\ud83d', 'a\ufffd'],
    ['NUL', 'a\\u0000b', 'ab'],
    ['right-to-left and emoji', '\u200fسلام 😀', '\u200fسلام 😀'],
  ])('a text: %s', (_, json, expected) => {
    expect(readUpdate(message(sound.replace('"x"', `"${json}"`)), us)).toMatchObject({
      kind: 'text',
      text: expected,
    });
  });

  const valid = conversations.map(([name]) => JSON.parse(fixture(name)) as Record<string, unknown>);
  const mutated = fc
    .tuple(
      fc.constantFrom(...valid),
      fc.array(fc.tuple(fc.nat(40), fc.jsonValue()), { minLength: 1, maxLength: 4 }),
    )
    .map(([update, changes]) => {
      let at = 0;
      const replacements = new Map(changes);
      return JSON.stringify(update, (_, value: unknown) =>
        replacements.has(at++) ? replacements.get(at - 1) : value,
      );
    });

  test('mutated updates are refused, kept aside or read: never a throw, and what is accepted can be read', () => {
    fc.assert(
      fc.property(mutated, (raw) => {
        const reading = toIncoming(raw, us);
        if ('refused' in reading) return;
        expect(reading.incoming.payload).toBe(raw);
        if (reading.incoming.unusable !== undefined) return;
        const event = readUpdate(raw, us);
        if (reading.incoming.address) expect(event.kind).toBe(reading.incoming.kind);
        expect(JSON.stringify(event).isWellFormed()).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('any text is refused or accepted without a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (raw) => {
        expect(toIncoming(raw, us)).toBeTypeOf('object');
      }),
    );
  });
});
