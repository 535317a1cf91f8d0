#!/usr/bin/env node
// Starts the command line under a Node that runs TypeScript: this one if it can, else the one that setup installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const installed = fileURLToPath(
  new URL(`node_modules/.bin/node${process.platform === 'win32' ? '.cmd' : ''}`, root),
);
const recent = Number(process.versions.node.split('.')[0]) >= 24;

if (!recent && !existsSync(installed)) {
  console.error(
    `Guichet needs Node 24 and this is Node ${process.versions.node}. Run "npm start" once in ${fileURLToPath(root)}: it installs one beside the packages.`,
  );
  process.exit(1);
}

const child = spawn(
  recent ? process.execPath : installed,
  [fileURLToPath(new URL('src/cli/guichet.ts', root)), ...process.argv.slice(2)],
  { stdio: 'inherit', shell: !recent && process.platform === 'win32' },
);
// The terminal sends Ctrl-C to both; the child decides when to stop.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`Guichet could not be started: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
