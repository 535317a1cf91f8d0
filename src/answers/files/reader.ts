import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { DocumentFormat, Extracted } from '../../message/library.ts';
import { signatureOf } from './kind.ts';
import { DOCUMENT_LIMITS, FILE_LIMITS } from './limits.ts';
import type { Lacking } from './lacking.ts';
import type { Reading } from './read.ts';

/** The code that reads files, and the packages it uses: neither data nor settings. */
const READABLE = readable(new URL('../../../', import.meta.url));

/** As they are named and as they are: the packages may be reached through a link. */
export function readable(root: URL): string[] {
  return ['src/', 'node_modules/', 'package.json'].flatMap((name) => {
    const path = fileURLToPath(new URL(name, root));
    try {
      const real = realpathSync(path);
      return [...new Set([path, name.endsWith('/') ? join(real, '/') : real])];
    } catch {
      return [path];
    }
  });
}

/**
 * `busy`: too many files wait. `timeout`: its time is up. `memory`: it needed more than the child may have.
 * `aborted`: the caller gave up. `failed`: the child ended by itself, or could not be started.
 */
type NotRead = { ok: false; reason: 'busy' | 'timeout' | 'memory' | 'aborted' | 'failed' };
export type FileRead = Reading | NotRead;
export type DocumentRead = Extracted | NotRead;

export interface FileReader {
  /** The file as text, by its content alone. Never rejects. */
  read(bytes: Uint8Array, signal?: AbortSignal): Promise<FileRead>;
  /** A document of the desk with its headings and tables; takes minutes when it must. Never rejects. */
  readDocument(bytes: Uint8Array, format: DocumentFormat, signal?: AbortSignal): Promise<DocumentRead>;
  /** Ends the children; what they were reading is `aborted`. */
  close(): Promise<void>;
}

export interface FileReaderOptions {
  /** Longest reading, ms, not counting the wait for a free child. */
  timeMs?: number;
  /** An idle child is ended after this, ms. */
  idleMs?: number;
  /** Children at once. */
  most?: number;
  /** Files that may wait for one. */
  waiting?: number;
  memoryBytes?: number;
  /** A child lacks what it reads with: why, for whoever installed us. Told once. */
  broken?(cause: string): void;
  /** Program of the child; tests pass theirs. */
  program?: URL;
}

interface Job {
  /** What the child is sent. */
  message: Uint8Array | { bytes: Uint8Array; format: DocumentFormat };
  timeMs: number;
  done(result: FileRead | DocumentRead): void;
}

interface Worker {
  process: ChildProcess;
  job: Job | undefined;
  /** Why we killed it. */
  killed: 'timeout' | 'memory' | 'aborted' | undefined;
  timer: NodeJS.Timeout | undefined;
}

const HEAP_MB = 256;
const WATCH_MS = 200;

