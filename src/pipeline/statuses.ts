import type { DeliveryStatus } from '../channels/channel.ts';
import { backoff } from '../lib/retry.ts';
import type { OpenOutbox } from '../storage/outbox.ts';
import type { Statement, StatementResult } from '../storage/store.ts';
import type { OutboxJob } from './replies.ts';
import type { Runtime } from './runtime.ts';

/** Tries of one message that the platform took and then lost. */
const MOST_ATTEMPTS = 5;
const RETRY = { base: 2000, cap: 60_000 };
const REACHED = { sent: 1, delivered: 2, read: 3 } as const;

/** What statuses do to the messages they speak of. */
export interface Fates {
  /** The statement of one status; none when it names no message of ours. */
  statement(status: DeliveryStatus, at: number): Statement | undefined;
  /** Its result, once on disk: staff hear of failures, and what is worth another try is sent again. */
  settled(channel: string, status: DeliveryStatus, result: StatementResult): void;
}

/** A message as `deliver` takes it up from its row. */
export const jobOf = (row: OpenOutbox): OutboxJob => ({
  id: row.id,
  channel: row.channel,
  destination: row.destination_index,
  conversationId: row.conversation_id,
  lane: row.lane,
  attempt: row.attempt,
  notBefore: row.not_before,
  expiresAt: row.expires_at,
});

export function createFates(
  runtime: Pick<Runtime, 'store' | 'outbox' | 'conversations' | 'clock' | 'log' | 'report'>,
  lanes: {
    deliver(jobs: OutboxJob[]): void;
    /** The message needs no other call. */
    settle(destination: string, id: string): void;
  },
): Fates {
  const { store, outbox, conversations, log, report } = runtime;

  return {
    statement({ reference: id, state, error }, at) {
      if (id === undefined) return undefined;
      if (state !== 'failed') return outbox.progressed({ id, at, delivery: REACHED[state] });
      const why = reasonOf(error);
      const policy = error?.policy;
      if (policy?.retryable !== true) return outbox.bounced({ id, at, error: why });
      const not_before = at + (policy.retryAfter ?? backoff(1, RETRY));
      return outbox.again({ id, not_before, error: why, most: MOST_ATTEMPTS });
    },
    settled(channel, { reference, state, error }, { rows }) {
      const [row] = rows;
      if (state !== 'failed') {
        const destination = row?.['destination_index'];
        if (typeof destination === 'string') lanes.settle(destination, reference ?? '');
        return;
      }
      if (error?.policy.alarm) {
        report({
          kind: 'channel_refused',
          message: `${channel} refuses what we send (${reasonOf(error)}): check its account and settings.`,
        });
      }
      if (!row) return;
      if (error?.policy.retryable) {
        lanes.deliver([jobOf(row as unknown as OpenOutbox)]);
        return;
      }
      log.warn('message_bounced', { outbox: reference, channel, reason: reasonOf(error) });
      if (error?.policy.outsideWindow) report(outsideWindow(channel, reference ?? ''));
      const id = row['conversation_id'];
      if (error?.policy.unreachable && typeof id === 'string') {
        store
          .commit([conversations.setReachable({ id, unreachable_at: runtime.clock.now() })])
          .catch(() => undefined);
      }
    },
  };
}

const reasonOf = (error: DeliveryStatus['error']): string =>
  error === undefined ? 'failed' : `${error.code}: ${error.title}`;

/** What staff are told of a message that may not leave any more. */
export const outsideWindow = (channel: string, outboxId: string) => ({
  kind: 'outside_window',
  message: `A message was not sent (outbox ${outboxId}): on ${channel} we may write freely only within 24 hours of a person's last message. Send an approved template, or wait until they write.`,
});
