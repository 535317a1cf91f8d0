import type { DeliveryStatus } from '../channels/channel.ts';
import type { OpenOutbox } from '../storage/outbox.ts';
import type { Statement, StatementResult } from '../storage/store.ts';
import type { OutboxJob } from './replies.ts';
import type { Runtime } from './runtime.ts';

/** Tries of one message that the platform took and then lost. */
const MOST_ATTEMPTS = 5;
/** Times the tries made: 2 s, 4 s, 6 s… */
const RETRY_MS = 2000;
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
    statement({ reference, state, error }, at) {
      const sent = tryOf(reference);
      if (!sent) return undefined;
      if (state !== 'failed') return outbox.progressed({ ...sent, at, delivery: REACHED[state] });
      const why = reasonOf(error);
      if (error?.policy.retryable !== true) return outbox.bounced({ ...sent, at, error: why });
      const wait = error.policy.retryAfter ?? RETRY_MS;
      return outbox.again({ ...sent, at, wait, error: why, most: MOST_ATTEMPTS });
    },
    settled(channel, { reference, state, error }, { rows }) {
      const [row] = rows;
      if (state === 'failed' && error?.policy.alarm) {
        report({
          kind: 'channel_refused',
          message: `${channel} refuses what we send (${reasonOf(error)}): check its account and settings.`,
        });
      }
      const sent = tryOf(reference);
      if (!row || !sent) return;
      const destination = row['destination_index'];
      // What waits in memory for another try of this message has nothing left to do.
      if (typeof destination === 'string') lanes.settle(destination, sent.id);
      if (state !== 'failed') return;
      if (row['state'] === 'pending') {
        lanes.deliver([jobOf(row as unknown as OpenOutbox)]);
        return;
      }
      log.warn('message_bounced', { outbox: sent.id, channel, reason: reasonOf(error) });
      if (error?.policy.outsideWindow) report(outsideWindow(channel, sent.id));
      const id = row['conversation_id'];
      if (error?.policy.unreachable && typeof id === 'string') {
        store
          .commit([conversations.setReachable({ id, unreachable_at: runtime.clock.now() })])
          .catch(() => undefined);
      }
    },
  };
}

/** What a message carries to the platform and back: its id, and which try of it this was. */
export const referenceOf = (id: string, fence: number): string => `${id}.${String(fence)}`;

function tryOf(reference: string | undefined): { id: string; fence: number } | undefined {
  const [, id, fence] = /^(.+)\.(\d{1,9})$/.exec(reference ?? '') ?? [];
  return id === undefined || fence === undefined ? undefined : { id, fence: Number(fence) };
}

const reasonOf = (error: DeliveryStatus['error']): string =>
  error === undefined ? 'failed' : `${error.code}: ${error.title}`;

/** What staff are told of a message that may not leave any more. */
export const outsideWindow = (channel: string, outboxId: string) => ({
  kind: 'outside_window',
  message: `A message was not sent (outbox ${outboxId}): on ${channel} we may write freely only within 24 hours of a person's last message. Send an approved template, or wait until they write.`,
});
