import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { startChild } from '../support/child.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort, somebodyOnWhatsApp, startWhatsApp, whatsappEnvironment } from '../support/product.ts';
import { wideDesk } from './wide-desk.ts';

/** GUICHET_KILLS=200 for a night. */
const KILLS = Number(process.env['GUICHET_KILLS'] ?? 5);
const PEOPLE = 40;

test(
  `${KILLS} kill -9 during WhatsApp traffic: nothing is lost, and statuses settle what the crash left open`,
  async () => {
    const simulator = await startWhatsApp({ timeScale: 0.02 });
    // Calls long enough to be cut off, and events spread over batches.
    simulator.faults.set({ latencyMs: 20, batch: 5, duplicateWebhooks: 0.2 });
    const data = join(temporaryFolder(), 'data');
    const port = String(await freePort());
    const env = {
      PORT: port,
      HOST: '127.0.0.1',
      GUICHET_DESK: wideDesk(),
      GUICHET_DATA: data,
      ...whatsappEnvironment(simulator),
    };
    const people = Array.from({ length: PEOPLE }, () => somebodyOnWhatsApp());
    let child = startChild(env);
    await child.ready();
    await simulator.subscribe(`http://127.0.0.1:${port}/webhook/whatsapp`);

    let each = 0;
    let talking = true;
    const talk = (async () => {
      while (talking) {
        for (const person of people) simulator.phone.text(person, '/menu');
        each++;
        await new Promise((resolve) => setTimeout(resolve, 700));
      }
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 500));
      await child.kill();
      child = startChild(env);
      await child.ready();
    }
    talking = false;
    await talk;

    const total = each * PEOPLE;
    const db = (): DatabaseSync => new DatabaseSync(join(data, 'guichet.db'), { readOnly: true });
    const number = (sql: string): number => {
      const open = db();
      const [value] = Object.values(open.prepare(sql).get() ?? {});
      open.close();
      return Number(value);
    };
    const settled = "select count(*) from outbox where state = 'sent' and delivery >= 2";
    await expect.poll(() => number(settled), { timeout: 150_000, interval: 500 }).toBe(total);
    await simulator.waitFor(() => simulator.state.pendingWebhooks().length === 0, 60_000);
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);

    const received = people.map((person) => simulator.state.botMessages(person.wa_id).length);
    const repeated = received.reduce((sum, n) => sum + n, 0) - total;
    expect(Math.min(...received)).toBeGreaterThanOrEqual(each);
    // The platform tells what became of each call, so none is made twice.
    expect(repeated).toBe(0);
    expect(number("select count(*) from inbox where kind = 'text' and status = 'done'")).toBe(total);
    expect(number("select count(*) from inbox where status != 'done'")).toBe(0);
    expect(number("select count(*) from messages where direction = 'out'")).toBe(total);
    expect(number('select count(*) from outbox')).toBe(total);
    expect(simulator.state.violations).toEqual([]);
    console.log(
      JSON.stringify({ test: 'kill', on: 'whatsapp', kills: KILLS, updates: total, sentTwice: repeated }),
    );
  },
  300_000 + KILLS * 5000,
);
