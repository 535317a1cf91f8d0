import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { apiKeyTable, type ApiScope } from './api-keys.ts';
import { openStore } from './open.ts';

async function opened() {
  const store = await openStore(join(temporaryFolder(), 'guichet.db'), () => performance.now());
  onTestFinished(() => store.close());
  return { store, table: apiKeyTable(store) };
}

const made = { name: 'site', scopes: ['ask'] as ApiScope[], by: 'staff:awa', at: 1_000 };

test('a key opens what it is for, until it ends or is revoked; only its digest is kept', async () => {
  const { store, table } = await opened();
  const { id, secret } = await table.create({ ...made, expiresAt: 5_000 });
  const ring = await table.ring();
  expect(secret).toMatch(/^gk_[a-z0-9]{8}_[\w-]{43}$/);
  expect(ring.check(secret, 'ask', 4_999)).toMatchObject({ id, name: 'site', created_by: 'staff:awa' });
  const last = secret.at(-1) === 'A' ? 'B' : 'A';
  const wrong: [string, ApiScope, number][] = [
    [secret, 'documents', 2_000],
    [secret, 'ask', 5_000],
    [secret.slice(0, -1) + last, 'ask', 2_000],
    [`${secret}A`, 'ask', 2_000],
    [secret.toUpperCase(), 'ask', 2_000],
    [`gk_${id}_`, 'ask', 2_000],
    ['', 'ask', 2_000],
    ['x'.repeat(100_000), 'ask', 2_000],
  ];
  for (const [one, scope, now] of wrong) expect(ring.check(one, scope, now)).toBeUndefined();
  const rows = JSON.stringify(await store.db.selectFrom('api_keys').selectAll().execute());
  expect(rows).not.toContain(secret.slice(12));

  expect(await table.revoke(id, 3_000)).toBe(true);
  expect(await table.revoke(id, 3_000)).toBe(false);
  await ring.refresh();
  expect(ring.check(secret, 'ask', 3_500)).toBeUndefined();
});

test('its last use is told, a minute exactly at most', async () => {
  const { table } = await opened();
  const { secret } = await table.create(made);
  const ring = await table.ring();
  ring.check(secret, 'ask', 100_000);
  ring.check(secret, 'ask', 120_000);
  await expect.poll(async () => (await table.list())[0]?.last_used_at).toBe(100_000);
  ring.check(secret, 'ask', 160_000);
  await expect.poll(async () => (await table.list())[0]?.last_used_at).toBe(160_000);
});
