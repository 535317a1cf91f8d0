import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSealer, generateKey } from '../../src/lib/seal.ts';
import type { Guichet } from '../../src/main.ts';
import { startChild } from '../support/child.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  botSaid,
  environment,
  freePort,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
} from '../support/product.ts';
import { createTelegramSimulator } from '../../simulator/telegram/telegram.ts';
import { smallDesk } from '../support/small-desk.ts';

const KEY = generateKey().toString('hex');
const sealer = createSealer(Buffer.from(KEY, 'hex'));
const env = { GUICHET_KEY: KEY };
const ANSWER = 'Les **chiens guides** entrent partout ; les autres attendent dehors.';

/** Somebody on one platform. */
interface Asker {
  /** What the bot says to it, once all of it is there: so many messages more. */
  asks(text: string, more?: number): Promise<string[]>;
  /** Taps what the last message offers under this id. */
  taps(id: RegExp): void;
  /** Every message of the bot so far: reactions and edits are none. */
  heard(): string[];
  offers(): { id: string; label: string }[];
  /** An emoji on what they did. */
  reactions(): string[];
}

/** Who asked, and the number they wrote, however it is spaced. */
const NAMED = /Fatou|Démo|77\s?000\s?00\s?01/;

interface House {
  guichet: Guichet;
  data: string;
  desk: string;
  url: string;
  somebody(name: string): Asker;
}

async function onTelegram(): Promise<House> {
  const desk = smallDesk();
  const { guichet, data, url, simulator } = await startProduct({ desk, env });
  return {
    guichet,
    data,
    desk,
    url,
    somebody(name) {
      const user = somebody(name);
      const messages = () => simulator.state.botMessages(user.id);
      const offers = () => {
        const markup = messages().at(-1)?.reply_markup as
          { inline_keyboard?: { text: string; callback_data: string }[][] } | undefined;
        return (markup?.inline_keyboard ?? []).flat().map((it) => ({ id: it.callback_data, label: it.text }));
      };
      return {
        async asks(text, more = 1) {
          const before = messages().length;
          simulator.phone.text(user, text);
          await botSaid(simulator, user, before + more);
          return messages()
            .slice(before)
            .map((message) => message.text);
        },
        taps(id) {
          const choice = offers().find((each) => id.test(each.id));
          simulator.phone.tap(user, messages().at(-1)?.message_id ?? 0, choice?.id ?? `no ${String(id)}`);
        },
        heard: () => messages().map((message) => message.text),
        offers,
        reactions: () => [],
      };
    },
  };
}

async function onWhatsApp(): Promise<House> {
  const desk = smallDesk();
  const { guichet, data, url, simulator } = await startOnWhatsApp({ desk, env });
  return {
    guichet,
    data,
    desk,
    url,
    somebody(name) {
      const user = somebodyOnWhatsApp(name);
      const all = () => simulator.state.botMessages(user.user_id);
      const messages = () => all().filter(({ kind }) => kind !== 'reaction');
      const offers = () => {
        const last = messages().at(-1);
        const rows = last?.list?.sections.flatMap((section) => section.rows) ?? [];
        return [...(last?.buttons ?? []), ...rows].map(({ id, title }) => ({ id, label: title }));
      };
      return {
        async asks(text, more = 1) {
          const before = messages().length;
          // WhatsApp greets who writes for the first time.
          const greeting = before === 0 ? 1 : 0;
          simulator.phone.text(user, text);
          await simulator.waitFor(() => messages().length >= before + greeting + more, 8000);
          return messages()
            .slice(before + greeting)
            .map((message) => message.text);
        },
        taps(id) {
          const choice = offers().find((each) => id.test(each.id));
          simulator.phone.reply(user, messages().at(-1)?.id ?? '', choice?.id ?? `no ${String(id)}`);
        },
        heard: () => messages().map((message) => message.text),
        offers,
        reactions: () => all().flatMap((message) => (message.kind === 'reaction' ? [message.text] : [])),
      };
    },
  };
}

/** The commands of staff, on a desk that runs. */
function command(
  house: Pick<House, 'desk' | 'data'>,
  ...args: string[]
): { code: number | null; out: string } {
  const settings = {
    GUICHET_DESK: house.desk,
    GUICHET_DATA: house.data,
    GUICHET_KEY: KEY,
    TELEGRAM_TOKEN: `700000001:${'A'.repeat(35)}`,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/guichet.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, out: stdout + stderr };
}

function answerFile(): string {
  const file = join(temporaryFolder(), 'reponse.md');
  writeFileSync(file, `${ANSWER}\n`);
  return file;
}

const kept = (guichet: Guichet) =>
  guichet.store.db.selectFrom('questions').selectAll().orderBy('at').orderBy('id').execute();
