import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createWhatsAppSimulator } from './whatsapp.ts';
import type { WhatsAppSimulator, WhatsAppSimulatorOptions } from './whatsapp.ts';

/** For this folder's tests: a started simulator, and a product that is nothing but fetch. */
export interface Bench {
  sim: WhatsAppSimulator;
  /** `POST /{version}/{phone-id}/messages`, with messaging_product. */
  send(body: object): Promise<Answer>;
  /** A text to a number. */
  say(to: string | undefined, body?: string): Promise<Answer>;
  request(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  messages?: { id: string; message_status?: string }[];
  contacts?: { input: string; wa_id?: string; user_id?: string }[];
  success?: boolean;
  error?: {
    message: string;
    type: string;
    code: number;
    error_subcode?: number;
    error_data?: { messaging_product: string; details: string };
    fbtrace_id: string;
  };
}

export async function bench(options: WhatsAppSimulatorOptions = {}): Promise<Bench> {
  const sim = createWhatsAppSimulator({ timeScale: 0.005, ...options });
  await sim.start();
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${sim.url}/${sim.version}/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${sim.token}`, ...init.headers },
    });
  const send = async (body: object): Promise<Answer> => {
    const response = await request(`${sim.phoneId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', ...body }),
    });
    return { ...((await response.json()) as Answer), status: response.status };
  };
  return {
    sim,
    send,
    say: (to, body = 'Bonjour') => send({ to, type: 'text', text: { body } }),
    request,
    stop: () => sim.stop(),
  };
}

export interface Value {
  metadata: { phone_number_id: string; display_phone_number: string };
  contacts?: Record<string, unknown>[];
  messages?: ({ id: string; type: string } & Record<string, unknown>)[];
  statuses?: ({ id: string; status: string } & Record<string, unknown>)[];
}

export interface Receiver {
  url: string;
  raws: string[];
  /** Number of changes in each POST of each entry. */
  shapes: number[][];
  values: Value[];
  messages(): NonNullable<Value['messages']>;
  statuses(): NonNullable<Value['statuses']>;
  close(): Promise<void>;
}

/** A webhook that verifies, checks every signature with its own code, and answers as `respond` says. */
export async function receiver(
  sim: Pick<WhatsAppSimulator, 'appSecret' | 'verifyToken'>,
  respond: (nth: number) => number | Promise<number> = () => 200,
): Promise<Receiver> {
  const raws: string[] = [];
  const shapes: number[][] = [];
  const values: Value[] = [];
  const handle = async (req: IncomingMessage): Promise<{ status: number; body: string }> => {
    if (req.method === 'GET') {
      const { searchParams } = new URL(req.url ?? '/', 'http://here');
      const good =
        searchParams.get('hub.mode') === 'subscribe' &&
        searchParams.get('hub.verify_token') === sim.verifyToken;
      return good
        ? { status: 200, body: searchParams.get('hub.challenge') ?? '' }
        : { status: 403, body: 'no' };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const expected = createHmac('sha256', sim.appSecret).update(raw).digest();
    const given = String(req.headers['x-hub-signature-256']);
    if (!given.startsWith('sha256=') || !timingSafeEqual(expected, Buffer.from(given.slice(7), 'hex')))
      return { status: 401, body: 'wrong signature' };
    raws.push(raw.toString('latin1'));
    const status = await respond(raws.length);
    if (status !== 200) return { status, body: 'later' };
    const body = JSON.parse(raw.toString('utf8')) as { entry: { changes: { value: Value }[] }[] };
    shapes.push(body.entry.map(({ changes }) => changes.length));
    values.push(...body.entry.flatMap(({ changes }) => changes.map(({ value }) => value)));
    return { status, body: '' };
  };
  const server = createServer((req, res) => {
    void handle(req).then(({ status, body }) => {
      res.writeHead(status, { location: '/elsewhere' });
      res.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/webhook/whatsapp`,
    raws,
    shapes,
    values,
    messages: () => values.flatMap(({ messages }) => messages ?? []),
    statuses: () => values.flatMap(({ statuses }) => statuses ?? []),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
