import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createTelegramSimulator } from '../../simulator/telegram/telegram.ts';
import { sizedPdf } from '../../src/answers/files/fixtures/files.ts';
import { apiKeyTable } from '../../src/storage/api-keys.ts';
import { openStore } from '../../src/storage/open.ts';
import { startChild } from '../support/child.ts';
import { temporaryFolder } from '../support/folder.ts';
import { environment, freePort } from '../support/product.ts';

/** GUICHET_KILLS=200 for a night. */
const KILLS = Number(process.env['GUICHET_KILLS'] ?? 5);
const PAGES = 200;

/** A rule book of which every page says which edition it is. */
const edition = (n: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    sizedPdf(
      Array.from({ length: PAGES }, (_, page): [number, string][] => [
        [18, `Redevance de la parcelle ${page + 1} de Testville`],
        [
          11,
          `La redevance de la parcelle ${page + 1} de Testville est de ${1000 * n + page + 1} F, edition ${n}.`,
        ],
      ]),
    ),
  );

test(`${KILLS} kill -9 while documents are replaced: an edition is answered from whole or not at all, and the last one is read`, async () => {
  const simulator = createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.02 });
  await simulator.start();
  onTestFinished(() => simulator.stop());
  const data = join(temporaryFolder(), 'data');
  const env = environment(simulator, { port: await freePort(), data });
  const url = `http://127.0.0.1:${env['PORT'] ?? ''}`;
  let child = startChild(env);
  await child.ready();
  const store = await openStore(join(data, 'guichet.db'), () => performance.now());
  const { secret } = await apiKeyTable(store).create({
    name: 'site',
    scopes: ['documents'],
    by: 'test',
    at: 1,
  });
  await store.close();

  const send = (method: string, path: string, n: number): Promise<number> => {
    const form = new FormData();
    form.set('file', new Blob([edition(n)]), 'redevances.pdf');
    return fetch(`${url}/api/v1/documents${path}`, {
      method,
      body: form,
      headers: { authorization: `Bearer ${secret}` },
    }).then(
      ({ status }) => status,
      () => 0,
    );
  };
  const editionOf = async (page: number): Promise<string | undefined> => {
    const question = `Quelle est la redevance de la parcelle ${page} de Testville ?`;
    const response = await fetch(`${url}/ask-question-ultra`, {
      method: 'POST',
      body: JSON.stringify({ question }),
    });
    return /edition (\d+)/.exec(((await response.json()) as { answer: string | null }).answer ?? '')?.[1];
  };

  await expect.poll(() => send('POST', '', 1), { timeout: 8000, interval: 500 }).toBe(202);
  let acknowledged = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const status = send('PUT', '/redevances', acknowledged + 1);
    const acked = status.then((code) => code === 202);
    await Promise.race([acked, new Promise((resolve) => setTimeout(resolve, 1000))]);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1500));
    await child.kill();
    if (await acked) acknowledged += 1;
    child = startChild(env);
    await child.ready();
    // Whatever it answers from now, it is one edition.
    const seen = new Set<string>();
    for (const page of [3, 77, 198]) {
      const found = await editionOf(page);
      if (found !== undefined) seen.add(found);
    }
    // The new one may have come in between two questions, never less than whole.
    expect(seen.size).toBeLessThanOrEqual(2);
  }
  await expect.poll(() => editionOf(100), { timeout: 60_000, interval: 500 }).toBe(String(acknowledged));
  for (const page of [1, 50, 150, 200]) expect(await editionOf(page)).toBe(String(acknowledged));
  await child.kill();

  const db = new DatabaseSync(join(data, 'guichet.db'));
  const rows = db.prepare('select number, state, reason from document_versions order by number').all();
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_, n) => n + 1));
  expect(rows.length).toBeGreaterThanOrEqual(acknowledged);
  expect(rows.filter(({ state }) => state !== 'ready')).toEqual([]);
  expect(Object.values(db.prepare('pragma integrity_check').get() ?? {})).toEqual(['ok']);
  db.close();
}, 240_000);
