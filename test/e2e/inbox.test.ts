import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readPeople } from '../../src/accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../../src/accounts/directory/import.ts';
import { newId } from '../../src/lib/ids.ts';
import { createSealer, generateKey } from '../../src/lib/seal.ts';
import type { Guichet } from '../../src/main.ts';
import { directoryTables } from '../../src/storage/directory.ts';
import { placeOf } from '../../src/storage/places.ts';
import { botSaid, somebody, somebodyOnWhatsApp, startOnWhatsApp, startProduct } from '../support/product.ts';
import { smallDesk } from '../support/small-desk.ts';

const KEY = generateKey().toString('hex');
const sealer = createSealer(Buffer.from(KEY, 'hex'));
const env = { GUICHET_KEY: KEY };
const ANSWER = 'Bonjour *Awa*,\n\nvenez samedi à 9 h.';

interface House {
  guichet: Guichet;
  data: string;
  desk: string;
}

/** A command of staff while this process serves; `input`: its standard input. */
async function command(
  { desk, data }: Pick<House, 'desk' | 'data'>,
  args: string[],
  input = '',
): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, ['src/cli/guichet.ts', ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GUICHET_DESK: desk,
      GUICHET_DATA: data,
      GUICHET_KEY: KEY,
      TELEGRAM_TOKEN: `700000001:${'A'.repeat(35)}`,
    },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out };
}

/** A message left for staff by whoever wrote to this desk first. */
async function leave({ guichet: { store } }: House, seq = 1): Promise<number> {
  const { id, person_id } = await store.db
    .selectFrom('conversations')
    .select(['id', 'person_id'])
    .executeTakeFirstOrThrow();
  const place = `staff_messages|body|${String(seq)}|7`;
  await store.db
    .insertInto('staff_messages')
    .values({
      ...{ person_id, conversation_id: id, kind: 'message', place, at: 1 },
      body_sealed: sealer.seal(JSON.stringify({ text: 'Puis-je avoir un rendez-vous ?' }), place),
    })
    .execute();
  return seq;
}

const waiting = (guichet: Guichet) =>
  guichet.store.db.selectFrom('staff_messages').select(['reply', 'handled_at']).execute();
const looks = (guichet: Guichet) =>
  guichet.store.db.selectFrom('phone_access_log').select(['account_id', 'reason']).execute();

async function onTelegram(desk = smallDesk()) {
  const { guichet, data, simulator, logged } = await startProduct({ desk, env });
  const awa = somebody('Awa');
  const house = { guichet, data, desk };
  return { ...house, house, simulator, logged, awa };
}

