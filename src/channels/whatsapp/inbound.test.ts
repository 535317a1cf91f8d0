import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Incoming } from '../channel.ts';
import { type Batch, readPayload, toBatch, type Us } from './inbound.ts';

const us: Us = { phoneId: '100000000000001', digest: (value) => `digest(${value.length})` };
const folder = new URL('fixtures/', import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(`${name}.json`, folder), 'utf8');

function batchOf(raw: string): Batch {
  const batch = toBatch(raw, us);
  if (typeof batch === 'string') throw new Error(batch);
  return batch;
}

function onlyItem(name: string): Incoming {
  const { items } = batchOf(fixture(name));
  const [item] = items;
  if (!item || items.length > 1) throw new Error('expected one item');
  return item;
}

const WAMID = 'wamid.HBgMMjIxNzcwMDAwMDAxFQIAEhgU';
const BSUID = 'SN.13491208655302741918';
const awa = { scheme: 'phone', value: '+221770000001', firstName: 'Awa Démo' };
const hidden = { scheme: 'bsuid', value: BSUID, firstName: 'Awa Démo', username: 'awa.demo' };
const nameless = { scheme: 'phone', value: '+221770000001' };
const at = { sentAt: 1_790_000_000_000 };
const said = { ...at, sender: awa, messageRef: WAMID };
const saidHidden = { ...said, sender: hidden };
const withPhone = { channel: 'whatsapp', account: '100000000000001', chat: '221770000001', kind: 'private' };
const withoutPhone = { ...withPhone, chat: BSUID };
const group = { ...withPhone, chat: 'Y2FwaV9ncm91cDox', kind: 'group' };
const QUESTION = 'Quel est le taux de cotisation ?';
const text = (value = QUESTION): object => ({ ...said, kind: 'text', text: value, addressed: true });
const tap = (data: string): object => ({ ...said, kind: 'tap', data, editable: false });
const media = (kind: string, rest: object = {}): object => ({
  ...said,
  kind: 'media',
  media: [{ kind, ...rest }],
});
const other = (what: string, direct: boolean): object => ({ ...said, kind: 'other', what, direct });
const contact = (own: boolean): object => ({ ...saidHidden, kind: 'contact', phone: '+221770000001', own });
const newPhone = { scheme: 'phone', value: '+221770000009' };
const newId = { scheme: 'bsuid', value: 'SN.2481' };
const before = { ...at, sender: { scheme: 'bsuid', value: BSUID } };

/** Fixture → its conversation and its event. */
const conversations: [name: string, address: object, event: object][] = [
  ['text', withPhone, text()],
  ['text-in-reply', withPhone, text('Et pour deux ?')],
  [
    'text-with-both-ids',
    withPhone,
    {
      ...text(),
      sender: { ...awa, username: 'awa.demo', aliases: [{ scheme: 'bsuid', value: BSUID }] },
    },
  ],
  ['text-without-phone', withoutPhone, { ...text(), sender: hidden }],
  ['text-without-profile', withPhone, { ...text(), sender: nameless }],
  ['text-of-somebody-else-in-contacts', withPhone, { ...text(), sender: nameless }],
  ['text-hostile-name', withPhone, { ...text('ab\nc'), sender: { ...awa, firstName: '*Awa* _x_' } }],
  ['text-without-body', withPhone, other('text', true)],
  ['button-reply', withPhone, tap('cat_prestations')],
  ['list-reply', withPhone, tap('ask:1a2b3c4d')],
  ['keyboard-reply', withPhone, text('✅ J’accepte')],
  ['flow-reply', withPhone, other('nfm_reply', true)],
  ['template-button', withPhone, tap('menu')],
  ['template-button-without-payload', withPhone, tap('Menu')],
  [
    'image-with-caption',
    withPhone,
    {
      ...media('photo', { ref: '300000000000001', mime: 'image/jpeg' }),
      caption: 'Est-ce le bon formulaire ?',
    },
  ],
  [
    'document',
    withPhone,
    media('document', { ref: '300000000000002', name: 'attestationfdp.exe', mime: 'application/pdf' }),
  ],
  ['voice-note', withPhone, media('voice', { ref: '300000000000003', mime: 'audio/ogg; codecs=opus' })],
  ['audio', withPhone, media('audio', { ref: '300000000000004', mime: 'audio/mpeg' })],
  ['video', withPhone, media('video', { ref: '300000000000005', mime: 'video/mp4' })],
  ['sticker', withPhone, media('sticker', { ref: '300000000000006', mime: 'image/webp' })],
  ['location', withPhone, media('location')],
  ['contact-requested', withoutPhone, contact(true)],
  ['contact-requested-marked-on-the-message', withoutPhone, contact(true)],
  ['contact-requested-but-forwarded', withoutPhone, contact(false)],
  ['contact-requested-with-two-cards', withoutPhone, contact(false)],
  ['contact-requested-without-account', withoutPhone, { ...contact(false), phone: '+221 77 000 00 01' }],
  ['contact-shared', withPhone, { ...said, kind: 'contact', phone: '+221770000002', own: false }],
  ['contact-without-number', withPhone, other('contacts', true)],
  ['reaction', withPhone, other('reaction', false)],
  ['reaction-removed', withPhone, other('reaction', false)],
  ['order', withPhone, other('order', true)],
  ['unsupported', withPhone, other('unsupported', true)],
  ['kind-of-the-future', withPhone, other('hologram', true)],
  ['kind-with-a-strange-name', withPhone, other('unknown', true)],
  ['edited-text', withPhone, { ...said, kind: 'edited', text: 'Quel taux ?' }],
  ['revoked', withPhone, other('revoke', false)],
  ['chat-opened', withPhone, other('request_welcome', false)],
  [
    'number-changed',
    withPhone,
    { ...said, sender: nameless, kind: 'moved', chat: '221770000009', identity: newPhone },
  ],
  ['number-changed-without-number', withPhone, { ...other('system', false), sender: nameless }],
  ['identity-changed', withPhone, { ...other('system', false), sender: nameless }],
  [
    'id-changed',
    withoutPhone,
    { ...before, messageRef: WAMID, kind: 'moved', chat: 'SN.2481', identity: newId },
  ],
  [
    'id-changed-told-in-words',
    withoutPhone,
    { ...before, messageRef: WAMID, kind: 'moved', chat: 'SN.2481', identity: newId },
  ],
  [
    'id-changed-of-a-known-phone',
    withPhone,
    {
      ...said,
      sender: { ...nameless, aliases: [{ scheme: 'bsuid', value: BSUID }] },
      kind: 'moved',
      chat: '221770000001',
      identity: newId,
    },
  ],
  ['id-update', withoutPhone, { ...before, kind: 'moved', chat: 'SN.2481', identity: newId }],
  [
    'id-update-of-a-known-phone',
    withPhone,
    {
      ...at,
      sender: { ...awa, aliases: [{ scheme: 'bsuid', value: BSUID }] },
      kind: 'moved',
      chat: '221770000001',
      identity: newId,
    },
  ],
  ['group-text', group, { ...text(), addressed: false }],
  ['group-image', group, other('group_message', false)],
];

