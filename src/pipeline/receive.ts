import type { Channel, Incoming, ReceiveOutcome } from '../channels/channel.ts';
import type { Statement } from '../storage/store.ts';
import type { Fates } from './statuses.ts';
import {
  conversationKey,
  inboxPlace,
  packContent,
  type InboxContent,
  type InboxJob,
  type Runtime,
} from './runtime.ts';
import type { Signals } from './signals.ts';

export interface ReceiveOptions {
  /** Turns and deliveries not yet done; above `mostBacklog` new requests wait, then are refused. */
  backlog(): number;
  mostBacklog: number;
  /** A request that is not on disk after this long is answered "busy". Milliseconds. */
  ackWithin: number;
  /** Authentic requests a minute; the next ones are refused until the minute is over. */
  perMinute: number;
  offer(job: InboxJob): void;
}

export type Receive = (channel: Channel, items: Incoming[]) => Promise<ReceiveOutcome>;

const ROOM_CHECK_MS = 5;

/**
 * Puts authentic updates into the inbox. Resolves `stored` only once every item is on disk (or was there already);
 * only then may the channel acknowledge them. `busy`: the platform must send them again.
 */
export function createReceive(
  runtime: Pick<Runtime, 'store' | 'inbox' | 'sealer' | 'clock' | 'log' | 'metrics'>,
  signals: Signals,
  fates: Fates,
  options: ReceiveOptions,
): Receive {
  const { store, inbox, sealer, clock, log, metrics } = runtime;
  const budget = createBudget(options.perMinute);

  const hasRoom = async (): Promise<boolean> => {
    const deadline = clock.monotonic() + options.ackWithin;
    while (options.backlog() >= options.mostBacklog || store.stalledFor() > options.ackWithin) {
      if (clock.monotonic() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, ROOM_CHECK_MS));
    }
    return true;
  };

  return async (channel, items) => {
    if (items.length === 0) return 'stored';
    const began = clock.monotonic();
    const outcome = await take(channel, items);
    metrics.timed(
      'guichet_receive_seconds',
      'From an authentic request until it is on disk, or refused.',
      { channel: channel.name, outcome },
      clock.monotonic() - began,
    );
    return outcome;
  };

  async function take(channel: Channel, items: Incoming[]): Promise<ReceiveOutcome> {
    if (!budget(clock.monotonic()) || !(await hasRoom())) return 'busy';

    const receivedAt = clock.now();
    const rows = items.map((item) => toRow(channel, item, receivedAt));
    const told = rows.flatMap(({ item: { status } }) => {
      const statement = status && fates.statement(status, receivedAt);
      return statement ? [{ status, statement }] : [];
    });
    const committed = store
      .commit([...rows.map((row) => row.statement), ...told.map(({ statement }) => statement)])
      .then((results) => {
        told.forEach(({ status }, i) => {
          const result = results[rows.length + i];
          if (result) fates.settled(channel.name, status, result);
        });
        rows.forEach((row, i) => {
          const seq = results[i]?.rows[0]?.['seq'];
          // No number: the same update was stored before, and its effect is that row's.
          if (seq === undefined) return;
          if (row.item.signal) signals.fire(channel, row.item.signal);
          if (row.content) options.offer(toJob(row, Number(seq)));
          else if (row.item.unusable)
            log.warn('dead_letter', { channel: channel.name, reason: row.item.unusable });
        });
        return 'stored' as const;
      });

    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'busy'>((resolve) => {
      timer = setTimeout(() => {
        resolve('busy');
      }, options.ackWithin);
    });
    try {
      return await Promise.race([committed, late]);
    } catch (error) {
      log.error('inbox_refused', {
        channel: channel.name,
        error: error instanceof Error ? error.message : 'error',
      });
      return 'busy';
    } finally {
      clearTimeout(timer);
      // When the answer was "busy" the rows may still reach the disk: then the turn runs and the repeat is a duplicate.
      committed.catch(() => undefined);
    }
  }

  function toRow(channel: Channel, item: Incoming, receivedAt: number) {
    const usable = item.unusable === undefined && item.address !== undefined;
    const content: InboxContent | undefined =
      usable && item.address ? { address: item.address, payload: item.payload } : undefined;
    const key = content ? conversationKey(sealer, content.address) : null;
    const place = inboxPlace(channel.name, channel.account, item.dedupKey);
    const kept = content ? packContent(content) : item.unusable === undefined ? undefined : item.payload;
    const statement: Statement = inbox.insert({
      channel: channel.name,
      account: channel.account,
      dedup_key: item.dedupKey,
      conversation_key: key,
      source: 'platform',
      kind: item.kind,
      payload_sealed: kept === undefined ? null : sealer.seal(kept, place),
      status: content ? 'pending' : item.unusable === undefined ? 'done' : 'dead',
      error: item.unusable ?? null,
      received_at: receivedAt,
      finished_at: content ? null : receivedAt,
    });
    return { channel, item, content, key, statement, receivedAt };
  }

  function toJob(row: ReturnType<typeof toRow>, seq: number): InboxJob {
    return {
      seq,
      channel: row.channel.name,
      account: row.channel.account,
      dedupKey: row.item.dedupKey,
      conversationKey: row.key ?? '',
      receivedAt: row.receivedAt,
      attempts: 0,
      notBefore: 0,
      ...(row.content ? { content: row.content } : {}),
    };
  }
}

/** Counts requests in windows of one minute of monotonic time, so a clock jump neither frees nor blocks. */
function createBudget(perMinute: number): (now: number) => boolean {
  let windowStart = Number.NEGATIVE_INFINITY;
  let used = 0;
  return (now) => {
    if (now - windowStart >= 60_000) {
      windowStart = now;
      used = 0;
    }
    return ++used <= perMinute;
  };
}
