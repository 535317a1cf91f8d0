import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createTelegramSimulator } from './telegram.ts';
import type { TelegramSimulator, TelegramSimulatorOptions } from './telegram.ts';

/** For this folder's tests: a started simulator, and a bot that is nothing but fetch. */
export interface Bench {
  sim: TelegramSimulator;
  /** One call with a JSON body; the answer's body, with its HTTP status. */
  call(method: string, params?: object): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  ok: boolean;
  result?: unknown;
  description?: string;
  error_code?: number;
  parameters?: Record<string, unknown>;
}

export async function bench(options: TelegramSimulatorOptions = {}): Promise<Bench> {
  const sim = createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.01, ...options });
  await sim.start();
  return {
    sim,
    stop: () => sim.stop(),
    async call(method, params = {}) {
      const response = await fetch(`${sim.url}/bot${sim.token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params),
      });
      return { ...((await response.json()) as Answer), status: response.status };
    },
  };
}

export interface Received {
  update: { update_id: number } & Record<string, unknown>;
  secret: string | undefined;
}

/** A webhook that answers as `respond` says (status, headers, body). */
export async function receiver(
  respond: (update: Received['update'], nth: number) => Reply | Promise<Reply>,
): Promise<{ url: string; received: Received[]; close(): Promise<void> }> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    void read(req).then(async (body) => {
      const update = JSON.parse(body) as Received['update'];
      const secret = req.headers['x-telegram-bot-api-secret-token'];
      received.push({ update, secret: typeof secret === 'string' ? secret : undefined });
      const reply = await respond(update, received.length);
      res.writeHead(reply.status ?? 200, reply.headers ?? {});
      res.end(reply.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/webhook`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

async function read(req: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of req) body += String(chunk);
  return body;
}
