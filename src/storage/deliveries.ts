import type { Store } from './store.ts';

export interface Delivery {
  /** Epoch milliseconds. */
  at: number;
  channel: string;
  /** The platform's code and words, or ours. */
  reason: string;
  conversation: string | null;
}

export interface DeliveryReport {
  /** `state`: delivered and read where the platform tells, else sent, pending, uncertain, failed. */
  counts: { channel: string; state: string; n: number }[];
  /** The latest first, at most 100. */
  failures: Delivery[];
}

const REACHED = ['sent', 'sent', 'delivered', 'read'];

/** What became of the messages made since `since` (epoch ms). */
export async function deliveryReport({ db }: Store, since: number): Promise<DeliveryReport> {
  const rows = await db
    .selectFrom('outbox')
    .select(['channel', 'state', 'delivery', (eb) => eb.fn.countAll<number>().as('n')])
    .where('created_at', '>=', since)
    .groupBy(['channel', 'state', 'delivery'])
    .orderBy('channel')
    .execute();
  const counts = new Map<string, DeliveryReport['counts'][number]>();
  for (const { channel, state, delivery, n } of rows) {
    const shown = state === 'sent' ? (REACHED[delivery] ?? 'sent') : state;
    const key = `${channel} ${shown}`;
    counts.set(key, { channel, state: shown, n: (counts.get(key)?.n ?? 0) + Number(n) });
  }
  const failures = await db
    .selectFrom('outbox')
    .select(['finished_at', 'created_at', 'channel', 'error', 'conversation_id'])
    .where('state', '=', 'failed')
    .where('created_at', '>=', since)
    .orderBy('seq', 'desc')
    .limit(100)
    .execute();
  return {
    counts: [...counts.values()],
    failures: failures.map((row) => ({
      at: row.finished_at ?? row.created_at,
      channel: row.channel,
      reason: row.error ?? 'failed',
      conversation: row.conversation_id,
    })),
  };
}
