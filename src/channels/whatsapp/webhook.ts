import type { RawRequest, RawResponse, Route } from '../../message/route.ts';
import type { ChannelContext } from '../channel.ts';
import { REFUSED, toBatch, type Us } from './inbound.ts';
import { isSigned, sameWord } from './signature.ts';
import { utf8 } from '../../lib/decode.ts';

export const SIGNATURE_HEADER = 'x-hub-signature-256';
export const WEBHOOK_PATH = '/webhook/whatsapp';
/** A batch of WhatsApp's is at most 3 MB. */
const LARGEST_BATCH = 3 * 1024 * 1024;
const BUSY_SECONDS = 5;

export interface WebhookOptions {
  appSecret: string;
  verifyToken: string;
  us: Us;
  /** Undefined until the channel has started. */
  context(): ChannelContext | undefined;
}

export function webhookRoutes(options: WebhookOptions): Route[] {
  return [
    {
      method: 'GET',
      path: WEBHOOK_PATH,
      maxBody: 0,
      handle: (request) => Promise.resolve(verify(request, options)),
    },
    {
      method: 'POST',
      path: WEBHOOK_PATH,
      maxBody: LARGEST_BATCH,
      handle: (request) => receive(request, options),
    },
  ];
}

/** Meta proves that it knows our word, we prove that the address is ours by repeating its challenge. */
function verify(request: RawRequest, { verifyToken }: WebhookOptions): RawResponse {
  const only = (name: string): string | undefined => {
    const values = request.query.getAll(name);
    return values.length === 1 ? values[0] : undefined;
  };
  const challenge = only('hub.challenge') ?? '';
  const known = sameWord(only('hub.verify_token'), verifyToken);
  const asked = only('hub.mode') === 'subscribe' && /^[A-Za-z0-9_-]{1,128}$/.test(challenge);
  return known && asked ? plain(200, challenge) : plain(403, 'Erreur de vérification');
}

function plain(status: number, body: string): RawResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body,
  };
}

/**
 * Verify, parse, store, acknowledge: only a 200 counts, and whatever is authentic gets one. What we cannot use is kept aside,
 * what is about another number of the same application is dropped.
 */
async function receive(request: RawRequest, options: WebhookOptions): Promise<RawResponse> {
  if (!isSigned(request.body, request.headers[SIGNATURE_HEADER], options.appSecret))
    return refuse(401, 'Invalid signature');
  const raw = utf8(request.body);
  const batch = raw === undefined ? REFUSED : toBatch(raw, options.us);
  if (batch === REFUSED) return refuse(400, REFUSED);

  const context = options.context();
  if (!context) return busy();
  const { items, foreign, ignored } = batch;
  if (foreign > 0) context.log.warn('whatsapp.not_our_number', { changes: foreign });
  if (ignored > 0) context.log.info('whatsapp.other_fields', { changes: ignored });
  try {
    return (await context.receive(items)) === 'stored' ? { status: 200, body: '' } : busy();
  } catch (error) {
    context.log.error('whatsapp.receive_failed', { reason: error instanceof Error ? error.name : 'unknown' });
    return busy();
  }
}

/** The same few bytes for every refusal: nothing of the request, the secret or the expected signature. */
function refuse(status: number, error: string): RawResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error }),
  };
}

function busy(): RawResponse {
  return { status: 503, headers: { 'retry-after': String(BUSY_SECONDS) }, body: '' };
}