const sent = { messageRef: 'wamid.SORTANT', at: 1_790_000_003_000 };
const ours = { ...sent, reference: 'outbox-1' };

/** Fixture → the fate of one of our messages. */
const statuses: [name: string, status: object][] = [
  ['status-sent', { ...ours, state: 'sent' }],
  ['status-delivered', { ...ours, state: 'delivered' }],
  ['status-read', { ...sent, state: 'read' }],
  ['status-played', { ...sent, state: 'read' }],
  [
    'status-failed-window',
    {
      ...ours,
      state: 'failed',
      error: {
        code: '131047',
        title:
          'Re-engagement message · Message failed to send because more than 24 hours have passed since [number] last replied.',
        policy: { retryable: false, outsideWindow: true },
      },
    },
  ],
  [
    'status-failed-undeliverable',
    {
      ...sent,
      state: 'failed',
      error: {
        code: '131026',
        title: 'Message undeliverable',
        policy: { retryable: false, unreachable: true },
      },
    },
  ],
  [
    'status-failed-without-reason',
    { ...sent, state: 'failed', error: { code: 'unknown', title: '', policy: { retryable: false } } },
  ],
];

/** Fixture → why it is kept aside. */
const unusable: [name: string, kind: string, why: string][] = [
  ['message-without-id', 'text', 'message without an id'],
  ['message-from-nobody', 'text', 'message from nobody'],
  ['message-from-a-strange-id', 'text', 'message from nobody'],
  ['id-update-without-ids', 'user_id_update', 'change of an id without the previous and the current one'],
  ['status-without-message', 'status', 'status without a message'],
  ['account-error', 'error', 'WhatsApp reports 131031: Account has been locked · Account locked'],
  ['other-object', 'foreign_object', 'it is not about a WhatsApp business account'],
];

