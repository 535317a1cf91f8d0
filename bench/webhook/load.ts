import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  port: number;
  path: string;
  headers: Record<string, string>;
  /** Headers that depend on the body, such as its signature. */
  headersOf?(body: string): Record<string, string>;
  connections: number;
  seconds: number;
  /** Requests a second at fixed times (open loop); absent: as fast as answers come back. */
  perSecond?: number;
  body(n: number): string;
}

export interface LoadResult {
  accepted: number;
  refused: number;
  seconds: number;
  /** Milliseconds from the moment a request was due to its answer. */
  p50: number;
  p99: number;
}

/** Keep-alive connections over bare sockets: the generator must cost less than what it measures. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const result = { accepted: 0, refused: 0 };
  const started = performance.now();
  const end = started + options.seconds * 1000;
  let next = 0;
  const due: number[] = [];
  const idle: (() => void)[] = [];

  const request = (): Buffer => {
    const text = options.body(next++);
    const body = Buffer.from(text);
    const head = [
      `POST ${options.path} HTTP/1.1`,
      `host: 127.0.0.1:${options.port}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      ...Object.entries({ ...options.headers, ...options.headersOf?.(text) }).map(
        ([name, value]) => `${name}: ${value}`,
      ),
    ].join('\r\n');
    return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
  };

  const worker = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      let at = 0;
      const send = (): void => {
        if (options.perSecond === undefined) {
          if (performance.now() >= end) {
            socket.end();
            resolve();
            return;
          }
          at = performance.now();
          socket.write(request());
          return;
        }
        const moment = due.shift();
        if (moment === undefined) {
          if (performance.now() >= end) {
            socket.end();
            resolve();
          } else idle.push(send);
          return;
        }
        at = moment;
        socket.write(request());
      };
      let pending = '';
      socket.on('data', (chunk: Buffer) => {
        pending += chunk.toString('latin1');
        // Answers are small: head and body come whole, or the rest with the next chunk.
        const head = pending.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0);
        const chunked = /transfer-encoding: chunked/i.test(pending.slice(0, head));
        if (chunked ? !pending.endsWith('0\r\n\r\n') : pending.length < head + 4 + length) return;
        if (pending.startsWith('HTTP/1.1 200')) result.accepted++;
        else result.refused++;
        pending = '';
        latencies.push(performance.now() - at);
        send();
      });
      socket.on('error', reject);
      send();
    });

  const sockets = await Promise.all(
    Array.from(
      { length: options.connections },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(options.port, '127.0.0.1', () => {
            resolve(socket);
          });
          socket.setNoDelay(true);
          socket.once('error', reject);
        }),
    ),
  );
  let made = 0;
  const { perSecond } = options;
  const clock =
    perSecond === undefined
      ? undefined
      : setInterval(() => {
          const now = Math.min(performance.now(), end);
          for (; made < ((now - started) / 1000) * perSecond; made++) {
            due.push(started + (made / perSecond) * 1000);
            idle.shift()?.();
          }
          if (performance.now() >= end) for (const send of idle.splice(0)) send();
        }, 1);
  await Promise.all(sockets.map(worker));
  clearInterval(clock);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { ...result, seconds: (performance.now() - started) / 1000, p50: at(0.5), p99: at(0.99) };
}
