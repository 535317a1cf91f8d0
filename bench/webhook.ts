/**
 * Throughput of the webhook, as ratios to what bare `node:http` and grammY + SQLite do in the same run.
 *   node bench/webhook.ts [--seconds 6] [--connections 100]
 * Only ratios of one run count: the load generator shares the machine.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, startProgram, stopProgram, stopPrograms } from './webhook/children.ts';
import { load, type LoadResult } from './webhook/load.ts';
import { startPlatform } from './webhook/platform.ts';
import { wideDesk } from './webhook/wide-desk.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '6' }, connections: { type: 'string', default: '100' } },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-'));
const SECRET = 'bench-only-f1ct1t10us-secret-0123456789';
const TOKEN = '1000002:FICTITIOUS-TOKEN-OF-THE-WEBHOOK-BENCH';
const PATH = '/api/v1/telegram/webhook';
const headers = { 'x-telegram-bot-api-secret-token': SECRET };

const startedAt = new Map<number, number>();

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
  const bare = await startProgram('bare.ts', []);
  const limit = await load({
    port: bare.port,
    path: '/',
    headers: {},
    connections,
    seconds,
    body: text('/menu'),
  });
  await stopProgram(bare.child);
  rows.push(['bare node:http, acks/s', show(rate(limit))]);

  const grammy = await startProgram('grammy.ts', [join(folder, 'grammy.db'), platform.url, TOKEN, SECRET]);
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
  await stopProgram(grammy.child);
  rows.push([
    'grammY + SQLite FULL, replies/s',
    `${show(grammyRate)}   cpu ${grammyCpu.toFixed(2)} ms/reply   ack p50/p99 ${theirs.p50.toFixed(0)}/${theirs.p99.toFixed(0)} ms`,
  ]);

  const desk = wideDesk(folder);
  const port = await freePort();
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
  const first = await startProgram('product.ts', [], env);
  await stopProgram(first.child);
  const product = await startProgram('product.ts', [], env);
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

  await stopProgram(product.child);

  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
} finally {
  stopPrograms();
  platform.close();
  rmSync(folder, { recursive: true, force: true });
}
