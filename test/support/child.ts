import { spawn, type ChildProcess } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** The product as a process of its own, as `npm start` runs it, so that it can be killed. */
export interface Child {
  process: ChildProcess;
  output(): string;
  /** Resolves when `/health` answers 200. */
  ready(): Promise<void>;
  /** `kill -9`: no warning, no last word. */
  kill(): Promise<void>;
  ended: Promise<number | null>;
}

export function startChild(env: Record<string, string>): Child {
  const child = spawn(process.execPath, ['src/cli/guichet.ts', 'start'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    process: child,
    output: () => output,
    ended,
    async ready() {
      const url = `http://127.0.0.1:${env['PORT'] ?? ''}/health`;
      for (let i = 0; i < 300; i++) {
        if (child.exitCode !== null) throw new Error(`The product stopped: ${output}`);
        const answer = await fetch(url).catch(() => undefined);
        if (answer?.status === 200) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`Not ready after 15 s: ${output}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
