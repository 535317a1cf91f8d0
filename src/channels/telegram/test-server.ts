/** For tests: a real HTTP server whose answers a test decides, call by call. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  path: string;
  method: string;
  body: unknown;
  raw: string;
}

export type Answer = (response: ServerResponse, seen: Seen) => void;

export interface TestServer {
  root: string;
  seen: Seen[];
  close(): Promise<void>;
}

export async function serve(answer: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void read(request).then((raw) => {
      const path = request.url ?? '';
      const each = {
        path,
        raw,
        method: path.slice(path.lastIndexOf('/') + 1),
        body: JSON.parse(raw) as unknown,
      };
      seen.push(each);
      answer(response, each);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    root: `http://127.0.0.1:${String(port)}/root/`,
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

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
