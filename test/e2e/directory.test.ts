import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateKey } from '../../src/lib/seal.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProduct } from '../support/product.ts';

const KEY = generateKey().toString('hex');
const HEADER = 'code_parent;nom;prenoms;telephone;prenom_enfant';
const line = (n: number, phone = `77 000 00 ${String(n).padStart(2, '0')}`): string =>
  `P-${String(n)};FICTIF;Parent${String(n)};${phone};Enfant${String(n)}`;
const sixty = Array.from({ length: 60 }, (_, n) => line(n));

type Import = (lines: string[], ...options: string[]) => { code: number | null; out: string };

/** The command, on the data of a desk that runs. */
async function directory(): Promise<Import> {
  const folder = temporaryFolder();
  const { data } = await startProduct({ desk: 'desks/catechese', env: { GUICHET_KEY: KEY } });
  return (lines, ...options) => run(data, folder, lines, ...options);
}

/** The command on the data folder `data`, with its file in `folder`. */
function run(data: string, folder: string, lines: string[], ...options: string[]): ReturnType<Import> {
  const file = join(folder, 'people.csv');
  writeFileSync(file, lines.join('\n'));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/cli/guichet.ts', 'directory', 'import', file, ...options],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        GUICHET_DESK: 'desks/catechese',
        GUICHET_DATA: data,
        GUICHET_KEY: KEY,
        TELEGRAM_TOKEN: `700000001:${'A'.repeat(35)}`,
      },
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  return { code: status, out: stdout + stderr };
}

test('a file cut short withdraws nobody unless their exact number is confirmed', async () => {
  const importing = await directory();
  expect(importing([HEADER, ...sixty], '--apply').out).toContain('The directory holds 60 people');
  const short = [HEADER, ...sixty.slice(0, 7)];
  const preview = importing(short);
  expect(preview.code).toBe(0);
  expect(preview.out).toContain('would withdraw 53 people');
  expect(preview.out).toContain('Add --apply --withdraw 53 to write it.');
  for (const options of [['--apply'], ['--apply', '--withdraw', '60'], ['--apply', '--withdraw']]) {
    const refused = importing(short, ...options);
    expect(refused.code, options.join(' ')).not.toBe(0);
    expect(refused.out).not.toContain('Written');
  }
  const refused = importing(short, '--apply');
  expect(refused.code).toBe(78);
  expect(refused.out).toContain('Nothing was written: 53 people would be withdrawn');
  expect(importing(short).out).toContain('53 withdrawn');
  expect(importing(short, '--apply', '--withdraw', '53').out).toContain('The directory holds 7 people');
}, 60_000);

test('a renamed column does not take the numbers away', async () => {
  const importing = await directory();
  importing([HEADER, ...sixty], '--apply');
  // A column we know is understood…
  const renamed = [HEADER.replace('telephone', 'tél portable'), ...sixty];
  expect(importing(renamed).out).toContain('0 changed, 60 as before');
  // …one we do not know is refused…
  const unknown = importing([HEADER.replace('telephone', 'téléphon'), ...sixty], '--apply', '--fr');
  expect(unknown.code).toBe(78);
  expect(unknown.out).toMatch(
    /Titres lus : code_parent ; nom ; prenoms ; téléphon.*voulez-vous dire telephone/,
  );
  expect(unknown.out).toContain('There is nobody to import.');
  // …and where another column holds some numbers, who would lose theirs is counted.
  const half = [HEADER, ...sixty.map((_, n) => (n < 7 ? line(n) : line(n, '')))];
  const preview = importing(half);
  expect(preview.out).toContain('53 people would lose their only number');
  expect(preview.out).toContain('Add --apply --lose-numbers 53 to write it.');
  const refused = importing(half, '--apply');
  expect(refused.code).toBe(78);
  expect(refused.out).toContain('Nothing was written: 53 people would lose their only number');
  const both = importing(half.slice(0, 31), '--apply', '--withdraw', '30');
  expect(both.out).toContain('write: --apply --withdraw 30 --lose-numbers 23');
  expect(importing(half, '--apply', '--lose-numbers', '53').out).toContain('Written.');
}, 60_000);

test('a code that comes with somebody else moves no account unless it is confirmed', async () => {
  const importing = await directory();
  importing([HEADER, line(1), line(2)], '--apply');
  const renamed = [HEADER, line(1).replace('FICTIF', 'EXEMPLE'), line(2, '78 000 00 02')];
  expect(importing(renamed).out).toContain('2 changed, 0 as before, 0 withdrawn.');
  expect(importing(renamed).out).not.toContain('another person');
  const other = [HEADER, 'P-1;FALL;Modou;77 000 00 01;Zoé', line(2)];
  const preview = importing(other);
  expect(preview.out).toContain('A code goes to another person: P-1, Parent1 FICTIF → Modou FALL.');
  expect(preview.out).toContain('1 changed');
  expect(preview.out).toContain('Add --apply --other-people 1 to write it.');
  const refused = importing(other, '--apply');
  expect([refused.code, refused.out]).toEqual([
    78,
    expect.stringContaining('Nothing was written: 1 person would have the code of somebody else'),
  ]);
  expect(importing(other, '--apply', '--other-people', '1').out).toContain('Written.');
}, 60_000);

test('before the desk was ever started it says what to do', () => {
  const folder = temporaryFolder();
  const { code, out } = run(join(folder, 'data'), folder, [HEADER, line(1)], '--apply');
  expect(code).toBe(78);
  expect(out).toMatch(/holds no data yet: start this desk once, or set GUICHET_DATA/);
}, 30_000);

test('one of a kind is written in the singular', async () => {
  const importing = await directory();
  const { out } = importing([HEADER, line(1), line(2, 'l77')]);
  expect(out).toContain('2 lines, 2 people, 1 error, 1 warning.');
}, 30_000);

test('a line with a mistake withdraws nobody, and a code that two families have joins nobody', async () => {
  const importing = await directory();
  importing([HEADER, line(1), line(2), line(3)], '--apply');
  const mistaken = importing([HEADER, line(1), `${line(2)};;oops`, line(3)], '--apply');
  expect(mistaken.out).toContain('! line 3: Line not taken: the person of the directory whose line it is');
  expect(mistaken.out).toContain('0 new, 0 changed, 3 as before, 0 withdrawn.');
  expect(mistaken.out).toContain('The directory holds 3 people');
  const nameless = [HEADER, line(1), 'P-9;;;;Enfant9', line(3)];
  const refused = importing(nameless, '--apply');
  expect([refused.code, refused.out]).toEqual([78, expect.stringContaining('1 person would be withdrawn')]);
  expect(importing(nameless, '--apply', '--withdraw', '1').out).toContain('The directory holds 2 people');
  const twice = importing([HEADER, line(1), 'P-1;FALL;Parent1;78 000 00 02;Zoé', line(3)], '--apply');
  expect(twice.out).toMatch(/✗ line 2: .*\(line 3\)[^]*✗ line 3: .*\(line 2\)/);
  expect(twice.out).toContain('0 new, 0 changed, 2 as before, 0 withdrawn.');
}, 60_000);
