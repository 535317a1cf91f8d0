import { checkSecret, SECRET_ADVICE, secretSentence } from '../../config/secrets.ts';
import type { Capabilities, Channel, ChannelContext } from '../channel.ts';
import { SendError } from '../errors.ts';
import { createApi } from './api.ts';
import { createDocuments } from './documents.ts';
import { childrenIn, stringIn } from './fields.ts';
import { markRead, readPayload } from './inbound.ts';
import { LIMITS, WINDOW_MS } from './limits.ts';
import { createMedia } from './media.ts';
import { render } from './outbound.ts';
import { SIGNATURE_HEADER, webhookRoutes } from './webhook.ts';

export interface WhatsAppOptions {
  /** Access token of the Graph API. */
  token: string;
  /** Id of our sending number (not the number): digits. */
  phoneId: string;
  /** Signs what WhatsApp sends us. */
  appSecret: string;
  /** The word that proves to us that a verification comes from Meta. */
  verifyToken: string;
  /** Base address of the Graph API. */
  apiRoot: string;
  /** `v25.0`. */
  apiVersion: string;
  /** Keyed digest (hex): the ids of messages encode a phone, so the inbox never holds one in clear. */
  digest: (value: string) => string;
  /** Most connections kept open. */
  connections?: number;
}

/** What Meta says of our number. */
export interface WhatsAppNumber {
  name?: string;
  number?: string;
  /** GREEN, YELLOW or RED. */
  quality?: string;
}

export interface WhatsApp extends Channel {
  describe(): Promise<WhatsAppNumber>;
}

const START_TIMEOUT_MS = 8_000;

const CAPABILITIES: Capabilities = {
  textLimit: LIMITS.text,
  textUnit: 'utf16',
  edits: false,
  choices: { total: LIMITS.rows, perRow: 1, label: LIMITS.rowTitle },
  // WhatsApp shows it for 25 s.
  typing: { every: 20_000 },
  // 80 messages a second for our number; to one person one every 6 s, of which 45 may come at once (5 are kept in hand).
  rate: { perSecond: 80, perChatPerSecond: 1 / 6, perGroupPerMinute: 10, perChatBurst: 40 },
  window: { ms: WINDOW_MS },
  // Its webhook of the first status comes within seconds.
  tellsFateWithin: 20_000,
  opensWithStart: false,
  limits: LIMITS,
};

/**
 * The WhatsApp channel, on the Cloud API. Throws at once, with a sentence that says what to write, on a setting that cannot work or
 * a weak secret.
 *
 * `start` asks once for our number (8 s), so that a revoked token is known now: it rejects then, and goes on whatever else
 * happens, since WhatsApp calls us. `stop` drops open connections, so call it after the last `send`.
 */
export function createWhatsApp(options: WhatsAppOptions): WhatsApp {
  checkOptions(options);
  const { phoneId } = options;
  const api = createApi(options);
  const documents = createDocuments(api);
  const media = createMedia({ api, token: options.token, apiRoot: options.apiRoot });
  const stopping = new AbortController();
  let context: ChannelContext | undefined;

  return {
    name: 'whatsapp',
    title: 'WhatsApp',
    account: phoneId,
    capabilities: CAPABILITIES,
    routes: webhookRoutes({
      appSecret: options.appSecret,
      verifyToken: options.verifyToken,
      us: { phoneId, digest: options.digest },
      context: () => context,
    }),
    recognises: (request) =>
      request.headers[SIGNATURE_HEADER] !== undefined ||
      (request.method !== 'POST' && request.query.has('hub.mode')),
    read: (payload) => readPayload(payload, phoneId),
    render,
    typing(_address, event) {
      return event?.messageRef === undefined ? undefined : markRead(event.messageRef, true);
    },
    outsideWindow: ({ params }) => params['type'] === 'template' || params['type'] === undefined,
    async send(call, signal, reference) {
      // Only a message is told of later; marking as read is no message.
      const told = reference !== undefined && call.params['type'] !== undefined;
      if (told && reference.length > LIMITS.reference)
        throw new RangeError(`A reference has at most ${String(LIMITS.reference)} characters.`);
      // Another try of the message needs no other upload.
      const upload = reference?.replace(/\.\d+$/, '');
      const ready = await documents.ready(call.params, signal, upload);
      const params = told ? { ...ready, biz_opaque_callback_data: reference } : ready;
      const answer = await api.post(call.method, params, { signal });
      documents.sent(upload);
      const [message] = childrenIn(answer, 'messages');
      const id = message && stringIn(message, 'id');
      return id === undefined ? {} : { messageRef: id };
    },
    async describe() {
      const fields = ['verified_name', 'display_phone_number', 'quality_rating'];
      const told = await api.describe(fields, { timeout: START_TIMEOUT_MS });
      const [name, number, quality] = fields.map((field) => stringIn(told, field));
      return {
        ...(name === undefined ? {} : { name }),
        ...(number === undefined ? {} : { number }),
        ...(quality === undefined ? {} : { quality }),
      };
    },
    fetchMedia: (file, limits) => media.fetch(file, limits),
    async start(given) {
      context = given;
      try {
        await api.describe(['verified_name'], { signal: stopping.signal, timeout: START_TIMEOUT_MS });
        given.log.info('whatsapp.started', { number: phoneId });
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        if (error.policy.alarm) {
          context = undefined;
          throw error;
        }
        given.log.warn('whatsapp.not_reached_at_start', { code: error.code, reason: error.message });
      }
    },
    async stop() {
      stopping.abort();
      context = undefined;
      await Promise.all([api.close(), media.close()]);
    },
  };
}

function checkOptions(options: WhatsAppOptions): void {
  if (!/^\S+$/.test(options.token) || /^(votre|your)[_-]/i.test(options.token))
    throw new Error('WHATSAPP_TOKEN is not an access token. Write the one of your application at Meta.');
  if (!/^\d{1,30}$/.test(options.phoneId))
    throw new Error(
      'WHATSAPP_PHONE_ID is not an id. Write the id that Meta shows beside your number: digits only, and not the number itself.',
    );
  if (!/^v\d{1,3}\.\d{1,2}$/.test(options.apiVersion))
    throw new Error('WHATSAPP_API_VERSION is not a version. Write one such as v25.0.');
  const secret = checkSecret(options.appSecret);
  if (secret !== undefined)
    throw new Error(
      `WHATSAPP_APP_SECRET ${secretSentence(secret).replace(SECRET_ADVICE, 'write the one of your application, in its basic settings at Meta.')}`,
    );
  const word = checkSecret(options.verifyToken);
  if (word !== undefined) throw new Error(`WEBHOOK_VERIFY_TOKEN ${secretSentence(word)}`);
}
