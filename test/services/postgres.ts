import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/product.ts';

const ROOT = '/usr/lib/postgresql';

/** Where the server's programs are. Throws when there is none: a test of a service never passes by its absence. */
function programs(): string {
  const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(ROOT, version, 'bin'))
    .find((path) => existsSync(join(path, 'initdb')));
  if (found === undefined)
    throw new Error('PostgreSQL is not installed here: apt-get install postgresql, then run this again.');
  return found;
}

/** A PostgreSQL of this test's own, in a temporary folder; gives its address. It refuses to run as root, so root lends it a user. */
export async function startPostgres(): Promise<string> {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), 'guichet-pg-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  const uid = isRoot ? Number(execFileSync('id', ['-u', 'postgres']).toString()) : undefined;
  const gid = isRoot ? Number(execFileSync('id', ['-g', 'postgres']).toString()) : undefined;
  const as = {
    stdio: 'ignore' as const,
    cwd: folder,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  };
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'guichet', '--auth=trust', '-E', 'UTF8', '--no-sync'],
    as,
  );
  const control = (...args: string[]): void => {
    execFileSync(join(bin, 'pg_ctl'), ['-D', data, '-w', ...args], as);
  };
  control(
    '-o',
    `-p ${String(port)} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`,
    '-l',
    join(folder, 'log'),
    'start',
  );
  onTestFinished(() => {
    control('-m', 'immediate', 'stop');
    rmSync(folder, { recursive: true, force: true });
  });
  return `postgres://guichet@127.0.0.1:${String(port)}/postgres`;
}
