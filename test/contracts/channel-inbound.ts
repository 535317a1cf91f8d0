import fc from 'fast-check';
import { expect } from 'vitest';
import type { Incoming } from '../../src/channels/channel.ts';
import type { InboundEvent } from '../../src/message/event.ts';
import { plain } from '../../src/message/rich.ts';
import type { Rule } from './channel.ts';
import type { House, Webhook } from './channel-house.ts';

/** A genuine webhook, with what became of it. */
async function genuine(house: House): Promise<Webhook> {
  await house.after(() => house.person.says('Bonjour'));
  const webhook = await house.until(() => house.webhooks.at(-1));
  expect(webhook.status).toBe(200);
  return webhook;
}

async function refused(house: House, body: Buffer, headers: Record<string, string>): Promise<void> {
  const before = house.items.length;
  const { status, body: said } = await house.post(body, { 'content-type': 'application/json', ...headers });
  expect([400, 401, 403]).toContain(status);
  expect(house.items).toHaveLength(before);
  for (const secret of house.secrets) expect(said).not.toContain(secret);
}

const proofOf = (house: House, { headers }: Webhook): string => String(headers[house.proof]);

const authenticity: Rule[] = [
  {
    name: 'a webhook without its proof is refused',
    holds: async (house) => refused(house, (await genuine(house)).body, {}),
  },
  {
    name: 'a webhook with another proof is refused',
    async holds(house) {
      const webhook = await genuine(house);
      const proof = proofOf(house, webhook);
      const others = [
        proof.slice(0, -1),
        `${proof}0`,
        proof.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
        'x',
        '',
      ];
      for (const other of others) await refused(house, webhook.body, { [house.proof]: other });
    },
  },
  {
    name: 'a webhook with its proof twice is refused',
    async holds(house) {
      const webhook = await genuine(house);
      const proof = proofOf(house, webhook);
      await refused(house, webhook.body, { [house.proof]: `${proof}, ${proof}` });
    },
  },
  {
    name: 'a body written again on the way is refused',
    async holds(house) {
      const webhook = await genuine(house);
      const again = Buffer.from(JSON.stringify(JSON.parse(webhook.body.toString()), null, 1));
      await refused(house, again, { [house.proof]: proofOf(house, webhook) });
    },
  },
  {
    name: 'what is signed and no JSON is refused',
    async holds(house) {
      await genuine(house);
      for (const text of ['', 'x=1', '{"a":', '[]', '"x"', 'null']) {
        const body = Buffer.from(text);
        await refused(house, body, house.sign(body));
      }
      const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
      await refused(house, bytes, house.sign(bytes));
    },
  },
  {
    name: 'a genuine webhook is answered 200 with nothing in it',
    async holds(house) {
      const { body } = await genuine(house);
      expect(await house.post(body, house.sign(body))).toEqual({ status: 200, body: '' });
    },
  },
  {
    name: 'a webhook is recognised by its shape',
    async holds(house) {
      const { path, headers, body } = await genuine(house);
      const request = { method: 'POST', path, query: new URLSearchParams(), headers, body, remote: '::1' };
      expect(house.channel.recognises(request)).toBe(true);
      expect(house.channel.recognises({ ...request, headers: {} })).toBe(false);
    },
  },
  {
    name: 'the same update has the same key, another has another',
    async holds(house) {
      const { body } = await genuine(house);
      await house.post(body, house.sign(body));
      const [first, second] = house.items;
      expect(second?.dedupKey).toBe(first?.dedupKey);
      const other = await house.after(() => house.person.says('Bonjour à tous'));
      expect(other.dedupKey).not.toBe(first?.dedupKey);
    },
  },
  {
    name: 'what the platform delivers twice has one key',
    async holds(house) {
      house.deliversTwice();
      house.person.says('Bonjour');
      await house.until(() => house.items.length === 2);
      expect(new Set(house.items.map((item) => item.dedupKey)).size).toBe(1);
    },
  },
  {
    name: 'what cannot be stored now comes again',
    async holds(house) {
      house.answer = 'busy';
      house.person.says('Bonjour');
      await house.until(() => house.webhooks.some((webhook) => webhook.status === 503));
      house.answer = 'stored';
      const item = await house.until(() => house.items[0]);
      expect(house.read(item)).toMatchObject({ kind: 'text', text: 'Bonjour' });
    },
  },
];