const late = (asker: Asker): string[] => asker.heard().filter((each) => each.includes('chiens guides'));

describe.each([
  ['Telegram', onTelegram],
  ['WhatsApp', onWhatsApp],
])('on %s', (name, start) => {
  test('a vote is one per person and question, can change, says thanks without a message, and costs no limit', async () => {
    const house = await start();
    const awa = house.somebody('Awa');
    const [answer] = await awa.asks("Combien coûte l'abonnement ?");
    expect(answer).toContain('2 500 F');
    expect(awa.offers().map(({ label }) => label)).toEqual(['👍 Utile', '👎 Pas utile']);
    const before = awa.heard();
    for (let i = 0; i < 3; i++) awa.taps(/^up:/);
    await expect.poll(() => kept(house.guichet), { timeout: 8000 }).toMatchObject([{ vote: 1 }]);
    await house.guichet.pipeline.idle();
    expect(awa.heard()).toEqual(before);
    if (name === 'Telegram')
      expect(awa.offers().map(({ label }) => label)).toEqual(['✓ 👍 Utile', '👎 Pas utile']);
    else expect(awa.reactions()).toEqual(['👍', '👍', '👍']);

    awa.taps(/^down:/);
    await expect.poll(() => kept(house.guichet), { timeout: 8000 }).toMatchObject([{ vote: -1 }]);
    await expect.poll(() => awa.heard().length, { timeout: 8000 }).toBe(before.length + 1);
    expect(awa.heard().at(-1)).toContain('Merci de me');
    expect(awa.offers().map(({ id }) => id)).toContain('contact');

    const [row, ...others] = await kept(house.guichet);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ outcome: 'answered', document: 'emprunts', state: 'open' });
    expect(sealer.open(row?.text_sealed ?? new Uint8Array(), `questions|text|${row?.id ?? ''}`)).toBe(
      "Combien coûte l'abonnement ?",
    );
    const counted = await house.guichet.store.db
      .selectFrom('messages')
      .select((eb) => eb.fn.sum<number>('counted').as('n'))
      .executeTakeFirst();
    expect(counted?.n).toBe(1);
    const figures = await (await fetch(`${house.url}/metrics`)).text();
    expect(figures).toContain('guichet_answers_total{outcome="answered"} 1');
    expect(figures).toContain('guichet_votes_total{vote="up"} 1');
    expect(figures).toContain('guichet_votes_total{vote="down"} 1');
  }, 40_000);

  test("somebody else's vote changes nothing", async () => {
    const house = await start();
    const awa = house.somebody('Awa');
    const fatou = house.somebody('Fatou');
    await awa.asks("Combien coûte l'abonnement ?");
    await fatou.asks('Combien de livres ?');
    const [first] = await kept(house.guichet);
    await house.guichet.store.db
      .updateTable('questions')
      .set({ person_id: (await kept(house.guichet))[1]?.person_id ?? null })
      .where('id', '=', first?.id ?? '')
      .execute();
    awa.taps(/^up:/);
    await fatou.asks('Quels horaires ?');
    await house.guichet.pipeline.idle();
    expect((await kept(house.guichet)).map(({ vote }) => vote)).toEqual([0, 0, 0]);
  }, 30_000);

  test('what was not answered is grouped, answered once, searchable, and told once to each who asked', async () => {
    const house = await start();
    const [awa, fatou, marie, jean] = ['Awa', 'Fatou', 'Marie', 'Jean'].map((each) =>
      house.somebody(each),
    ) as [Asker, Asker, Asker, Asker];
    await awa.asks('Peut-on venir avec son chien ?');
    await fatou.asks('Je m’appelle Fatou Démo, puis-je venir avec mon chien ? Mon numéro : 77 000 00 01');
    await fatou.asks('venir avec un chien');
    await marie.asks('venir avec chien ?');
    await jean.asks('Vendez-vous des tomates ?');
    // Marie wants no announcements.
    const rows = await kept(house.guichet);
    const people = [...new Set(rows.map(({ person_id }) => person_id))];
    await house.guichet.store.db
      .updateTable('preferences')
      .set({ notifications: 0 })
      .where('person_id', '=', people[2] ?? '')
      .execute();

    const list = command(house, 'questions', 'list').out.split('\n');
    expect(list[0]).toMatch(/^\S+ +4× +3 people/);
    expect(list[1]).toContain('tomates');
    const [group = ''] = list[0]?.split(' ') ?? [];
    const shown = `${list.join('\n')}${command(house, 'questions', 'show', group).out}`;
    expect(shown).toContain('puis-je venir avec mon chien');
    expect(shown).not.toMatch(NAMED);
    const unread = command(
      house,
      ...['questions', 'answer', group, '--title', 'Peut-on venir avec un chien ?', '--body', answerFile()],
    );
    expect(unread).toMatchObject({ code: 78, out: expect.stringContaining('Nothing is done yet') as string });
    expect(unread.out).not.toMatch(NAMED);
    const before = [awa, fatou, marie, jean].map((each) => each.heard().length);

    const done = await meanwhile(
      house,
      ...[
        'questions',
        'answer',
        group,
        '--yes',
        '--title',
        'Peut-on venir avec un chien ?',
        '--body',
        answerFile(),
      ],
    );
    expect(done.out).toContain('2 told');
    expect(done.out).toContain('1 not told: they want no announcements');
    expect(done.out).not.toMatch(NAMED);
    expect(done.code).toBe(0);
    await expect
      .poll(() => [late(awa), late(fatou)].map((each) => each.length), { timeout: 8000 })
      .toEqual([1, 1]);
    expect(late(awa)[0]).toContain("Vous m'aviez demandé");
    expect(late(awa)[0]).toContain('Peut-on venir avec son chien ?');
    await house.guichet.pipeline.tellLate();
    await house.guichet.pipeline.idle();
    expect([awa, fatou, marie, jean].map((each) => each.heard().length)).toEqual(
      before.map((n, at) => n + (at < 2 ? 1 : 0)),
    );
    expect(command(house, 'questions', 'list').out).not.toContain('chien');
    expect(command(house, 'questions', 'answer', group, '--title', 'x', '--body', answerFile()).code).toBe(
      78,
    );

    // The server that runs has taken it up.
    await expect
      .poll(async () => (await marie.asks('Je peux amener mon chien ?')).join(), {
        timeout: 15_000,
        interval: 500,
      })
      .toContain('chiens guides');
    // The desk's own set goes on in the data folder, without what names somebody.
    const set = readFileSync(join(house.data, 'questions.jsonl'), 'utf8');
    expect(
      set
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ question: 'Peut-on venir avec un chien ?', answerable: true }),
      ]),
    );
    expect(set).not.toMatch(NAMED);

    // Thumbs under what came later.
    awa.taps(/^up:/);
    await expect.poll(async () => (await kept(house.guichet))[0]?.vote, { timeout: 8000 }).toBe(1);
  }, 90_000);
});

