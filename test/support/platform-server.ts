/** A real HTTP server in a platform's place, whose answers a test decides, call by call. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  path: string;
  /** Last part of the path: a method of the Bot API. */
  name: string;
  headers: IncomingHttpHeaders;
  raw: string;
  /** Undefined when there is none. */
  body: unknown;
}

export type Answer = (response: ServerResponse, seen: Seen) => void;

export interface TestServer {
  /** With a path, which a channel must keep. */
  root: string;
  origin: string;
  seen: Seen[];
  close(): Promise<void>;
}

export async function serve(answer: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const { method = '', url: path = '', headers } = request;
      const name = path.slice(path.lastIndexOf('/') + 1);
      const body = raw === '' ? undefined : (JSON.parse(raw) as unknown);
      const each = { method, path, name, headers, raw, body };
      seen.push(each);
      answer(response, each);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    root: `${origin}/root/`,
    origin,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function reply(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}