/** What happens on the person's phone → the event that is made of it. */
const kinds: [
  name: string,
  act: (house: House) => void | Promise<void>,
  event: { kind: string } & Record<string, unknown>,
][] = [
  [
    'a text',
    ({ person }) => person.says('Quels documents ? 😀'),
    { kind: 'text', text: 'Quels documents ? 😀', addressed: true },
  ],
  ['a command', ({ person }) => person.says('/aide'), { kind: 'text', text: '/aide', addressed: true }],
  [
    'a tap',
    async (house) => {
      await house.after(() => house.person.says('menu'));
      await house.reply({ body: plain('Choisissez'), choices: [[{ id: 'taux', label: 'Taux' }]] });
      house.person.taps('taux');
    },
    { kind: 'tap', data: 'taux' },
  ],
  [
    'a button of a keyboard',
    async (house) => {
      await house.after(() => house.person.says('x'));
      await house.reply({ body: plain('Vous acceptez ?'), keyboard: { rows: [[{ label: '✅ Oui' }]] } });
      house.person.presses('✅ Oui');
    },
    { kind: 'text', text: '✅ Oui', addressed: true },
  ],
  [
    'their own number',
    async (house) => {
      await house.after(() => house.person.says('x'));
      await house.reply({
        body: plain('Votre numéro ?'),
        keyboard: { rows: [[{ label: 'Partager', asksPhone: true }]], once: true },
      });
      expect(house.screen.asksPhone()).toBe(true);
      house.person.sharesOwnNumber();
    },
    { kind: 'contact', own: true, phone: expect.stringMatching(/^\+221770000\d{3}$/) as string },
  ],
  [
    'somebody’s number',
    ({ person }) => person.sharesSomebodysNumber(),
    { kind: 'contact', own: false, phone: expect.stringMatching(/^\+?221770000\d{3}$/) as string },
  ],
  [
    'a photo with words',
    ({ person }) => person.sends('photo', { caption: 'Est-ce le bon formulaire ?' }),
    {
      kind: 'media',
      caption: 'Est-ce le bon formulaire ?',
      media: [{ kind: 'photo', ref: expect.any(String) as string }],
    },
  ],
  [
    'a document',
    ({ person }) => person.sends('document', { name: 'reçu.pdf' }),
    { kind: 'media', media: [{ kind: 'document', name: 'reçu.pdf', ref: expect.any(String) as string }] },
  ],
  ...(['voice', 'video', 'sticker'] as const).map((kind): (typeof kinds)[number] => [
    `a ${kind}`,
    ({ person }) => person.sends(kind),
    { kind: 'media', media: [{ kind, ref: expect.any(String) as string }] },
  ]),
  ['a place', ({ person }) => person.sends('location'), { kind: 'media', media: [{ kind: 'location' }] }],
  [
    'a text corrected',
    async (house) => {
      await house.after(() => house.person.says('Bonjou'));
      house.person.edits('Bonjour');
    },
    { kind: 'edited', text: 'Bonjour' },
  ],
  ['something unknown', ({ person }) => person.sendsTheUnknown(), { kind: 'other', direct: true }],
  [
    'two pictures sent together',
    ({ person }) => person.sendsTwoPicturesTogether(),
    { kind: 'media', album: expect.any(String) as string },
  ],
  [
    'a person who blocks us',
    async (house) => {
      await house.after(() => house.person.says('x'));
      house.person.blocks();
    },
    { kind: 'membership', state: 'blocked' },
  ],
];

const events: Rule[] = kinds.map(([name, act, expected]) => ({
  name: `reads ${name}`,
  async holds(house) {
    const item = await lastAfter(house, act);
    expect(item.unusable).toBeUndefined();
    expect(item.address).toEqual({
      channel: house.channel.name,
      account: house.channel.account,
      chat: house.person.chat,
      kind: 'private',
    });
    const event = house.read(item);
    expect(event.kind).toBe(expected.kind);
    expect(event).toMatchObject(expected);
    expect(event.kind).toBe(item.kind);
    expect(event.sender?.value).not.toBe('');
    if (item.signal) await house.send(item.signal);
  },
}));

async function lastAfter(house: House, act: (house: House) => void | Promise<void>): Promise<Incoming> {
  await act(house);
  // Several items come of an act that speaks first; the last one is what it is about.
  const quiet = async (): Promise<Incoming> => {
    const before = house.items.length;
    await new Promise((resolve) => setTimeout(resolve, 40));
    const last = house.items.filter((item) => item.status === undefined).at(-1);
    return last && house.items.length === before ? last : quiet();
  };
  await house.until(() => house.items.length > 0);
  return quiet();
}

const totality: Rule[] = [
  {
    name: 'a chat that moves says where',
    async holds(house) {
      await house.after(() => house.person.says('x'));
      let chat = '';
      const item = await house.after(() => (chat = house.person.moves()));
      expect(house.read(item)).toMatchObject({ kind: 'moved', chat });
    },
  },
  {
    name: 'reading is pure, and never fails on what was stored',
    async holds(house) {
      const { person } = house;
      const acts = [
        () => person.says('Bonjour'),
        () => person.sends('photo', { caption: 'x' }),
        () => person.sends('document'),
        () => person.sharesSomebodysNumber(),
        () => person.sendsTheUnknown(),
      ];
      for (const act of acts) await house.after(act);
      const bodies = house.webhooks.map((webhook) => webhook.body.toString());
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...bodies),
          fc.infiniteStream(fc.nat()),
          junk,
          async (body, dice, other) => {
            const raw = Buffer.from(JSON.stringify(mutated(JSON.parse(body), dice, other)) ?? '');
            const before = house.items.length;
            expect([200, 400]).toContain((await house.post(raw, house.sign(raw))).status);
            house.items.slice(before).forEach((item) => readsTwice(house, item));
          },
        ),
        { numRuns: 150 },
      );
    },
  },
];

function readsTwice(house: House, item: Incoming): void {
  if (item.unusable !== undefined || item.status || !item.address) return;
  const read = (): InboundEvent => house.read(item);
  expect(read()).toEqual(read());
  expect(read().kind).toBe(item.kind);
}

const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', 0, -1, 1e300, 'x'.repeat(5000), '\u0000', '__proto__', [], {}, '\ud800'),
);

/** The value with one place in it taken away or replaced. */
function mutated(value: unknown, dice: Iterator<number>, other: unknown): unknown {
  const roll = (sides: number): number => Number(dice.next().value) % sides;
  if (typeof value !== 'object' || value === null || roll(12) === 0) return roll(4) === 0 ? undefined : other;
  const keys = Object.keys(value);
  const at = keys[roll(Math.max(1, keys.length))];
  if (at === undefined) return other;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...value };
  Object.assign(copy, { [at]: mutated((value as Record<string, unknown>)[at], dice, other) });
  return copy;
}

export const inboundRules: Rule[] = [...authenticity, ...events, ...totality];