/** The same while this process serves. */
async function meanwhile(
  house: Pick<House, 'desk' | 'data'>,
  ...args: string[]
): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, ['src/cli/guichet.ts', ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GUICHET_DESK: house.desk,
      GUICHET_DATA: house.data,
      GUICHET_KEY: KEY,
      TELEGRAM_TOKEN: `700000001:${'A'.repeat(35)}`,
    },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, out };
}

test('a missed phrasing is attached to an entry there is, a group is put aside, and both stay so', async () => {
  const house = await onTelegram();
  const awa = house.somebody('Awa');
  await awa.asks('Peut-on venir avec son chien ?');
  await awa.asks('Vendez-vous des tomates ?');
  await house.guichet.pipeline.idle();
  const json = command(house, 'questions', 'export', '--json').out;
  const groups = JSON.parse(json) as { group: string; phrasings: string[] }[];
  const of = (word: string): string =>
    groups.find(({ phrasings }) => phrasings.join().includes(word))?.group ?? '';
  expect(command(house, 'questions', 'export').out).toContain('Vendez-vous des tomates ?');
  expect(command(house, 'questions', 'show', of('chien')).out).toContain('Nearest entries:\n  none');

  expect(command(house, 'questions', 'dismiss', of('tomates')).code).toBe(0);
  await awa.asks('vendez vous des tomates');
  await house.guichet.pipeline.idle();
  expect(command(house, 'questions', 'list').out).not.toContain('tomates');
  expect(command(house, 'questions', 'list', '--dismissed').out).toMatch(/ 2× /);

  expect(command(house, 'questions', 'attach', of('chien'), 'emprunts#9').out).toContain('There is no entry');
  const done = await meanwhile(house, 'questions', 'attach', of('chien'), 'emprunts#3', '--no-tell', '--yes');
  expect(done.out).toContain('Nobody is told.');
  await expect
    .poll(async () => (await awa.asks('Peut-on venir avec son chien ?')).join(), {
      timeout: 15_000,
      interval: 500,
    })
    .toContain('du mardi au samedi');
  const evaluated = command(house, 'eval', '--data');
  expect(evaluated).toMatchObject({ code: 0, out: expect.stringMatching(/inbox +1 +1 /) as string });
}, 60_000);

