import type { Clock } from '../../lib/clock.ts';
import type { RawRequest, RawResponse, Route } from '../../message/route.ts';
import type { ChannelContext } from '../channel.ts';
import { toIncoming, type Us } from './inbound.ts';
import { sameSecret } from './secret.ts';
import { utf8 } from '../../lib/decode.ts';

export const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
/** The path given to Telegram, and the contract's: a bad secret is answered 400 there. */
export const WEBHOOK_PATH = '/api/v1/telegram/webhook';
const SHORT_PATH = '/webhook/telegram';
/** Telegram's own updates stay far below. */
const LARGEST_UPDATE = 1024 * 1024;
const BUSY_SECONDS = 5;

export interface WebhookOptions {
  secret: string;
  clock: Clock;
  us(): Us;
  /** Undefined until the channel has started. */
  context(): ChannelContext | undefined;
}

export function webhookRoutes(options: WebhookOptions): Route[] {
  const route = (path: string, badSecret: number): Route => {
    const refuseStranger = (request: RawRequest): RawResponse | undefined =>
      sameSecret(request.headers[SECRET_HEADER], options.secret)
        ? undefined
        : refuse(badSecret, 'Invalid secret token', options.clock);
    return {
      method: 'POST',
      path,
      maxBody: LARGEST_UPDATE,
      // Before the body: a stranger's megabyte must not wait in memory for its end.
      refuse: refuseStranger,
      handle: async (request) => refuseStranger(request) ?? (await receive(request, options)),
    };
  };
  return [route(WEBHOOK_PATH, 400), route(SHORT_PATH, 401)];
}

/**
 * Verify, parse, store, acknowledge. The 200 has an empty body: Telegram would execute a method found in it. What is
 * authentic but unusable is stored and acknowledged too, because a refusal makes Telegram hold that chat back for a day.
 */
async function receive(request: RawRequest, options: WebhookOptions): Promise<RawResponse> {
  const raw = utf8(request.body);
  const reading = raw === undefined ? ({ refused: 'Invalid JSON' } as const) : toIncoming(raw, options.us());
  if ('refused' in reading) return refuse(400, reading.refused, options.clock);

  const context = options.context();
  if (!context) return busy();
  try {
    return (await context.receive([reading.incoming])) === 'stored' ? { status: 200, body: '' } : busy();
  } catch (error) {
    context.log.error('telegram.receive_failed', { reason: error instanceof Error ? error.name : 'unknown' });
    return busy();
  }
}

function refuse(status: number, details: string, clock: Clock): RawResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      error: 'Validation failed',
      details,
      timestamp: new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    }),
  };
}

function busy(): RawResponse {
  return { status: 503, headers: { 'retry-after': String(BUSY_SECONDS) }, body: '' };
}
