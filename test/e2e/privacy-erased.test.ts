import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { botSaid, push, somebody, startProduct, textUpdate } from '../support/product.ts';
import { scanData } from '../support/scan.ts';
import { NAMES } from '../support/canary.ts';

/** The emulated bot. */
const BOT = '@guichet_demo_bot';

/** An answers API that answers only once it is let go. */
async function slowApi(): Promise<{ url: string; asked(): number; release(): void }> {
  const held: (() => void)[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/health') {
        response.end('{"status":"ok"}');
        return;
      }
      asked++;
      held.push(() => response.end(JSON.stringify({ answer: 'Voilà.', sources: ['guide'] })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked: () => asked,
    release: () => {
      for (const answer of held.splice(0)) answer();
    },
  };
}

test('a question under way in a group brings nothing back of who deletes everything meanwhile', async () => {
  const api = await slowApi();
  const { simulator, guichet, data } = await startProduct({ env: { CSS_API_URL: api.url } });
  const { db } = guichet.store;
  const who = somebody(NAMES[0]);
  const member = { ...who, chat: { id: -100_777, type: 'group' as const, title: 'Groupe Exemple' } };
  const ask = (words: string): number =>
    simulator.phone.text(member, `${BOT} ${words}`, {
      entities: [{ type: 'mention', offset: 0, length: BOT.length }],
    });
  ask('Où est le canari-premier ?');
  await simulator.waitFor(() => api.asked() === 1);
  api.release();
  await simulator.waitFor(() => simulator.state.botMessages(-100_777).length === 1);
  await guichet.pipeline.idle();
  ask('Et le canari-second ?');
  await simulator.waitFor(() => api.asked() === 2);

  simulator.phone.text(who, '/supprimer');
  await botSaid(simulator, who, 1);
  simulator.phone.text(who, 'CONFIRMER');
  expect((await botSaid(simulator, who, 2)).text).toContain("C'est fait");
  const [erased] = await db.selectFrom('persons').selectAll().execute();
  expect(erased).toBeUndefined();
  expect(scanData(data, ['canari-premier']).hits).toEqual([]);

  api.release();
  // Played again, as somebody we meet now: the question asked after the deletion is all we know of them.
  await simulator.waitFor(() => api.asked() === 3);
  api.release();
  await simulator.waitFor(() => simulator.state.botMessages(-100_777).length === 2);
  await guichet.pipeline.idle();
  expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
  expect(await db.selectFrom('messages').selectAll().where('direction', '=', 'in').execute()).toHaveLength(1);
  expect(scanData(data, ['canari-premier']).hits).toEqual([]);
}, 40_000);

test('updates set aside that name the person go too; those of others stay; a repeat is still a repeat', async () => {
  const { simulator, guichet, url, data } = await startProduct();
  const { db } = guichet.store;
  const who = somebody(NAMES[0]);
  const other = somebody('Voisine-Démo');
  simulator.phone.text(who, 'menu');
  await botSaid(simulator, who, 1);
  // Authentic, and of no use: its message has no id.
  await push(url, JSON.stringify(textUpdate(who, 'canari-rebut', { message_id: 'x' })));
  await push(url, JSON.stringify(textUpdate(other, 'rebut-voisin', { message_id: 'x' })));
  const update = JSON.stringify(textUpdate(who, '/supprimer'));
  await push(url, update);
  await botSaid(simulator, who, 2);
  expect(scanData(data, ['canari-rebut']).hits).not.toEqual([]);
  await push(url, JSON.stringify(textUpdate(who, 'CONFIRMER')));
  await botSaid(simulator, who, 3);
  await guichet.pipeline.idle();
  expect(scanData(data, ['canari-rebut', String(who.id)]).hits).toEqual([]);
  expect(scanData(data, ['rebut-voisin']).hits).not.toEqual([]);
  await push(url, update);
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(who.id)).toHaveLength(3);
  expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(0);
}, 30_000);

test('who was erased does not come back with an older copy of the database', async () => {
  const first = await startProduct();
  const { simulator, data } = first;
  const [who, other] = [somebody(NAMES[0]), somebody('Voisine-Démo')];
  for (const one of [who, other]) {
    simulator.phone.text(one, 'Où est le canari-zinzolin ?');
    await botSaid(simulator, one, 1);
  }
  await first.guichet.pipeline.idle();
  await first.guichet.stop();
  const copy = `${data}-copie`;
  cpSync(data, copy, { recursive: true });

  const second = await startProduct({ simulator, data });
  for (const [at, text] of ['/supprimer', 'CONFIRMER'].entries()) {
    simulator.phone.text(who, text);
    await botSaid(simulator, who, 2 + at);
  }
  await second.guichet.pipeline.idle();
  await second.guichet.stop();
  for (const name of readdirSync(data).filter((file) => file.startsWith('guichet.db')))
    rmSync(join(data, name));
  cpSync(join(copy, 'guichet.db'), join(data, 'guichet.db'));
  rmSync(copy, { recursive: true });

  const third = await startProduct({ simulator, data });
  expect(await third.guichet.store.db.selectFrom('persons').select('id').execute()).toHaveLength(1);
  expect(scanData(data, [String(who.id), NAMES[0] ?? '']).hits).toEqual([]);
  expect(scanData(data, [String(other.id)]).hits).not.toEqual([]);
}, 30_000);