test('what the API could not answer waits too', async () => {
  const house = await onTelegram();
  const response = await fetch(`${house.url}/ask-question-ultra`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question: 'Peut-on venir avec son chien ?' }),
  });
  expect(response.status).toBe(404);
  await expect.poll(() => kept(house.guichet)).toMatchObject([{ channel: 'api', person_id: null }]);
  const [group = ''] = command(house, 'questions', 'list').out.split(' ');
  const done = command(
    house,
    'questions',
    'answer',
    group,
    '--yes',
    '--title',
    'Les chiens ?',
    '--body',
    answerFile(),
  );
  expect(done.out).toContain('Nobody is told.');
}, 60_000);

test('on WhatsApp nobody is written to when the 24 hours are over, and the operator reads why', async () => {
  const house = await onWhatsApp();
  const awa = house.somebody('Awa');
  await awa.asks('Peut-on venir avec son chien ?');
  await house.guichet.pipeline.idle();
  const [group = ''] = command(house, 'questions', 'list').out.split(' ');
  await house.guichet.store.db
    .updateTable('conversations')
    .set({ last_inbound_at: Date.now() - 24 * 3600_000 })
    .execute();
  const before = awa.heard().length;
  const done = await meanwhile(
    house,
    'questions',
    'answer',
    group,
    '--yes',
    '--title',
    'Les chiens ?',
    '--body',
    answerFile(),
  );
  expect(done.out).toContain('1 not told: the platform lets us write only soon after they wrote');
  await house.guichet.pipeline.idle();
  expect(awa.heard()).toHaveLength(before);
  expect(
    await house.guichet.store.db.selectFrom('outbox').select('id').where('lane', '=', 'broadcast').execute(),
  ).toEqual([]);
}, 60_000);

test('an answer that the platform took and did not bring is shown as not arrived, with the reason', async () => {
  const desk = smallDesk();
  const { guichet, data, simulator } = await startOnWhatsApp({ desk, env });
  const awa = somebodyOnWhatsApp();
  simulator.phone.text(awa, 'Peut-on venir avec son chien ?');
  await expect.poll(() => kept(guichet)).toHaveLength(1);
  await guichet.pipeline.idle();
  await simulator.waitFor(() => simulator.state.pendingWebhooks().length === 0);
  simulator.faults.set({ failStatus: [{ code: 131047 }] });
  const house = { guichet, desk, data };
  const [group = ''] = command(house, 'questions', 'list').out.split(' ');
  const answer = ['questions', 'answer', group, '--yes', '--title', 'Les chiens ?', '--body', answerFile()];
  expect((await meanwhile(house, ...answer)).code).toBe(0);
  const failed = () =>
    guichet.store.db.selectFrom('outbox').select('error').where('state', '=', 'failed').execute();
  await expect
    .poll(failed, { timeout: 8000 })
    .toMatchObject([{ error: expect.stringMatching(/^131047: /) as string }]);
  const shown = command(house, 'questions', 'show', group).out;
  expect(shown).toMatch(/not told: it did not arrive \(131047: \S.*\)/);
  expect(shown).not.toMatch(/· told/);
}, 60_000);

test('kill -9 between the answer of staff and its message: told once, and never again', async () => {
  const simulator = createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.05 });
  await simulator.start();
  onTestFinished(() => simulator.stop());
  const desk = smallDesk();
  const data = join(temporaryFolder(), 'data');
  const settings = { ...environment(simulator, { port: await freePort(), desk, data }), ...env };
  const awa = somebody('Awa');
  let child = startChild(settings);
  await child.ready();
  simulator.phone.text(awa, 'Peut-on venir avec son chien ?');
  await botSaid(simulator, awa, 1);
  const house = { desk, data };
  const [group = ''] = command(house, 'questions', 'list').out.split(' ');
  await child.kill();
  const done = command(
    house,
    'questions',
    'answer',
    group,
    '--yes',
    '--title',
    'Les chiens ?',
    '--body',
    answerFile(),
  );
  expect(done.out).toContain('1 to be told once the desk runs');
  for (let i = 0; i < 3; i++) {
    child = startChild(settings);
    await child.ready();
    await botSaid(simulator, awa, 2, 15_000);
    await child.kill();
  }
  child = startChild(settings);
  await child.ready();
  // Whatever waited would have left before this is answered.
  simulator.phone.text(awa, "Combien coûte l'abonnement ?");
  await simulator.waitFor(
    () => simulator.state.botMessages(awa.id).some(({ text }) => text.includes('2 500 F')),
    15_000,
  );
  const said = simulator.state.botMessages(awa.id).filter(({ text }) => text.includes('chiens guides'));
  expect(said).toHaveLength(1);
}, 90_000);
