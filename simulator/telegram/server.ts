import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { handleCall } from './dispatch.ts';
import type { Platform } from './dispatch.ts';

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** The platform's own port: `/bot<token>/<method>`, `/file/bot<token>/<path>` and the control routes. */
export async function listen(
  platform: Platform,
  control: (req: IncomingMessage, res: ServerResponse) => void,
  at: { host: string; port: number },
): Promise<Listening> {
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://simulator');
    const call = /^\/bot([^/]*)\/([^/]+)$/.exec(url.pathname);
    if (call) {
      const [, token = '', method = ''] = call;
      const route = { token: decodeURIComponent(token), method, query: url.searchParams };
      handleCall(platform, route, req, res).catch(() => res.destroy());
    } else if (url.pathname.startsWith('/simulator/api/telegram/')) {
      control(req, res);
    } else {
      sendFile(platform, url.pathname, res);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  return { port: portOf(server), close: () => close(server) };
}

function sendFile({ token, store }: Platform, path: string, res: ServerResponse): void {
  const prefix = `/file/bot${token}/`;
  const wanted = decodeURIComponent(path);
  const file = wanted.startsWith(prefix)
    ? [...store.files.values()].find((candidate) => candidate.path === wanted.slice(prefix.length))
    : undefined;
  if (file) {
    res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length });
    res.end(file.bytes);
    return;
  }
  res.writeHead(404, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ ok: false, error_code: 404, description: 'Not Found' }));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