/** Reads files in child processes, so that a hostile one costs its child and nothing else. */
export function createFileReader(options: FileReaderOptions = {}): FileReader {
  const {
    timeMs = FILE_LIMITS.timeMs,
    idleMs = 60_000,
    most = 2,
    waiting = 16,
    memoryBytes = FILE_LIMITS.memoryBytes,
    program = new URL('./child.ts', import.meta.url),
  } = options;
  const workers = new Set<Worker>();
  const queue: Job[] = [];
  let watch: NodeJS.Timeout | undefined;
  let closed = false;
  let told = false;

  function next(): void {
    while (queue.length > 0) {
      const idle = [...workers].find(({ job, killed }) => job === undefined && killed === undefined);
      if (idle === undefined && workers.size >= most) return;
      const job = queue.shift();
      if (job === undefined) return;
      const worker = idle ?? start();
      if (worker === undefined) job.done({ ok: false, reason: 'failed' });
      else give(worker, job);
    }
  }

  function start(): Worker | undefined {
    let child: ChildProcess;
    try {
      child = fork(fileURLToPath(program), [], {
        // It may read its own code and start threads; not write, not start programs. It is given no environment.
        execArgv: [
          `--max-old-space-size=${HEAP_MB}`,
          '--permission',
          ...READABLE.map((path) => `--allow-fs-read=${path}`),
          '--allow-addons',
          '--allow-worker',
        ],
        env: {},
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
    } catch {
      return undefined;
    }
    const worker: Worker = { process: child, job: undefined, killed: undefined, timer: undefined };
    workers.add(worker);
    lowerPriority(child.pid);
    child.on('message', (reading: Reading | Extracted | Lacking) => {
      if ('lacks' in reading) {
        if (!told) options.broken?.(reading.lacks);
        told = true;
      }
      finish(worker, 'lacks' in reading ? { ok: false, reason: 'failed' } : reading);
      rest(worker);
      next();
    });
    const gone = (signal: NodeJS.Signals | null) => {
      if (!workers.delete(worker)) return;
      // V8 aborts when its heap is full.
      const reason = worker.killed ?? (signal === 'SIGABRT' ? 'memory' : 'failed');
      finish(worker, { ok: false, reason });
      next();
    };
    child.on('exit', (_code, signal) => {
      gone(signal);
    });
    child.on('error', () => {
      child.kill('SIGKILL');
      gone(null);
    });
    return worker;
  }

  function give(worker: Worker, job: Job): void {
    clearTimeout(worker.timer);
    worker.job = job;
    worker.process.ref();
    worker.process.channel?.ref();
    worker.timer = setTimeout(() => {
      kill(worker, 'timeout');
    }, job.timeMs);
    watch ??= setInterval(() => void watchMemory(), WATCH_MS).unref();
    worker.process.send(job.message, (error) => {
      if (error !== null && worker.job === job) worker.process.kill('SIGKILL');
    });
  }

  function finish(worker: Worker, result: FileRead | DocumentRead): void {
    clearTimeout(worker.timer);
    const { job } = worker;
    worker.job = undefined;
    job?.done(result);
  }

  /** Kept warm for a while, without keeping us alive. */
  function rest(worker: Worker): void {
    worker.process.unref();
    worker.process.channel?.unref();
    worker.timer = setTimeout(() => {
      kill(worker, 'aborted');
    }, idleMs).unref();
  }

  function kill(worker: Worker, why: NonNullable<Worker['killed']>): void {
    worker.killed ??= why;
    worker.process.kill('SIGKILL');
  }

  async function watchMemory(): Promise<void> {
    const busy = [...workers].filter(({ job }) => job !== undefined);
    if (busy.length === 0) {
      clearInterval(watch);
      watch = undefined;
    }
    for (const worker of busy) {
      const { job } = worker;
      if ((await residentBytes(worker.process.pid)) > memoryBytes && worker.job === job)
        kill(worker, 'memory');
    }
  }

  function enqueue<R extends FileRead | DocumentRead>(
    work: Pick<Job, 'message' | 'timeMs'>,
    signal: AbortSignal | undefined,
  ): Promise<R | NotRead> {
    if (closed || signal?.aborted === true) return Promise.resolve({ ok: false, reason: 'aborted' });
    if (queue.length >= waiting) return Promise.resolve({ ok: false, reason: 'busy' });
    return new Promise((resolve) => {
      const giveUp = (): void => {
        const at = queue.indexOf(job);
        const worker = [...workers].find((one) => one.job === job);
        if (worker) kill(worker, 'aborted');
        else if (at !== -1) {
          queue.splice(at, 1);
          job.done({ ok: false, reason: 'aborted' });
        }
      };
      const job: Job = {
        ...work,
        done: (result) => {
          signal?.removeEventListener('abort', giveUp);
          // The child answers what it was asked.
          resolve(result as R);
        },
      };
      signal?.addEventListener('abort', giveUp);
      queue.push(job);
      next();
    });
  }

  return {
    read(bytes, signal) {
      const refused = unread(bytes);
      if (refused !== undefined) return Promise.resolve({ ok: false, reason: refused });
      const kind = signatureOf(bytes);
      if (kind === undefined || kind === 'html') return Promise.resolve({ ok: false, reason: 'unsupported' });
      return enqueue<Reading>({ message: bytes, timeMs }, signal);
    },
    readDocument(bytes, format, signal) {
      const refused = unread(bytes);
      if (refused !== undefined) return Promise.resolve({ ok: false, reason: refused });
      const most = options.timeMs ?? DOCUMENT_LIMITS.timeMs;
      return enqueue<Extracted>({ message: { bytes, format }, timeMs: most }, signal);
    },
    async close() {
      closed = true;
      clearInterval(watch);
      for (const job of queue.splice(0)) job.done({ ok: false, reason: 'aborted' });
      await Promise.all(
        [...workers].map(async (worker) => {
          const ended = new Promise((done) => worker.process.once('exit', done));
          worker.process.ref();
          kill(worker, 'aborted');
          if (worker.process.exitCode === null && worker.process.signalCode === null) await ended;
        }),
      );
    },
  };
}

const unread = ({ length }: Uint8Array): 'too_large' | 'empty' | undefined =>
  length > FILE_LIMITS.bytes ? 'too_large' : length === 0 ? 'empty' : undefined;

/** Reading a file must never slow the answers down. */
function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, 10);
  } catch {
    // Not ours to change here: it runs as fast as we do.
  }
}

/** V8's limit does not count buffers; the system does. 0 where it does not say. */
async function residentBytes(pid: number | undefined): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid ?? 0}/status`, 'latin1');
    return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