describe('a reply of staff', () => {
  test('arrives where the message came from, as written, once; the message is dealt with and the reply in the history', async () => {
    const { house, guichet, simulator, awa, logged } = await onTelegram();
    simulator.phone.text(awa, "Combien coûte l'abonnement ?");
    await botSaid(simulator, awa, 1);
    await guichet.pipeline.idle();
    await leave(house);
    const list = await command(house, ['inbox']);
    expect(list.out).toContain('#1  1970-01-01 00:00  message  Awa on telegram');
    expect(list.out).toContain('Reply: guichet inbox reply 1');

    const before = simulator.state.botMessages(awa.id).length;
    const done = await command(house, ['inbox', 'reply', '1'], ANSWER);
    expect(done).toEqual({ code: 0, out: 'Sent on telegram. Message 1 is dealt with.\n' });
    const said = simulator.state.botMessages(awa.id).slice(before);
    expect(said.map(({ text }) => text)).toEqual([
      'Médiathèque Exemple vous répond :\n\nBonjour *Awa*,\n\nvenez samedi à 9 h.'.replace(/^/, '💬 '),
    ]);
    expect(await waiting(guichet)).toMatchObject([
      { reply: 'sent', handled_at: expect.any(Number) as number },
    ]);
    const row = await guichet.store.db
      .selectFrom('messages')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    expect(sealer.open(row.body_sealed, placeOf('messages', 'body_sealed')({ ...row }))).toContain(
      'samedi à 9 h',
    );
    expect(row).toMatchObject({ direction: 'out', counted: 0 });
    await guichet.pipeline.tellLate();
    await guichet.pipeline.idle();
    expect(simulator.state.botMessages(awa.id)).toHaveLength(before + 1);

    expect((await command(house, ['inbox'])).out).toBe('Nothing waits for staff.\n');
    expect((await command(house, ['inbox', '--all'])).out).toContain(
      '→ Bonjour *Awa*,  venez samedi à 9 h. (sent)',
    );
    // A second word on the same matter, from the command line.
    expect((await command(house, ['inbox', 'reply', '1', 'À', 'samedi', '!'])).code).toBe(0);
    expect(simulator.state.botMessages(awa.id).at(-1)?.text).toContain('À samedi !');
    expect(logged.join('')).not.toMatch(/samedi|rendez-vous/);
  }, 60_000);

  test('to somebody who has blocked the bot: not sent, said, and the message still waits', async () => {
    const { house, guichet, simulator, awa } = await onTelegram();
    simulator.phone.text(awa, "Combien coûte l'abonnement ?");
    await botSaid(simulator, awa, 1);
    await leave(house);
    simulator.phone.block(awa);
    await expect
      .poll(() => guichet.store.db.selectFrom('conversations').select('unreachable_at').executeTakeFirst())
      .toMatchObject({ unreachable_at: expect.any(Number) as number });
    const done = await command(house, ['inbox', 'reply', '1', ANSWER]);
    expect(done.code).toBe(78);
    expect(done.out).toMatch(/Not sent: they have blocked us on telegram.*guichet inbox call 1.*still waits/);
    expect(await waiting(guichet)).toEqual([{ reply: 'unreachable', handled_at: null }]);
  }, 60_000);

  test('on WhatsApp outside the 24 hours: not sent, with what can be done; inside them it leaves', async () => {
    const desk = smallDesk();
    const { guichet, data, simulator } = await startOnWhatsApp({ desk, env });
    const house = { guichet, data, desk };
    const awa = somebodyOnWhatsApp('Awa');
    const heard = () =>
      simulator.state.botMessages(awa.user_id).filter(({ text }) => text.includes('samedi'));
    simulator.phone.text(awa, 'Bonjour');
    await simulator.waitFor(() => simulator.state.botMessages(awa.user_id).length > 0);
    await guichet.pipeline.idle();
    await leave(house);
    const saidAt = (at: number) =>
      guichet.store.db.updateTable('conversations').set({ last_inbound_at: at }).execute();
    await saidAt(Date.now() - 24 * 3600_000);
    const refused = await command(house, ['inbox', 'reply', '1', ANSWER]);
    expect(refused.code).toBe(78);
    expect(refused.out).toMatch(/within 24 hours.*guichet inbox call 1.*wait until they write again/);
    expect(heard()).toEqual([]);
    expect(await waiting(guichet)).toEqual([{ reply: 'outside_window', handled_at: null }]);
    expect((await command(house, ['inbox'])).out).toContain('(not sent: too long after their last message)');
    await saidAt(Date.now());
    expect((await command(house, ['inbox', 'reply', '1', ANSWER])).out).toContain('Sent on whatsapp');
    expect(heard()).toHaveLength(1);

    // WhatsApp vouches for the number it names; no account is needed.
    const call = await command(house, ['inbox', 'call', '1', '--reason', 'rendez-vous à fixer']);
    expect(call.out).toBe(`+${awa.wa_id ?? ''}\n`);
    expect(await looks(guichet)).toEqual([
      { account_id: null, reason: 'call about message 1: rendez-vous à fixer' },
    ]);
  }, 90_000);

  test('waits for a desk that does not run, once', async () => {
    const { house, guichet, simulator, awa, data, desk } = await onTelegram();
    simulator.phone.text(awa, "Combien coûte l'abonnement ?");
    await botSaid(simulator, awa, 1);
    await leave(house);
    await guichet.stop();
    const kept = await command(house, ['inbox', 'reply', '1', ANSWER]);
    expect(kept.out).toContain('Kept: it leaves once the desk runs with telegram');
    const again = await command(house, ['inbox', 'reply', '1', ANSWER]);
    expect(again).toMatchObject({
      code: 78,
      out: expect.stringContaining('waits to leave already') as string,
    });
    await startProduct({ desk, env, simulator, data });
    await simulator.waitFor(
      () => simulator.state.botMessages(awa.id).filter(({ text }) => text.includes('samedi')).length === 1,
      10_000,
    );
  }, 90_000);

  test('what is no message, no text or no reason is refused with a sentence', async () => {
    const { house, guichet, simulator, awa } = await onTelegram();
    simulator.phone.text(awa, "Combien coûte l'abonnement ?");
    await botSaid(simulator, awa, 1);
    await leave(house);
    for (const [args, says] of [
      [['inbox', 'reply', '9', 'bonjour'], 'There is no message 9'],
      [['inbox', 'reply', '1'], 'write 1 to 4000'],
      [['inbox', 'reply', '1', 'x'.repeat(4001)], 'has 4001 characters'],
      [['inbox', 'call', '1', '--reason', 'x'], '3 to 200 characters'],
      [['inbox', 'call', '9', '--reason', 'rappel'], 'There is no message 9'],
    ] as const) {
      const { code, out } = await command(house, [...args]);
      expect([code, out]).toEqual([78, expect.stringContaining(says)]);
    }
    expect(await looks(guichet)).toEqual([]);
    const call = await command(house, ['inbox', 'call', '1', '--reason', 'rappel']);
    expect(call).toMatchObject({
      code: 0,
      out: expect.stringContaining('No number of theirs is proven') as string,
    });
    expect(await looks(guichet)).toHaveLength(1);
  }, 60_000);
});

