/**
 * Throughput of the webhook, as ratios to what bare `node:http` and grammY + SQLite do in the same run.
 *   node bench/webhook.ts [--seconds 6] [--connections 100]
 * Only ratios of one run count: the load generator shares the machine.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load, type LoadResult } from './webhook/load.ts';
import { startPlatform } from './webhook/platform.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '6' }, connections: { type: 'string', default: '100' } },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-'));
const SECRET = 'bench-only-f1ct1t10us-secret-0123456789';
const TOKEN = '1000002:FICTITIOUS-TOKEN-OF-THE-WEBHOOK-BENCH';
const PATH = '/api/v1/telegram/webhook';
const headers = { 'x-telegram-bot-api-secret-token': SECRET };

const children: ChildProcess[] = [];
const startedAt = new Map<number, number>();

async function start(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ port: number; child: ChildProcess; ms: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, 'bench/webhook', program), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`${program} stopped with ${String(code)}`));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /port (\d+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return { port, child, ms: performance.now() - began };
}

const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });

const rss = (child: ChildProcess): number => {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'latin1'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
};

/** Processor time used so far, all threads, in ms (clock ticks of 10 ms). */
const cpu = (child: ChildProcess): number => {
  const fields =
    readFileSync(`/proc/${String(child.pid)}/stat`, 'latin1')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

let updates = 0;
const CHATS = 5000;
const chatOf = (n: number): number => 800_000_000 + (n % CHATS);
const text =
  (words: string) =>
  (n: number): string => {
    const chat = chatOf(n);
    return JSON.stringify({
      update_id: ++updates,
      message: {
        message_id: updates,
        from: { id: chat, is_bot: false, first_name: 'Awa', language_code: 'fr' },
        chat: { id: chat, type: 'private', first_name: 'Awa' },
        date: Math.floor(Date.now() / 1000),
        text: words,
      },
    });
  };
/** Stored and done: the cost of the durable acknowledgement alone. */
const poll = (): string =>
  JSON.stringify({ update_id: ++updates, poll: { id: String(updates), question: 'x' } });

const rate = (result: LoadResult): number => result.accepted / result.seconds;
const show = (value: number): string => Math.round(value).toLocaleString('en');
const rows: [string, string][] = [];

const platform = await startPlatform();
async function drained(before: number, expected: number): Promise<number> {
  const give = performance.now() + 60_000;
  while (platform.messages - before < expected && performance.now() < give)
    await new Promise((r) => setTimeout(r, 20));
  return platform.messages - before;
}

try {
  const bare = await start('bare.ts', []);
  const limit = await load({
    port: bare.port,
    path: '/',
    headers: {},
    connections,
    seconds,
    body: text('/menu'),
  });
  await stop(bare.child);
  rows.push(['bare node:http, acks/s', show(rate(limit))]);

  const grammy = await start('grammy.ts', [join(folder, 'grammy.db'), platform.url, TOKEN, SECRET]);
  let before = platform.messages;
  let began = performance.now();
  let used = cpu(grammy.child);
  const theirs = await load({
    port: grammy.port,
    path: '/',
    headers,
    connections,
    seconds,
    body: text('/menu'),
  });
  let replies = await drained(before, theirs.accepted);
  const grammyRate = replies / ((platform.last - began) / 1000);
  const grammyCpu = (cpu(grammy.child) - used) / replies;
  await stop(grammy.child);
  rows.push([
    'grammY + SQLite FULL, replies/s',
    `${show(grammyRate)}   cpu ${grammyCpu.toFixed(2)} ms/reply   ack p50/p99 ${theirs.p50.toFixed(0)}/${theirs.p99.toFixed(0)} ms`,
  ]);

  const desk = join(folder, 'css');
  cpSync(join(root, 'desks/css'), desk, { recursive: true });
  const yaml = readFileSync(join(desk, 'desk.yaml'), 'utf8').replace(
    /^limits:[\s\S]*?(?=^\S|$(?![\s\S]))/m,
    '',
  );
  writeFileSync(
    join(desk, 'desk.yaml'),
    `${yaml}\nlimits: { messages_per_minute: 600, webhooks_per_minute: 1000000 }\n`,
  );
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const free = (probe.address() as AddressInfo).port;
      probe.close(() => {
        resolve(free);
      });
    });
  });
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    GUICHET_DESK: desk,
    GUICHET_DATA: join(folder, 'data'),
    TELEGRAM_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: platform.url,
    WEBHOOK_URL: `http://127.0.0.1:${port}`,
    WEBHOOK_SECRET: SECRET,
  };
  const first = await start('product.ts', [], env);
  await stop(first.child);
  const product = await start('product.ts', [], env);
  rows.push(['product, second start to listening', `${product.ms.toFixed(0)} ms`]);
  const at = { port: product.port, path: PATH, headers, connections };
  await new Promise((resolve) => setTimeout(resolve, 1500));
  rows.push(['RSS idle', `${rss(product.child)} MB`]);

  const acks = await load({ ...at, seconds, body: poll });
  rows.push([
    'product, durable acks/s (update without turn)',
    `${show(rate(acks))}   ÷ bare ${(rate(acks) / rate(limit)).toFixed(2)}   refused ${acks.refused}`,
  ]);

  before = platform.messages;
  began = performance.now();
  used = cpu(product.child);
  const menu = await load({ ...at, seconds, body: text('/menu') });
  replies = await drained(before, menu.accepted);
  const menuRate = replies / ((platform.last - began) / 1000);
  rows.push([
    'product, menu turn, replies/s',
    `${show(menuRate)}   ÷ grammY ${(menuRate / grammyRate).toFixed(1)}   cpu ${((cpu(product.child) - used) / replies).toFixed(2)} ms/reply   acks p50/p99 ${menu.p50.toFixed(0)}/${menu.p99.toFixed(0)} ms   accepted ${menu.accepted}, replied ${replies}, refused ${menu.refused}`,
  ]);
  rows.push(['RSS saturated', `${rss(product.child)} MB`]);

  const half = await load({ ...at, seconds, perSecond: menuRate / 2, body: text('/menu') });
  rows.push([
    `ack p50/p99 at half load (${show(menuRate / 2)}/s)`,
    `${half.p50.toFixed(1)} / ${half.p99.toFixed(1)} ms   refused ${half.refused}`,
  ]);
  await drained(before, menu.accepted + half.accepted);

  const latencies: number[] = [];
  platform.onMessage = (chat) => {
    const sent = startedAt.get(chat);
    if (sent !== undefined) latencies.push(performance.now() - sent);
  };
  const calm = text('/menu');
  await load({
    ...at,
    seconds,
    perSecond: 100,
    body: (n) => {
      startedAt.set(chatOf(n), performance.now());
      return calm(n);
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  platform.onMessage = undefined;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number): string =>
    (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1);
  rows.push([
    'webhook in → sendMessage out at 100/s, p50/p99',
    `${quantile(0.5)} / ${quantile(0.99)} ms   (${latencies.length} replies)`,
  ]);

  before = platform.messages;
  began = performance.now();
  const questions = await load({
    ...at,
    seconds,
    connections: 20,
    body: text('Quels documents pour les allocations familiales ?'),
  });
  replies = await drained(before, questions.accepted);
  rows.push([
    'product, question turn (desk css), replies/s',
    `${show(replies / ((platform.last - began) / 1000))}   refused ${questions.refused}`,
  ]);

  await stop(product.child);

  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
} finally {
  for (const child of children) child.kill('SIGKILL');
  platform.close();
  rmSync(folder, { recursive: true, force: true });
}
