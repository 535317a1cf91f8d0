/**
 * Accounts made a second, 100 people at once, as a ratio to a menu turn in the same run.
 *   node bench/accounts.ts [--people 2000]
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateKey, createSealer } from '../src/lib/seal.ts';
import { joinDataFolder } from '../src/storage/folder.ts';
import { directoryTables } from '../src/storage/directory.ts';
import { openStore } from '../src/storage/open.ts';
import { freePort, startProgram, stopPrograms } from './webhook/children.ts';
import { startPlatform } from './webhook/platform.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '2000' } } });
const PEOPLE = Number(values.people);
const AT_ONCE = 100;
const SECRET = 'bench-only-f1ct1t10us-secret-0123456789';
const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-'));
const key = generateKey();

const desk = join(folder, 'catechese');
cpSync(fileURLToPath(new URL('../desks/catechese', import.meta.url)), desk, { recursive: true });
const yaml = readFileSync(join(desk, 'desk.yaml'), 'utf8').replace(
  /^limits:[\s\S]*?(?=^\S|$(?![\s\S]))/m,
  '',
);
writeFileSync(
  join(desk, 'desk.yaml'),
  `${yaml}\nlimits: { messages_per_minute: 600, webhooks_per_minute: 1000000 }\n`,
);

const phoneOf = (n: number): string => `+2217700${String(10_000 + n).padStart(5, '0')}`;

async function fillDirectory(data: string): Promise<number> {
  const data_ = joinDataFolder(data, { desk: 'catechese', mode: 'live' }, key.toString('base64url'));
  const store = await openStore(data_.database, () => performance.now());
  const began = performance.now();
  await directoryTables(store, createSealer(key)).apply({
    put: Array.from({ length: PEOPLE }, (_, n) => ({
      id: `bench-${String(n)}`,
      json: JSON.stringify({
        code: `P-${String(n)}`,
        lastName: 'FICTIF',
        firstNames: `Parent ${String(n)}`,
        phones: [phoneOf(n)],
        children: [
          { lastName: 'FICTIF', firstNames: `Enfant ${String(n)}`, relation: 'mother', status: 'enrolled' },
        ],
      }),
      phones: [phoneOf(n)],
    })),
    remove: [],
    at: 1,
  });
  const ms = performance.now() - began;
  await store.close();
  return ms;
}

const platform = await startPlatform();
try {
  const port = await freePort();
  const data = join(folder, 'data');
  await startProgram('product.ts', [], {
    PORT: String(port),
    HOST: '127.0.0.1',
    GUICHET_DESK: desk,
    GUICHET_DATA: data,
    GUICHET_KEY: key.toString('hex'),
    TELEGRAM_TOKEN: '1000002:FICTITIOUS-TOKEN-OF-THE-WEBHOOK-BENCH',
    TELEGRAM_API_ROOT: platform.url,
    WEBHOOK_URL: `http://127.0.0.1:${String(port)}`,
    WEBHOOK_SECRET: SECRET,
  });
  const filled = await fillDirectory(data);

  let updates = 0;
  const update = (id: number, content: object): string =>
    JSON.stringify({
      update_id: ++updates,
      message: {
        message_id: updates,
        from: { id, is_bot: false, first_name: 'Awa', language_code: 'fr' },
        chat: { id, type: 'private', first_name: 'Awa' },
        date: Math.floor(Date.now() / 1000),
        ...content,
      },
    });
  const send = async (body: string): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${String(port)}/api/v1/telegram/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET },
      body,
    });
    if (answer.status !== 200) throw new Error(`refused with ${String(answer.status)}`);
    await answer.arrayBuffer();
  };

  /** `AT_ONCE` people wait for their reply at any moment. */
  const run = async (
    first: number,
    body: (n: number, id: number) => string,
  ): Promise<{ perSecond: number; p99: number }> => {
    const waiting = new Map<number, { at: number; done: () => void }>();
    const latencies: number[] = [];
    platform.onMessage = (chat) => {
      const one = waiting.get(chat);
      if (!one) return;
      waiting.delete(chat);
      latencies.push(performance.now() - one.at);
      one.done();
    };
    const began = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next < PEOPLE) {
          const n = next++;
          const id = first + n;
          const replied = new Promise<void>((done) => waiting.set(id, { at: performance.now(), done }));
          await send(body(n, id));
          await replied;
        }
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    latencies.sort((a, b) => a - b);
    return { perSecond: PEOPLE / seconds, p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0 };
  };

  const menu = await run(900_000_000, (_, id) => update(id, { text: '/aide' }));
  const accounts = await run(910_000_000, (n, id) =>
    update(id, { contact: { phone_number: phoneOf(n), first_name: 'Awa', user_id: id } }),
  );
  const show = (value: number): string => Math.round(value).toLocaleString('en');
  process.stdout.write(
    [
      `directory of ${show(PEOPLE)} people written in ${show(filled)} ms`,
      `first page of somebody new, 100 at once   ${show(menu.perSecond)}/s   p99 ${show(menu.p99)} ms`,
      `account made, 100 at once                 ${show(accounts.perSecond)}/s   p99 ${show(accounts.p99)} ms   ÷ page ${(accounts.perSecond / menu.perSecond).toFixed(2)}`,
      '',
    ].join('\n'),
  );
} finally {
  stopPrograms();
  platform.close();
  rmSync(folder, { recursive: true, force: true });
}
