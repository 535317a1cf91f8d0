import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { IMPORT_LIMITS } from './limits.ts';
import { problem } from './problem.ts';
import { preview } from './read-people.ts';
import type { PeoplePreview } from './read-people.ts';

export interface ReadPeopleOptions {
  timeMs?: number;
  heapMb?: number;
}

/**
 * The people of a CSV or XLSX file, with what is wrong line by line. In a process of its own with a limit on time and
 * memory, so that a hostile or huge file neither ends nor slows the desk: a full heap in a thread ends us all. Never rejects.
 */
export function readPeople(bytes: Uint8Array, options: ReadPeopleOptions = {}): Promise<PeoplePreview> {
  const { timeMs = IMPORT_LIMITS.timeMs, heapMb = IMPORT_LIMITS.heapMb } = options;
  if (bytes.length > IMPORT_LIMITS.bytes) {
    const detail = `${Math.ceil(bytes.length / 2 ** 20)} MB`;
    return Promise.resolve(preview([], 0, [problem('error', 'too_large', { detail })]));
  }
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    const done = (result: PeoplePreview): void => {
      clearTimeout(timer);
      resolve(result);
      child?.kill('SIGKILL');
    };
    const tooHeavy = (): void => {
      done(preview([], 0, [problem('error', 'too_heavy')]));
    };
    const timer = setTimeout(tooHeavy, timeMs);
    try {
      child = start(heapMb);
    } catch {
      tooHeavy();
      return;
    }
    child.on('message', (message) => {
      done(message as PeoplePreview);
    });
    child.on('error', tooHeavy);
    // After its answer this is late and changes nothing.
    child.on('exit', tooHeavy);
    child.send(bytes, (error) => {
      if (error !== null) tooHeavy();
    });
  });
}

/** It may read files (its own code) and start threads; not write, not start programs. Secrets stay with us. */
const start = (heapMb: number): ChildProcess =>
  fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
    execArgv: [`--max-old-space-size=${heapMb}`, '--permission', '--allow-fs-read=*', '--allow-worker'],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
