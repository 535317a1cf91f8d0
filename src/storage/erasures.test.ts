import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { erasureLedger } from './erasures.ts';

const DAY = 24 * 3600_000;

test('it knows everybody for ninety days, through damage, and then nobody', async () => {
  const file = join(temporaryFolder(), 'erasures');
  const ledger = erasureLedger(file);
  expect(await ledger.recent(0)).toEqual([]);
  await ledger.add('first', 0);
  appendFileSync(file, '12 half a li');
  await ledger.add('second', 50 * DAY);
  expect(await ledger.recent(60 * DAY)).toEqual(['first', 'second']);
  expect(await ledger.recent(100 * DAY)).toEqual(['second']);
  expect(readFileSync(file, 'utf8')).toBe(`${String(50 * DAY)} second\n`);
});