test('a parent whose account is active is named as in the directory, and called at the number they proved', async () => {
  const { house, guichet, simulator, awa, logged } = await onTelegram('desks/catechese');
  const lines = [
    'code_parent;nom;prenoms;lien;telephone;prenom_enfant',
    'P-1;FICTIF;Awa Marie;mère;77 000 00 01;Léo',
  ];
  const tables = directoryTables(guichet.store, sealer);
  const { people } = await readPeople(Buffer.from(lines.join('\n')));
  await applyPlan(tables, await planAgainst(tables, people), { newId, at: 1 });
  simulator.phone.text(awa, 'Bonjour');
  await botSaid(simulator, awa, 1);
  await guichet.pipeline.idle();
  await leave(house);
  expect((await command(house, ['inbox'])).out).toContain('Awa on telegram');
  simulator.phone.contact(awa, { phone: '+221770000001' });
  await expect
    .poll(() => guichet.store.db.selectFrom('user_accounts').select('status').execute(), { timeout: 8000 })
    .toEqual([{ status: 'active' }]);
  const list = await command(house, ['inbox']);
  expect(list.out).toContain('Awa Marie FICTIF on telegram');
  expect(list.out).not.toMatch(/Léo|770000001/);
  expect(await looks(guichet)).toEqual([]);
  expect((await command(house, ['inbox', 'call', '1', '--reason', 'rappel'])).out).toBe('+221770000001\n');
  expect(await looks(guichet)).toMatchObject([
    { account_id: expect.any(String) as string, reason: 'call about message 1: rappel' },
  ]);
  expect(logged.join('')).not.toMatch(/FICTIF|770000001/);
}, 60_000);

describe('words for a person, after the page that says whom to call', () => {
  const WORDS = 'Léo est malade samedi.';

  test('reach staff in one tap on Telegram', async () => {
    const { guichet, simulator, awa } = await onTelegram('desks/catechese');
    simulator.phone.text(awa, '/contact');
    await botSaid(simulator, awa, 1);
    await guichet.pipeline.idle();
    const before = simulator.state.botMessages(awa.id).length;
    simulator.phone.text(awa, WORDS);
    const said = await botSaid(simulator, awa, before + 1);
    expect(said.text).toContain('Voulez-vous que je transmette');
    const markup = said.reply_markup as { inline_keyboard: { callback_data: string }[][] };
    const id = markup.inline_keyboard.flat().find((each) => each.callback_data.startsWith('do:pass_on:'));
    simulator.phone.tap(awa, said.message_id, id?.callback_data ?? 'none');
    expect((await botSaid(simulator, awa, before + 2)).text).toContain('est transmis');
    await guichet.pipeline.idle();
    expect(await waiting(guichet)).toHaveLength(1);
  });

  test('reach staff on WhatsApp by a typed word', async () => {
    const { guichet, simulator } = await startOnWhatsApp({ desk: 'desks/catechese', env });
    const awa = somebodyOnWhatsApp();
    const all = () => simulator.state.botMessages(awa.wa_id);
    simulator.phone.text(awa, 'contact');
    await simulator.waitFor(() => all().length > 0);
    await guichet.pipeline.idle();
    const before = all().length;
    simulator.phone.text(awa, WORDS);
    await simulator.waitFor(() => all().length > before);
    await guichet.pipeline.idle();
    expect(
      all()
        .slice(before)
        .some(({ text }) => text.includes('Voulez-vous que je transmette')),
    ).toBe(true);
    simulator.phone.text(awa, 'oui');
    await simulator.waitFor(() => all().at(-1)?.text.includes('est transmis'));
    await guichet.pipeline.idle();
    expect(await waiting(guichet)).toHaveLength(1);
  });
});
