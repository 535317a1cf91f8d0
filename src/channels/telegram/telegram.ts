import { setTimeout as wait } from 'node:timers/promises';
import { checkSecret, secretSentence } from '../../config/secrets.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Capabilities, Channel, ChannelContext } from '../channel.ts';
import { SendError } from '../errors.ts';
import type { Us } from './addressed.ts';
import { createApi } from './api.ts';
import { fieldsOf, integerIn, listIn, stringIn } from '../fields.ts';
import { idIn } from './fields.ts';
import { withFile } from './documents.ts';
import { createFiles } from './files.ts';
import { readUpdate } from './inbound.ts';
import { LIMITS } from './limits.ts';
import { chatId, render } from './outbound.ts';
import { backoff, type Pause, poll } from './poll.ts';
import { SECRET_HEADER, WEBHOOK_PATH, webhookRoutes } from './webhook.ts';

export interface TelegramOptions {
  /** `123456:secret`, as BotFather gives it. */
  token: string;
  /** Base address of the Bot API. */
  apiRoot: string;
  /** Present: Telegram pushes to `baseUrl` + our path. Absent: long polling. */
  webhook?: { baseUrl: string; secret: string };
  /** Shown in the platform's own menu. */
  commands: readonly { command: string; description: string }[];
  clock: Clock;
  /** Seconds of one long poll, 1 to 50. */
  pollSeconds?: number;
  /** Tests replace the waiting and the dice. */
  pause?: Pause;
  random?: () => number;
}

export interface WebhookInfo {
  /** Empty: none is set. */
  url: string;
  pending: number;
  lastError?: string;
  /** Epoch milliseconds. */
  lastErrorAt?: number;
  maxConnections?: number;
  allowedUpdates: string[];
}

export interface Telegram extends Channel {
  /** What Telegram knows of our webhook. Works without `start`. */
  webhookInfo(): Promise<WebhookInfo>;
  /** Registers the webhook with its secret. Works without `start`. */
  setWebhook(): Promise<void>;
}

/** The kinds the product uses. Telegram remembers the list until it is told another. */
const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'];
const MAX_CONNECTIONS = 40;
const START_TIMEOUT_MS = 8_000;
const POLL_SECONDS = 30;

/** Texts are split on UTF-16 units (see outbound), the limit itself counts code points, as for what people write to us. */
const CAPABILITIES: Capabilities = {
  textLimit: LIMITS.text,
  textUnit: 'code points',
  edits: true,
  opensWithStart: true,
  tellsAlbums: true,
  choices: { total: LIMITS.inlineButtons, perRow: LIMITS.inlinePerRow, label: LIMITS.label },
  // Telegram shows it for 5 s.
  typing: { every: 4_000 },
  rate: { perSecond: 30, perChatPerSecond: 1, perGroupPerMinute: 20 },
  limits: LIMITS,
};

const quietly: Pause = (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined);

/**
 * The Telegram channel. Throws at once, with a sentence that says what to write, on a malformed token or a weak webhook secret.
 *
 * `start` makes one attempt (8 s per call) and resolves whatever the network says, going on in the background;
 * it rejects only when Telegram refuses what it was told (token, webhook address). `stop` ends the poll at once and drops open
 * connections, so call it after the last `send`.
 */
