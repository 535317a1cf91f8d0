import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  botSaid,
  push,
  somebody,
  startProduct,
  textUpdate,
  WEBHOOK_SECRET,
  type Product,
} from '../support/product.ts';

const SECRET = 'x-telegram-bot-api-secret-token';

describe('a webhook that is not authentic or not an update leaves no trace', () => {
  const deep = `{"update_id":1,"message":${'['.repeat(5000)}${']'.repeat(5000)}}`;
  const rows: { label: string; body: string | Buffer; headers?: Record<string, string>; status: number }[] = [
    { label: 'no secret', body: '{"update_id":1}', headers: {}, status: 400 },
    { label: 'wrong secret', body: '{"update_id":1}', headers: { [SECRET]: 'x'.repeat(40) }, status: 400 },
    {
      label: 'secret of 257 characters',
      body: '{"update_id":1}',
      headers: { [SECRET]: 'x'.repeat(257) },
      status: 400,
    },
    {
      label: 'doubled secret',
      body: '{"update_id":1}',
      headers: { [SECRET]: `${WEBHOOK_SECRET}, ${WEBHOOK_SECRET}` },
      status: 400,
    },
    { label: 'not JSON', body: 'bonjour', status: 400 },
    { label: 'empty body', body: '', status: 400 },
    { label: 'no update_id', body: '{"message":{}}', status: 400 },
    { label: 'an array', body: '[1]', status: 400 },
    { label: 'null', body: 'null', status: 400 },
    { label: 'more than 1 MiB', body: Buffer.alloc(1024 * 1024 + 1, 0x20), status: 413 },
    { label: 'authentic but 5,000 levels deep', body: deep, status: 200 },
  ];
  test('each row', async () => {
    const { guichet, url } = await startProduct();
    for (const { label, body, headers, status } of rows) {
      const answer = await push(url, body, headers);
      const text = await answer.text();
      expect(answer.status, label).toBe(status);
      expect(text, label).not.toContain(WEBHOOK_SECRET);
      if (status === 400) {
        expect(Object.keys(JSON.parse(text) as object).sort(), label).toEqual([
          'details',
          'error',
          'timestamp',
        ]);
      }
    }
    const inbox = await guichet.store.db.selectFrom('inbox').select(['status', 'error']).execute();
    expect(inbox.map((row) => row.status)).toEqual(['dead']);
  });

  test('sixty in a minute from one address; more are told to wait, and what is authentic still passes', async () => {
    const { url } = await startProduct();
    const codes: number[] = [];
    for (let n = 0; n < 62; n++) codes.push((await push(url, '{"update_id":1}', {})).status);
    expect(codes.filter((code) => code === 400)).toHaveLength(60);
    const more = await push(url, '{"update_id":1}', {});
    expect([more.status, Number(more.headers.get('retry-after')) <= 60]).toEqual([429, true]);
    expect((await push(url, JSON.stringify(textUpdate(somebody(), '/menu')))).status).toBe(200);
  });

  test('the other address answers 401 to a wrong secret, and takes the same updates', async () => {
    const { url, simulator } = await startProduct();
    const other = (headers: Record<string, string>, body: string) =>
      fetch(`${url}/webhook/telegram`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    expect((await other({}, '{"update_id":1}')).status).toBe(401);
    const awa = somebody();
    // The person writes through the phone once, so that the bot may answer.
    simulator.phone.text(awa, '/menu');
    await botSaid(simulator, awa, 1);
    const accepted = await other({ [SECRET]: WEBHOOK_SECRET }, JSON.stringify(textUpdate(awa, '/menu')));
    expect([accepted.status, await accepted.text()]).toEqual([200, '']);
    await botSaid(simulator, awa, 2);
  });
});

/** Sends an odd update, then `/menu`: the oddity must not crash, be refused, or hold back what follows in that chat. */
async function survives(
  product: Product,
  person: ReturnType<typeof somebody>,
  label: string,
  body: string,
): Promise<void> {
  const { url, simulator } = product;
  const before = simulator.state.botMessages(person.id).length;
  expect((await push(url, body)).status, label).toBe(200);
  await push(url, JSON.stringify(textUpdate(person, '/menu')));
  await simulator.waitFor(() =>
    simulator.state
      .botMessages(person.id)
      .slice(before)
      .some((message) => message.text.includes('Menu des catégories')),
  );
}

test('authentic oddities are acknowledged, and the next message of that chat is answered', async () => {
  const rate = { perSecond: 1000, perChatPerSecond: 1000, perGroupPerMinute: 1000 };
  const product = await startProduct({ overrides: { rate } });
  const rows: [string, (person: ReturnType<typeof somebody>) => string][] = [
    ['empty text', (p) => JSON.stringify(textUpdate(p, ''))],
    ['blank text', (p) => JSON.stringify(textUpdate(p, ' \n '))],
    ['4,096 characters', (p) => JSON.stringify(textUpdate(p, 'é'.repeat(4096)))],
    ['NUL and controls', (p) => JSON.stringify(textUpdate(p, 'a\u0000b\u0007 cotisation'))],
    ['lone surrogate', (p) => JSON.stringify(textUpdate(p, 'x')).replace('"x"', '"\\ud800 taux"')],
    [
      'id beyond 2^53',
      (p) => JSON.stringify(textUpdate(p, 'x')).replaceAll(`"id":${p.id}`, '"id":9007199254740993'),
    ],
    ['fractional id', (p) => JSON.stringify(textUpdate(p, 'x')).replaceAll(`"id":${p.id}`, '"id":1.5')],
    ['string id', (p) => JSON.stringify(textUpdate(p, 'x')).replaceAll(`"id":${p.id}`, `"id":"${p.id}"`)],
    [
      'no from',
      (p) =>
        JSON.stringify({
          ...textUpdate(p, 'x'),
          message: { message_id: 1, chat: { id: p.id, type: 'private' }, date: 1, text: 'x' },
        }),
    ],
    [
      'no chat',
      () => JSON.stringify({ update_id: 1_000_001, message: { message_id: 1, date: 1, text: 'x' } }),
    ],
    ['message is a list', () => '{"update_id":1000002,"message":[]}'],
    ['date 0', (p) => JSON.stringify(textUpdate(p, 'x', { date: 0 }))],
    ['negative date', (p) => JSON.stringify(textUpdate(p, 'x', { date: -1 }))],
    ['text is a number', (p) => JSON.stringify(textUpdate(p, 'x', { text: 42 }))],
    [
      'prototype keys',
      (p) =>
        JSON.stringify(textUpdate(p, 'x')).replace('"text"', '"__proto__":{"a":1},"constructor":{},"text"'),
    ],
    ['duplicate keys', (p) => JSON.stringify(textUpdate(p, 'x')).replace('"text"', '"text":"y","text"')],
    ['1e999', (p) => JSON.stringify(textUpdate(p, 'x')).replace(/"date":\d+/, '"date":1e999')],
    ['kind of the future', () => '{"update_id":1000003,"hologram":{"chat":{"id":1}}}'],
    ['poll', () => '{"update_id":1000004,"poll":{"id":"1","question":"?"}}'],
    [
      'tap without a message',
      (p) =>
        JSON.stringify({
          update_id: 1_000_005,
          callback_query: {
            id: '1',
            from: { id: p.id, is_bot: false, first_name: 'A' },
            chat_instance: '1',
            data: 'menu',
          },
        }),
    ],
    [
      'tap of a button that is gone',
      (p) =>
        JSON.stringify({
          update_id: 1_000_006,
          callback_query: {
            id: '2',
            from: { id: p.id, is_bot: false, first_name: 'A' },
            chat_instance: '1',
            data: 'nowhere',
            message: { message_id: 1, date: 0, chat: { id: p.id, type: 'private' } },
          },
        }),
    ],
    [
      'first name of 100 kB',
      (p) => JSON.stringify(textUpdate({ ...p, first_name: 'x'.repeat(100_000) }, '/start')),
    ],
  ];
  for (const [label, body] of rows) {
    const person = somebody();
    product.simulator.phone.text(person, '/menu');
    await botSaid(product.simulator, person, 1);
    await survives(product, person, label, body(person));
  }
  const dead = await product.guichet.store.db
    .selectFrom('inbox')
    .select('error')
    .where('status', '=', 'dead')
    .execute();
  expect(dead.length).toBeGreaterThan(3);
  for (const { error } of dead) expect(error).toBeTruthy();
}, 60_000);

test('neither the database nor the log holds a name, a text, an id or a secret in clear', async () => {
  const { simulator, guichet, data, logged } = await startProduct();
  const canary = {
    ...somebody('Canarine'),
    id: 712_345_678,
    last_name: 'Introuvable',
    username: 'canarine_test',
  };
  simulator.phone.text(canary, 'Ma question secrète parle de +221 77 000 00 01');
  await botSaid(simulator, canary, 1);
  simulator.phone.voice(canary);
  await botSaid(simulator, canary, 2);
  await guichet.pipeline.idle();
  const places = readdirSync(data)
    .filter((name) => name.startsWith('guichet.db'))
    .map((name) => [name, readFileSync(join(data, name), 'latin1')] as const);
  const clear = [
    'Canarine',
    'Introuvable',
    'canarine_test',
    '712345678',
    'question secr',
    '77 000 00 01',
    simulator.token,
    WEBHOOK_SECRET,
  ];
  for (const [place, content] of [...places, ['log', logged.join('\n')] as const]) {
    for (const secret of clear) expect(content.includes(secret), `${secret} in ${place}`).toBe(false);
  }
});
