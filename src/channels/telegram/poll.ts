import type { Clock } from '../../lib/clock.ts';
import type { ChannelContext, Incoming } from '../channel.ts';
import { SendError } from '../errors.ts';
import type { Api } from './api.ts';
import { CONFLICT_WAIT_MS } from './failures.ts';
import { textKey, toIncoming, type Us } from './inbound.ts';
import { resultElements } from './raw.ts';

/** Waits, or returns early when the signal fires; never throws. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export interface PollOptions {
  api: Api;
  context: ChannelContext;
  clock: Clock;
  us(): Us;
  allowed: readonly string[];
  /** Seconds the server holds an empty answer; at most 50. */
  seconds: number;
  pause: Pause;
  /** 0 to 1. */
  random(): number;
  signal: AbortSignal;
}

const BATCH = 100;
const BUSY_WAIT_MS = 2_000;
/** On top of the server's own waiting. */
const ANSWER_TIMEOUT_MS = 10_000;
/** A revoked token: asked again now and then, since Telegram itself has answered 401 by mistake. */
const REVOKED_WAIT_MS = 300_000;
/** After a week without updates Telegram numbers them from a random place, perhaps below our offset. */
const FORGET_OFFSET_MS = 6 * 24 * 3_600_000;
/** An empty answer is held by the server; one that comes at once would make us turn in circles. */
const AT_ONCE_MS = 200;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** Doubling from 1 s to 60 s, give or take half, so that restarted machines do not knock together. */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10));
  return Math.round(full * (0.5 + random()));
}

/**
 * Long polling until the signal fires. Asking for a higher offset confirms what came before it, so the offset moves only when
 * `receive` has said that the batch is stored; until then the same updates come again.
 */
export async function poll(options: PollOptions): Promise<void> {
  const { context, clock, signal, pause } = options;
  let offset: number | undefined;
  let lastUpdate = clock.now();
  let failures = 0;
  while (!signal.aborted) {
    if (clock.now() - lastUpdate > FORGET_OFFSET_MS) offset = undefined;
    let updates: string[];
    const asked = clock.monotonic();
    try {
      updates = await ask(options, offset);
      if (failures > 0) context.log.info('telegram.poll.recovered');
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      await pause(troubleWait(error, failures++, options), signal);
      continue;
    }
    if (updates.length === 0) {
      if (clock.monotonic() - asked < AT_ONCE_MS) await pause(AT_ONCE_MS, signal);
      continue;
    }
    lastUpdate = clock.now();
    const batch = updates.map((raw) => read(raw, options.us()));
    if (
      !(await stored(
        batch.map((each) => each.incoming),
        context,
      ))
    ) {
      await pause(BUSY_WAIT_MS, signal);
      continue;
    }
    const ids = batch.map((each) => each.updateId).filter((id) => id !== undefined);
    if (ids.length > 0) offset = Math.max(...ids) + 1;
    else await pause(CONFLICT_WAIT_MS, signal);
  }
}

async function ask(options: PollOptions, offset: number | undefined): Promise<string[]> {
  const { seconds, allowed, signal } = options;
  const answer = await options.api.call(
    'getUpdates',
    { offset, limit: BATCH, timeout: seconds, allowed_updates: allowed },
    { signal, timeout: seconds * 1000 + ANSWER_TIMEOUT_MS },
  );
  return resultElements(answer.text);
}

async function stored(items: Incoming[], context: ChannelContext): Promise<boolean> {
  try {
    return (await context.receive(items)) === 'stored';
  } catch (error) {
    context.log.error('telegram.receive_failed', { reason: error instanceof Error ? error.name : 'unknown' });
    return false;
  }
}

/** What is no update is kept all the same, as a dead letter. */
function read(raw: string, us: Us): { incoming: Incoming; updateId: number | undefined } {
  const reading = toIncoming(raw, us);
  if ('refused' in reading)
    return {
      updateId: undefined,
      incoming: { dedupKey: textKey(raw), kind: 'unknown', payload: raw, unusable: reading.refused },
    };
  return {
    incoming: reading.incoming,
    updateId: Number.isSafeInteger(reading.updateId + 1) ? reading.updateId : undefined,
  };
}

/** Says once what is wrong, and how long to wait. */
function troubleWait(error: unknown, failures: number, { context, random }: PollOptions): number {
  if (!(error instanceof SendError)) {
    context.log.error('telegram.poll.failed', { reason: error instanceof Error ? error.name : 'unknown' });
    return backoff(failures, random);
  }
  const fields = { code: error.code, reason: error.message };
  if (error.code === 'conflict') {
    if (failures === 0)
      context.log.error('telegram.poll.conflict', {
        ...fields,
        advice:
          'Another program uses this bot token, or a webhook is set. Stop the other one, or run: guichet telegram info',
      });
    return error.policy.retryAfter ?? CONFLICT_WAIT_MS;
  }
  if (error.policy.alarm) {
    context.log.error('telegram.token_refused', {
      ...fields,
      advice: 'Check TELEGRAM_TOKEN with BotFather.',
    });
    return REVOKED_WAIT_MS;
  }
  if (failures === 0) context.log.warn('telegram.poll.interrupted', fields);
  return Math.max(error.policy.retryAfter ?? 0, backoff(failures, random));
}