describe('a message', () => {
  test.each(conversations)('%s', (name, address, event) => {
    const item = onlyItem(name);
    expect(item.unusable).toBeUndefined();
    expect(item.address).toEqual(address);
    const read = readPayload(item.payload, us.phoneId);
    expect(read).toEqual(event);
    expect(item.kind).toBe(read.kind);
    expect(item.dedupKey).not.toContain('wamid');
    expect(item.dedupKey).not.toContain('221770000001');
  });

  test.each(conversations)('%s is marked as read when somebody spoke to us', (name, _, event) => {
    const spoke =
      ('direct' in event && event.direct === true) ||
      ('addressed' in event && event.addressed === true) ||
      ('kind' in event && ['tap', 'media', 'contact'].includes(String(event.kind)));
    const params = { messaging_product: 'whatsapp', status: 'read', message_id: WAMID };
    expect(onlyItem(name).signal).toEqual(spoke ? { method: 'messages', params } : undefined);
  });
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
  'a kind called %s is one of the future, in a message and in a status',
  (name) => {
    const renamed = fixture('kind-of-the-future').replaceAll('hologram', name);
    const [item] = batchOf(renamed).items;
    const what = /^[a-z_]+$/.test(name) ? name : 'unknown';
    expect(readPayload(item?.payload ?? '', us.phoneId)).toEqual(other(what, true));
    const [status] = batchOf(fixture('status-sent').replace('"sent"', JSON.stringify(name))).items;
    expect(Object.keys(status ?? {}).sort()).toEqual(['dedupKey', 'kind', 'payload']);
  },
);

describe('a status', () => {
  test.each(statuses)('%s', (name, status) => {
    const item = onlyItem(name);
    expect(item).toMatchObject({ kind: 'status', status });
    expect(item.status).toEqual(status);
    expect(item).not.toHaveProperty('address');
    expect(item).not.toHaveProperty('unusable');
  });

  test('one of the future is acknowledged and changes nothing', () => {
    expect(Object.keys(onlyItem('status-of-the-future')).sort()).toEqual(['dedupKey', 'kind', 'payload']);
  });

  test('is known by its message and its state', () => {
    const keys = [
      'status-sent',
      'status-delivered',
      'status-read',
      'status-failed-window',
      'status-sent',
    ].map((name) => onlyItem(name).dedupKey);
    expect(new Set(keys).size).toBe(4);
  });
});

test.each(unusable)('%s is kept aside', (name, kind, why) => {
  const item = onlyItem(name);
  expect(item).toMatchObject({ kind, unusable: why });
  expect(item).not.toHaveProperty('address');
});

describe('a batch', () => {
  test('every entry, change, message, status and error counts, in the order of time', () => {
    const { items, foreign, ignored } = batchOf(fixture('batch'));
    const texts = items.filter((item) => item.address).map((item) => readPayload(item.payload, us.phoneId));
    expect(texts.map((event) => (event.kind === 'text' ? event.text : event.kind))).toEqual([
      'première',
      'd’une autre entrée',
      'deuxième',
      'troisième',
    ]);
    expect(texts.map((event) => event.sender?.firstName)).toEqual([
      'Awa Démo',
      undefined,
      'Modou',
      'Awa Démo',
    ]);
    expect(items.slice(4).map(({ kind, status }) => status?.state ?? kind)).toEqual([
      'sent',
      'failed',
      'error',
      'error',
    ]);
    expect(new Set(items.slice(4).map((item) => item.dedupKey)).size).toBe(4);
    expect([foreign, ignored]).toEqual([1, 1]);
  });

  test('about another number is dropped and counted', () => {
    expect(batchOf(fixture('other-number'))).toEqual({ items: [], foreign: 1, ignored: 0 });
  });

  test('about something else is acknowledged and counted', () => {
    expect(batchOf(fixture('other-field'))).toEqual({ items: [], foreign: 0, ignored: 1 });
  });

  test('twice the same gives the same keys', () => {
    const keys = (): string[] => batchOf(fixture('batch')).items.map((item) => item.dedupKey);
    expect(keys()).toEqual(keys());
  });

  test('nested without end is kept aside', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const raw = fixture('text').replace('"text": {', `"x": ${deep}, "text": {`);
    expect(batchOf(raw).items).toMatchObject([{ kind: 'unreadable', unusable: 'it is nested too deep' }]);
  });

  test.each(['', 'null', '1', '"x"', '[]', '{', 'object=whatsapp', '\ufeff{}'])('%j is refused', (raw) => {
    expect(toBatch(raw, us)).toBe('Invalid JSON');
  });

  test('whatever is in it, it never throws, and what it accepts can be read', () => {
    const names = readdirSync(folder).map((name) => name.replace('.json', ''));
    const bodies = names.map((name) => JSON.parse(fixture(name)) as unknown);
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('constructor', '__proto__', '221770000001'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.array(fc.tuple(fc.nat(), junk), { maxLength: 3 }),
        (body, changes) => {
          const copy = structuredClone(body);
          for (const [at, value] of changes) change(copy, at, value);
          const batch = toBatch(JSON.stringify(copy), us);
          if (typeof batch === 'string') return;
          for (const item of batch.items) {
            expect(item.dedupKey.length).toBeLessThan(200);
            if (item.address) expect(readPayload(item.payload, us.phoneId).kind).toBe(item.kind);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('every fixture is in a row', () => {
    const known = [...conversations, ...statuses, ...unusable].map(([name]) => name);
    const elsewhere = ['batch', 'other-field', 'other-number', 'status-of-the-future'];
    expect([...known, ...elsewhere].sort()).toEqual(
      readdirSync(folder)
        .map((name) => name.replace('.json', ''))
        .sort(),
    );
  });
});

test('a payload that is none of ours is refused', () => {
  expect(() => readPayload('nonsense', us.phoneId)).toThrow('not a message');
  expect(() => readPayload('{}', us.phoneId)).toThrow('from nobody');
});

/** Puts a value somewhere in a tree. */
function change(tree: unknown, at: number, value: unknown): void {
  const places: (() => void)[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      const holder = node as Record<string, unknown>;
      places.push(() => (holder[key] = value));
      visit(holder[key]);
    }
  };
  visit(tree);
  places[at % Math.max(1, places.length)]?.();
}