export function createTelegram(options: TelegramOptions): Telegram {
  const us: Us = { id: botId(options.token) };
  if (options.webhook) {
    const problem = checkSecret(options.webhook.secret);
    if (problem !== undefined) throw new Error(`WEBHOOK_SECRET ${secretSentence(problem)}.`);
  }
  const api = createApi(options);
  const files = createFiles({ api, token: options.token, apiRoot: options.apiRoot });
  const pause = options.pause ?? quietly;
  const random = options.random ?? Math.random;
  const stopping = new AbortController();
  let context: ChannelContext | undefined;
  let background: Promise<void> = Promise.resolve();
  let reached = false;

  async function introduce(started: ChannelContext): Promise<void> {
    const call = { signal: stopping.signal, timeout: START_TIMEOUT_MS };
    const me = fieldsOf((await api.call('getMe', {}, call)).result) ?? {};
    us.username = stringIn(me, 'username');
    if (idIn(me, 'id') !== us.id) started.log.warn('telegram.other_bot', { expected: us.id });
    try {
      await api.call('setMyCommands', { commands: options.commands }, call);
    } catch (error) {
      if (!(error instanceof SendError) || error.policy.retryable) throw error;
      started.log.warn('telegram.commands_refused', { code: error.code, reason: error.message });
    }
    if (options.webhook) await registerWebhook();
    else await api.call('deleteWebhook', {}, call);
    reached = true;
    started.log.info('telegram.started', { mode: options.webhook ? 'webhook' : 'polling', bot: us.username });
  }

  async function registerWebhook(): Promise<void> {
    if (!options.webhook)
      throw new Error(
        'WEBHOOK_URL is not set, so there is no webhook to register. Write the public https address of this server in it.',
      );
    await api.call(
      'setWebhook',
      {
        url: options.webhook.baseUrl.replace(/\/+$/, '') + WEBHOOK_PATH,
        secret_token: options.webhook.secret,
        allowed_updates: ALLOWED_UPDATES,
        max_connections: MAX_CONNECTIONS,
      },
      { signal: stopping.signal, timeout: START_TIMEOUT_MS },
    );
  }

  async function introduceAgain(started: ChannelContext): Promise<boolean> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      await pause(backoff(failures, random), stopping.signal);
      if (stopping.signal.aborted) return false;
      try {
        await introduce(started);
        return true;
      } catch (error) {
        if (stopping.signal.aborted) return false;
        const refused = !(error instanceof SendError) || !error.policy.retryable;
        started.log[refused ? 'error' : 'warn']('telegram.start_failed', describe(error));
      }
    }
    return false;
  }

  function listen(started: ChannelContext): Promise<void> {
    if (options.webhook) return Promise.resolve();
    return poll({
      api,
      context: started,
      clock: options.clock,
      us: () => us,
      allowed: ALLOWED_UPDATES,
      seconds: Math.min(50, Math.max(1, options.pollSeconds ?? POLL_SECONDS)),
      pause,
      random,
      signal: stopping.signal,
    });
  }

  return {
    name: 'telegram',
    title: 'Telegram',
    account: String(us.id),
    capabilities: CAPABILITIES,
    routes: options.webhook
      ? webhookRoutes({
          secret: options.webhook.secret,
          clock: options.clock,
          us: () => us,
          context: () => context,
        })
      : [],
    recognises: (request) => request.headers[SECRET_HEADER] !== undefined,
    read: (payload) => readUpdate(payload, us),
    render,
    typing(address) {
      if (address.kind === 'channel') return undefined;
      return { method: 'sendChatAction', params: { chat_id: chatId(address), action: 'typing' } };
    },
    async send(call, signal) {
      const { params, file } = withFile(call.params);
      const { result } = await api.call(call.method, params, { signal, ...(file && { file }) });
      const id = idIn(fieldsOf(result) ?? {}, 'message_id');
      return id === undefined ? {} : { messageRef: String(id) };
    },
    fetchMedia: (media, limits) => files.fetch(media, limits),
    reached: () => reached,
    async start(given) {
      context = given;
      try {
        await introduce(given);
        background = watched(listen(given), given);
      } catch (error) {
        if (!(error instanceof SendError) || !error.policy.retryable) throw error;
        given.log.warn('telegram.start_failed', describe(error));
        background = watched(
          introduceAgain(given).then((ready) => (ready ? listen(given) : undefined)),
          given,
        );
      }
    },
    async stop() {
      stopping.abort();
      context = undefined;
      await background;
      await Promise.all([api.close(), files.close()]);
    },
    async webhookInfo() {
      return webhookInfoOf((await api.call('getWebhookInfo', {}, { timeout: START_TIMEOUT_MS })).result);
    },
    setWebhook: registerWebhook,
  };

  function webhookInfoOf(result: unknown): WebhookInfo {
    const info = fieldsOf(result) ?? {};
    const lastError = stringIn(info, 'last_error_message');
    const lastErrorDate = integerIn(info, 'last_error_date');
    const maxConnections = integerIn(info, 'max_connections');
    return {
      url: api.scrub(stringIn(info, 'url') ?? ''),
      pending: integerIn(info, 'pending_update_count') ?? 0,
      ...(lastError === undefined ? {} : { lastError: api.scrub(lastError) }),
      ...(lastErrorDate === undefined ? {} : { lastErrorAt: lastErrorDate * 1000 }),
      ...(maxConnections === undefined ? {} : { maxConnections }),
      allowedUpdates: listIn(info, 'allowed_updates').filter((each) => typeof each === 'string'),
    };
  }
}

/** A bug in the background is told, never left to end the process. */
function watched(work: Promise<void>, { log }: ChannelContext): Promise<void> {
  return work.catch((error: unknown) => log.error('telegram.stopped_by_a_bug', describe(error)));
}

function describe(error: unknown): Record<string, unknown> {
  return error instanceof SendError
    ? { code: error.code, reason: error.message }
    : { reason: error instanceof Error ? error.name : 'unknown' };
}

/** The part before the colon is the bot's id: the account is known with no network. */
function botId(token: string): number {
  const match = /^([1-9]\d{0,15}):[A-Za-z0-9_-]+$/.exec(token);
  const id = Number(match?.[1]);
  if (!match || !Number.isSafeInteger(id))
    throw new Error(
      'TELEGRAM_TOKEN is not a bot token. Write the one BotFather gave, digits, a colon, then letters: 123456:ABC-DEF…',
    );
  return id;
}
