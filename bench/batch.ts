/**
 * Messages a second that WhatsApp's signed batches bring to disk, as a ratio to Telegram's updates in the same run.
 *   node bench/batch.ts [--seconds 6] [--connections 50] [--batch 10]
 * Both are stored and acknowledged without a turn (a status, a poll): the cost of receiving alone.
 */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, startProgram, stopPrograms } from './webhook/children.ts';
import { load, type LoadResult } from './webhook/load.ts';
import { startPlatform } from './webhook/platform.ts';
import { wideDesk } from './webhook/wide-desk.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '50' },
    batch: { type: 'string', default: '10' },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const size = Number(values.batch);
const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-'));
const SECRET = 'bench-only-f1ct1t10us-secret-0123456789';
const PHONE_ID = '100000000000001';

let count = 0;
const poll = (): string => {
  const update_id = ++count;
  return JSON.stringify({ update_id, poll: { id: String(update_id), question: 'x' } });
};
const batchOf = (statuses: number) => (): string =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '1',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '221330000000', phone_number_id: PHONE_ID },
              statuses: Array.from({ length: statuses }, () => ({
                id: `wamid.${String(++count).padStart(40, '0')}`,
                status: 'delivered',
                timestamp: '1795000000',
                recipient_id: '221770000001',
              })),
            },
          },
        ],
      },
    ],
  });
const signed = (body: string): Record<string, string> => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
});

const rate = (result: LoadResult): number => result.accepted / result.seconds;
const show = (value: number): string => Math.round(value).toLocaleString('en');

const platform = await startPlatform();
try {
  const port = await freePort();
  const product = await startProgram('product.ts', [], {
    PORT: String(port),
    HOST: '127.0.0.1',
    GUICHET_DESK: wideDesk(folder),
    GUICHET_DATA: join(folder, 'data'),
    TELEGRAM_TOKEN: '1000002:FICTITIOUS-TOKEN-OF-THE-WEBHOOK-BENCH',
    TELEGRAM_API_ROOT: platform.url,
    WEBHOOK_URL: `http://127.0.0.1:${String(port)}`,
    WEBHOOK_SECRET: SECRET,
    WHATSAPP_TOKEN: 'FICTITIOUS-TOKEN-OF-THE-BATCH-BENCH',
    WHATSAPP_PHONE_ID: PHONE_ID,
    WHATSAPP_APP_SECRET: SECRET,
    WEBHOOK_VERIFY_TOKEN: SECRET,
    WHATSAPP_API_ROOT: platform.url,
  });
  const at = { port: product.port, connections, seconds };
  const telegram = {
    ...at,
    path: '/api/v1/telegram/webhook',
    headers: { 'x-telegram-bot-api-secret-token': SECRET },
    body: poll,
  };
  const whatsapp = { ...at, path: '/webhook/whatsapp', headers: {}, headersOf: signed };
  await load({ ...telegram, seconds: 1 });
  await load({ ...whatsapp, seconds: 1, body: batchOf(1) });

  const theirs = rate(await load(telegram));
  const single = await load({ ...whatsapp, body: batchOf(1) });
  const batch = await load({ ...whatsapp, body: batchOf(size) });
  const rows = [
    ['Telegram, durable updates/s', show(theirs)],
    [
      'WhatsApp, signed, one message a request, messages/s',
      `${show(rate(single))}   ÷ Telegram ${(rate(single) / theirs).toFixed(2)}   refused ${String(single.refused)}`,
    ],
    [
      `WhatsApp, signed, ${String(size)} messages a request, messages/s`,
      `${show(rate(batch) * size)}   ÷ Telegram ${((rate(batch) * size) / theirs).toFixed(2)}   ${show(rate(batch))} requests/s   ack p50/p99 ${batch.p50.toFixed(0)}/${batch.p99.toFixed(0)} ms   refused ${String(batch.refused)}`,
    ],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
} finally {
  stopPrograms();
  platform.close();
  rmSync(folder, { recursive: true, force: true });
}
