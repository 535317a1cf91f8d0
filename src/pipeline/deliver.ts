import type { Channel } from '../channels/channel.ts';
import { SendError, type SendPolicy } from '../channels/errors.ts';
import { createPacer, type Pacer } from '../lib/pace.ts';
import { backoff } from '../lib/retry.ts';
import type { Outcome } from '../jobs/lanes.ts';
import type { PlatformCall } from '../message/outbound.ts';
import { ConflictError, type Statement } from '../storage/store.ts';
import { createCircuit, type Circuit } from './circuit.ts';
import { isNobodys, outboxPlace, type OutboxJob } from './replies.ts';
import type { Runtime } from './runtime.ts';
import { outsideWindow, referenceOf } from './statuses.ts';

/** One platform call may take this long; its lease is longer. Milliseconds. */
const CALL_TIMEOUT_MS = 20_000;
const LEASE_MS = 30_000;
const STORE_RETRY_MS = 1000;
const RETRY = { base: 1000, cap: 60_000 };
/** Where a channel does not say: messages a chat may get at once before it is held to the platform's pace. */
const CHAT_BURST = 5;
/** Failures of one row while others get through; being told to wait does not count. */
const MOST_ATTEMPTS = 20;
/** Calls of one row that may each have been carried out: more would only be the same message again. */
const MOST_UNCERTAIN = 4;
const IDLE_PACERS = 10_000;

export interface Deliver {
  run(job: OutboxJob): Promise<Outcome>;
  /** Calls to this channel's platform get through. */
  reaches(channel: string): boolean;
}

/**
 * Sends outbox rows: the only way a durable message leaves. `pending → sending` is on disk before the call, so a
 * crash leaves "outcome unknown" and never "forgotten"; errors say by their flags what happens next.
 */
