import type { Channel, ChannelContext } from '../channels/channel.ts';
import { createLanes } from '../jobs/lanes.ts';
import { StoreUnavailableError } from '../storage/store.ts';
import { createDeliver } from './deliver.ts';
import { createReceive } from './receive.ts';
import type { OutboxJob } from './replies.ts';
import { createLateAnswers } from './late-answers.ts';
import { createLater, runAll } from './later.ts';
import { createNotify, type Staff } from './notify.ts';
import type { Incident, InboxJob, Runtime } from './runtime.ts';
import { eraseAgain } from './erase.ts';
import { createFates, jobOf } from './statuses.ts';
import { createSignals } from './signals.ts';
import { createStaffReplies } from './staff-replies.ts';
import { createTurn } from './turn.ts';

/** How much the pipeline takes on at once. */
export interface PipelineLimits {
  /** Conversations whose turn is under way at once; slow answers hold a place each. */
  turns: number;
  /** Deliveries under way at once; each waits for the disk twice and for the platform once. */
  deliveries: number;
  mostBacklog: number;
  ackWithin: number;
}

export const PIPELINE_LIMITS: PipelineLimits = {
  turns: 256,
  deliveries: 64,
  mostBacklog: 2000,
  ackWithin: 250,
};

export interface Pipeline {
  /** What a channel needs to hand over what it receives. */
  contextFor(channel: Channel): ChannelContext;
  /** Takes up what an earlier run left open. Call before channels start. */
  recover(): Promise<void>;
  /** Calls to this channel's platform get through. */
  reaches(channel: string): boolean;
  /** Waiting or under way. */
  backlog(): { turns: number; deliveries: number };
  /** Says what staff answered or wrote back since, to those it is for. Safe to call at any moment. */
  tellLate(): Promise<void>;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const PAGE = 1000;

/** Wires the verbs: receive → turn → deliver. */
export function createPipeline(
  given: Runtime,
  limits: PipelineLimits = PIPELINE_LIMITS,
  staff: readonly Staff[] = [],
): Pipeline {
  const { inbox, outbox, sealer, clock, log } = given;
  const report = (incident: Incident): void => {
    given.report(incident);
    given.metrics.counted('guichet_incidents_total', 'What staff should hear of, by kind.', {
      kind: incident.kind,
    });
    notify(incident);
  };
  const runtime: Runtime = { ...given, report };
  const onBug = (error: unknown): void => {
    if (error instanceof StoreUnavailableError) return;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    log.error('pipeline_bug', { reason });
    report({ kind: 'bug', message: `The pipeline met an error it does not know: ${reason}` });
  };
  const signals = createSignals(log);
  const sender = createDeliver(runtime);
  const deliveries = createLanes<OutboxJob>({
    concurrency: limits.deliveries,
    run: (job) => sender.run(job),
    now: () => clock.monotonic(),
    onBug,
  });
  const deliver = (jobs: OutboxJob[]): void => {
    const ahead = clock.monotonic() - clock.now();
    for (const job of jobs)
      deliveries.offer(job.destination, {
        ...job,
        notBefore: job.notBefore + ahead,
        expiresAt: job.expiresAt + ahead,
      });
  };
  const settle = (destination: string, id: string): void => {
    deliveries.withdraw(destination, (job) => job.id === id);
  };
  const notify = createNotify(runtime, staff, deliver);
  const later = createLater(runtime, deliver);
  const errands = [createLateAnswers(runtime, later), createStaffReplies(runtime, later)];
  let telling = false;
  const tellLate = async (): Promise<void> => {
    if (telling || stopped) return;
    telling = true;
    try {
      await runAll(errands);
    } finally {
      telling = false;
    }
  };
  const turns = createLanes<InboxJob>({
    concurrency: limits.turns,
    run: createTurn(runtime, signals, deliver),
    now: () => clock.monotonic(),
    onBug,
  });
  const receive = createReceive(runtime, signals, createFates(runtime, { deliver, settle }), {
    backlog: () => turns.size + deliveries.size,
    mostBacklog: limits.mostBacklog,
    ackWithin: limits.ackWithin,
    perMinute: runtime.desk.limits.webhooksPerMinute,
    offer: (job) => {
      turns.offer(job.conversationKey, job);
    },
  });

  let stopped = false;

  /** Until when a platform may still tell what became of a call that a crash cut off. */
  function settledBy(): Map<string, number> {
    const now = clock.now();
    return new Map(
      [...runtime.channels.values()].flatMap(({ name, capabilities: { tellsFateWithin: within } }) =>
        within === undefined ? [] : [[name, now + within]],
      ),
    );
  }

  return {
    contextFor: (channel) => ({
      receive: (items) => receive(channel, items),
      digest: (value) => sealer.digest(`channel|${channel.name}`, value),
      log,
    }),
    async recover() {
      await eraseAgain(runtime);
      await outbox.recover(settledBy());
      for (let after = 0; ;) {
        const rows = await outbox.pending(after, PAGE);
        deliver(rows.map(jobOf));
        if (rows.length < PAGE) break;
        after = rows.at(-1)?.seq ?? after;
      }
      for (let after = 0; ;) {
        const rows = await inbox.pending(after, PAGE);
        for (const row of rows) {
          const key = row.conversation_key ?? '';
          turns.offer(key, {
            seq: row.seq,
            channel: row.channel,
            account: row.account,
            dedupKey: row.dedup_key,
            conversationKey: key,
            receivedAt: row.received_at,
            attempts: row.attempts,
            notBefore: row.not_before + clock.monotonic() - clock.now(),
          });
        }
        if (rows.length < PAGE) break;
        after = rows.at(-1)?.seq ?? after;
      }
    },
    tellLate,
    reaches: (channel) => sender.reaches(channel),
    backlog: () => ({ turns: turns.size, deliveries: deliveries.size }),
    async idle() {
      while (!stopped && turns.size + deliveries.size > 0) {
        await turns.idle();
        await deliveries.idle();
      }
    },
    async stop() {
      stopped = true;
      await turns.stop();
      await deliveries.stop();
    },
  };
}
