import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Platform {
  url: string;
  /** Messages sent to us, and when (performance.now) the last came. */
  messages: number;
  last: number;
  /** Called with each sendMessage's chat. */
  onMessage: ((chat: number) => void) | undefined;
  close(): void;
}

/** A fast Bot API: says yes to everything and counts messages. */
export async function startPlatform(): Promise<Platform> {
  const platform: Platform = {
    url: '',
    messages: 0,
    last: 0,
    onMessage: undefined,
    close: () => server.close(),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const method = request.url?.split('/').at(-1);
      let result: unknown = true;
      if (method === 'getMe') result = { id: 1_000_002, is_bot: true, first_name: 'B', username: 'b_bot' };
      if (method === 'sendMessage') {
        platform.messages++;
        platform.last = performance.now();
        if (platform.onMessage) {
          const chat = /"chat_id":(\d+)/.exec(Buffer.concat(chunks).toString())?.[1];
          platform.onMessage(Number(chat));
        }
        result = { message_id: platform.messages, date: 1, chat: { id: 1, type: 'private' } };
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, result }));
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  platform.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return platform;
}
