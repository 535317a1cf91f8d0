import * as http from 'node:http';
import * as https from 'node:https';
import type { JsonObject } from '../shared/json.ts';
import type { WebhookSettings } from './webhook.ts';

export type PostResult =
  | { status: number; reason: string; retryAfter: number; body: string }
  | { error: string; connected: boolean };

export interface Post {
  send(update: JsonObject): Promise<PostResult>;
  close(): void;
}

const BODY_KEPT = 64 * 1024;

/** Connections to one webhook, kept alive. Redirects are not followed. */
export function createPost(settings: WebhookSettings, timeoutMs: number): Post {
  const url = new URL(settings.url);
  const secure = url.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: settings.maxConnections };
  const agent = secure ? new https.Agent(options) : new http.Agent(options);
  const requests = new Set<http.ClientRequest>();

  const send = (update: JsonObject): Promise<PostResult> =>
    new Promise((resolve) => {
      const body = Buffer.from(JSON.stringify(update));
      let connected = false;
      const request = (secure ? https : http).request(url, {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          'accept-encoding': 'gzip, deflate',
          ...(settings.secretToken === '' ? {} : { 'x-telegram-bot-api-secret-token': settings.secretToken }),
        },
      });
      requests.add(request);
      const finish = (result: PostResult): void => {
        clearTimeout(timer);
        requests.delete(request);
        resolve(result);
      };
      const timer = setTimeout(() => request.destroy(new Error('Read timeout expired')), timeoutMs);
      request.on('socket', (socket) => {
        connected = !socket.connecting;
        // A kept-alive socket is already connected: a listener for each request would pile up on it.
        if (!connected) socket.once('connect', () => (connected = true));
      });
      request.on('error', (error) => finish({ error: readable(error), connected }));
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (text.length < BODY_KEPT) text += chunk;
        });
        response.on('error', (error) => finish({ error: readable(error), connected }));
        response.on('end', () => {
          const retryAfter = Number(response.headers['retry-after']);
          finish({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? '',
            retryAfter: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : 0,
            body: text,
          });
        });
      });
      request.end(body);
    });

  const close = (): void => {
    for (const request of requests) request.destroy(new Error('Webhook connection closed'));
    agent.destroy();
  };
  return { send, close };
}

function readable(error: Error & { code?: string }): string {
  if (error.code === 'ECONNREFUSED') return 'Connection refused';
  if (error.code === 'ECONNRESET') return 'Webhook connection closed';
  return error.message;
}
