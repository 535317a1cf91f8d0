import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTROL_PREFIX } from './control.ts';
import { handleCall } from './dispatch.ts';
import type { Platform } from './dispatch.ts';

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** The platform's own port: the Graph API, media downloads and the control routes. */
export async function listen(
  platform: Platform,
  control: (req: IncomingMessage, res: ServerResponse) => void,
  at: { host: string; port: number },
): Promise<Listening> {
  const server = createServer((req, res) => {
    if ((req.url ?? '').startsWith(CONTROL_PREFIX)) control(req, res);
    else handleCall(platform, req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