export function createDeliver(
  runtime: Pick<
    Runtime,
    'store' | 'outbox' | 'conversations' | 'channels' | 'sealer' | 'clock' | 'log' | 'metrics' | 'report'
  >,
): Deliver {
  const { store, outbox, conversations, channels, sealer, clock, log, metrics, report } = runtime;
  const accounts = new Map<string, { pacer: Pacer; circuit: Circuit }>();
  let chats = new Map<string, Pacer>();

  const run = async (job: OutboxJob): Promise<Outcome> => {
    const channel = channels.get(job.channel);
    if (!channel) return settle(job, 'no such channel runs');
    if (job.owed) return pay(job);
    const tick = clock.monotonic();
    if (job.expiresAt <= tick) return settle(job, 'expired before it could be sent');
    if (job.notBefore > tick) return { retryAt: job.notBefore };
    const account = accountOf(channel);
    const chat = chatPacer(channel, job);
    const wait = Math.max(
      account.circuit.waitFor(job.destination),
      account.pacer.delay(tick),
      chat.delay(tick),
    );
    if (wait > 0) return { retryAt: tick + wait };
    account.pacer.take(tick);
    chat.take(tick);

    try {
      const call = job.call ?? (await readCall(job));
      if (!call) return 'done';
      const now = clock.now();
      // Interactive: they have just written, whatever was known of them before.
      if (job.lane !== 'interactive' && (await isUnreachable(job))) return await settle(job, 'unreachable');
      if (!(await mayWrite(channel, job, call, now))) {
        report(outsideWindow(channel.title, job.id));
        return await settle(job, 'outside_window');
      }
      const [row] = await store.commit([outbox.sending({ id: job.id, lease_until: now + LEASE_MS })]);
      job.attempt++;
      const reference = referenceOf(job.id, Number(row?.rows[0]?.['fence'] ?? 0));
      return await send(channel, account.circuit, job, call, reference);
    } catch (error) {
      if (error instanceof ConflictError && !job.owed) return 'done';
      return { retryAt: clock.monotonic() + STORE_RETRY_MS };
    }
  };
  return { run, reaches: (channel) => accounts.get(channel)?.circuit.isClosed() ?? true };

  async function send(
    channel: Channel,
    circuit: Circuit,
    job: OutboxJob,
    call: PlatformCall,
    reference: string,
  ): Promise<Outcome> {
    circuit.started();
    let sent: { messageRef?: string };
    try {
      sent = await channel.send(call, AbortSignal.timeout(CALL_TIMEOUT_MS), reference);
    } catch (error) {
      const policy: SendPolicy = error instanceof SendError ? error.policy : { retryable: false };
      const code = error instanceof SendError ? error.code : 'bug';
      const transport = policy.retryable && policy.retryAfter === undefined && policy.movedTo === undefined;
      if (transport) circuit.failed(job.destination);
      else circuit.succeeded();
      // While nothing gets through, a failure says nothing of this message.
      if (!circuit.isClosed()) job.attempt--;
      if (policy.uncertain) job.uncertain = (job.uncertain ?? 0) + 1;
      if (policy.done) return accepted(channel, job, undefined);
      if (policy.useFallback && call.fallback) {
        job.call = call.fallback;
        return send(channel, circuit, job, call.fallback, reference);
      }
      metrics.counted('guichet_send_failures_total', 'Calls a platform refused or lost.', {
        channel: channel.name,
        code,
      });
      log.warn('send_failed', {
        outbox: job.id,
        channel: channel.name,
        method: call.method,
        code,
        attempt: job.attempt,
        retry: policy.retryable,
      });
      if (policy.alarm) {
        report({
          kind: 'channel_refused',
          message: `${channel.name} refuses what we send (${code}): check its token, its settings and the templates used.`,
        });
      }
      if (policy.movedTo !== undefined) return readdressed(channel, job, call, policy.movedTo);
      if (policy.unreachable && job.conversationId !== null) {
        return owe(job, 'done', [
          conversations.setReachable({ id: job.conversationId, unreachable_at: clock.now() }),
          outbox.failed({ id: job.id, at: clock.now(), error: code }),
        ]);
      }
      if (policy.outsideWindow) report(outsideWindow(channel.title, job.id));
      // Told when to come back: the message waits, even where only staff can mend the cause (a revoked token).
      const again = job.attempt < MOST_ATTEMPTS && (job.uncertain ?? 0) < MOST_UNCERTAIN;
      const waits = policy.retryAfter !== undefined || (policy.retryable && again);
      if (!waits) return settle(job, code);
      return postpone(channel, circuit, job, policy, code);
    }
    circuit.succeeded();
    return accepted(channel, job, sent.messageRef);
  }

  /** The platform has spoken: what it said reaches the disk, however long the disk takes; the call is not made again. */
  async function owe(job: OutboxJob, outcome: Outcome, statements: Statement[]): Promise<Outcome> {
    job.owed = { outcome, statements };
    return pay(job);
  }

  async function pay(job: OutboxJob): Promise<Outcome> {
    if (!job.owed) return 'done';
    const { outcome, statements } = job.owed;
    try {
      await store.commit(statements);
    } catch (error) {
      if (!(error instanceof ConflictError)) return { retryAt: clock.monotonic() + STORE_RETRY_MS };
      // The platform told meanwhile what became of it: that is what counts.
      delete job.owed;
      return 'done';
    }
    delete job.owed;
    if (outcome === 'done' && isNobodys(job)) await store.scrub().catch(() => false);
    return outcome;
  }

  async function postpone(
    channel: Channel,
    circuit: Circuit,
    job: OutboxJob,
    policy: SendPolicy,
    code: string,
  ): Promise<Outcome> {
    // It may have left: the platform is given the time to say so.
    const patience = policy.uncertain ? (channel.capabilities.tellsFateWithin ?? 0) : 0;
    const wait = Math.max(patience, policy.retryAfter ?? backoff(job.attempt, RETRY));
    if (policy.retryAfter !== undefined) {
      if (policy.scope === 'account') circuit.hold(wait);
      // Being told to wait is no failure of the message.
      job.attempt--;
    }
    job.notBefore = clock.monotonic() + wait;
    return owe(job, { retryAt: job.notBefore }, [
      outbox.postpone({ id: job.id, not_before: clock.now() + wait, error: code }),
    ]);
  }

  async function accepted(
    channel: Channel,
    job: OutboxJob,
    messageRef: string | undefined,
  ): Promise<Outcome> {
    const nobodys = isNobodys(job);
    const told =
      nobodys || channel.capabilities.tellsFateWithin === undefined ? outbox.sent : outbox.accepted;
    return owe(job, 'done', [
      told({
        id: job.id,
        at: clock.now(),
        platform_ref_sealed:
          messageRef === undefined || nobodys
            ? null
            : sealer.seal(messageRef, `outbox|platform_ref|${job.id}`),
      }),
    ]);
  }

  /** Where the platform has a window: in it, anything; outside, only what it lets through. */
  async function mayWrite(
    channel: Channel,
    job: OutboxJob,
    call: PlatformCall,
    now: number,
  ): Promise<boolean> {
    const { window } = channel.capabilities;
    if (!window || job.conversationId === null || channel.outsideWindow?.(call)) return true;
    // A reply just composed answers somebody who just wrote: the row is read only once that is old.
    if (job.openUntil !== undefined && now < job.openUntil) return true;
    const last = await conversations.lastInbound(job.conversationId);
    return last !== undefined && now < last + window.ms;
  }

  async function isUnreachable({ conversationId }: OutboxJob): Promise<boolean> {
    return conversationId !== null && (await conversations.isUnreachable(conversationId));
  }

  async function settle(job: OutboxJob, reason: string): Promise<Outcome> {
    log.warn('message_given_up', { outbox: job.id, channel: job.channel, reason });
    return owe(job, 'done', [outbox.failed({ id: job.id, at: clock.now(), error: reason })]);
  }

  async function readdressed(
    channel: Channel,
    job: OutboxJob,
    call: PlatformCall,
    chat: string,
  ): Promise<Outcome> {
    const moved = channel.readdress?.(call, chat);
    if (!moved) return settle(job, 'the chat moved');
    job.call = moved;
    return owe(job, { retryAt: clock.monotonic() }, [
      outbox.readdress({
        id: job.id,
        payload_sealed: sealer.seal(JSON.stringify(moved), outboxPlace(job.id)),
      }),
      outbox.postpone({ id: job.id, not_before: 0, error: 'the chat moved' }),
    ]);
  }

  async function readCall(job: OutboxJob): Promise<PlatformCall | undefined> {
    const sealed = await outbox.payload(job.id);
    return sealed ? (JSON.parse(sealer.open(sealed, outboxPlace(job.id))) as PlatformCall) : undefined;
  }

  function accountOf(channel: Channel): { pacer: Pacer; circuit: Circuit } {
    let account = accounts.get(channel.name);
    if (!account) {
      const { perSecond } = channel.capabilities.rate;
      account = {
        pacer: createPacer(1000 / perSecond, perSecond),
        circuit: createCircuit(() => clock.monotonic()),
      };
      accounts.set(channel.name, account);
    }
    return account;
  }

  function chatPacer(channel: Channel, job: OutboxJob): Pacer {
    let pacer = chats.get(job.destination);
    if (!pacer) {
      // Forgetting the pace of silent chats costs at most one burst.
      if (chats.size >= IDLE_PACERS) chats = new Map();
      const { perChatPerSecond, perChatBurst = CHAT_BURST } = channel.capabilities.rate;
      pacer = createPacer(1000 / perChatPerSecond, perChatBurst);
      chats.set(job.destination, pacer);
    }
    return pacer;
  }
}
