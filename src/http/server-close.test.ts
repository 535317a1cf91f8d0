import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createLog } from '../lib/log.ts';
import type { Route } from '../message/route.ts';
import { createServer } from './server.ts';
import type { GuichetServer } from './server.ts';
import { clock, echo, start } from './fixtures/server.ts';

describe('close', () => {
  test('a request in flight finishes, a new connection is refused, event streams end', async () => {
    let release = (): void => undefined;
    let arrived = (): void => undefined;
    const here = new Promise<void>((resolve) => (arrived = resolve));
    const slow: Route = {
      ...echo('/slow'),
      handle: async () => {
        arrived();
        await new Promise<void>((resolve) => (release = resolve));
        return { status: 200, body: 'done' };
      },
    };
    const { server, url } = await start({
      routes: [slow],
      mounts: [
        {
          prefix: '/events',
          handle: (_request, response) => {
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            response.write(': hello\n\n');
          },
        },
      ],
    });
    const stream = await fetch(`${url}/events`);
    const answer = fetch(`${url}/slow`, { method: 'POST', body: 'x' });
    await here;
    const closed = server.close();
    expect(await stream.text()).toBe(': hello\n\n');
    await expect(fetch(`${url}/slow`, { method: 'POST', body: 'y' })).rejects.toThrow();
    release();
    const finished = await answer;
    expect([finished.status, await finished.text(), finished.headers.get('connection')]).toEqual([
      200,
      'done',
      'close',
    ]);
    await closed;
  });

  test('what does not finish in the time of grace is cut', async () => {
    const { server, port } = await start({
      routes: [{ ...echo('/slow'), handle: () => new Promise(() => undefined) }],
      limits: { graceMs: 50 },
    });
    const answer = new Promise<string>((resolve) => {
      const request = httpRequest({ port, host: '127.0.0.1', path: '/slow', method: 'POST' }, () => {
        resolve('answered');
      });
      request.on('error', () => {
        resolve('cut');
      });
      request.on('finish', () => setTimeout(() => void server.close(), 20));
      request.end();
    });
    expect(await answer).toBe('cut');
  });

  test('a busy port rejects with EADDRINUSE', async () => {
    const { port } = await start();
    const second: Promise<GuichetServer> = createServer({
      host: '127.0.0.1',
      port,
      log: createLog({ level: 'error', destination: { write: () => undefined } }),
      clock,
      routes: [],
    });
    await expect(second.then((server) => server.listen())).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
