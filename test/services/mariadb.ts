import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/product.ts';

const SERVER = ['/usr/sbin/mariadbd', '/usr/sbin/mysqld'].find((path) => existsSync(path));

/** A MariaDB of this test's own (it speaks MySQL's protocol), in a temporary folder; gives its address. */
export async function startMariadb(): Promise<string> {
  if (SERVER === undefined)
    throw new Error('MariaDB is not installed here: apt-get install mariadb-server, then run this again.');
  const folder = mkdtempSync(join(tmpdir(), 'guichet-my-'));
  const port = await freePort();
  execFileSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${folder}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      `--user=${userInfo().username}`,
    ],
    { stdio: 'ignore' },
  );
  const child = spawn(
    SERVER,
    [
      '--no-defaults',
      `--datadir=${folder}`,
      `--socket=${join(folder, 'socket')}`,
      `--port=${String(port)}`,
      '--bind-address=127.0.0.1',
      `--user=${userInfo().username}`,
      '--innodb-flush-log-at-trx-commit=0',
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error('MariaDB stopped as it started.');
    if (await listens(port)) return `mysql://root@127.0.0.1:${String(port)}/mysql`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('MariaDB did not listen within 20 s.');
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
