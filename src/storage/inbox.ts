import { sql, type Kysely } from 'kysely';
import { prepared, row } from './prepared.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

export interface NewInbox {
  channel: string;
  account: string;
  dedup_key: string;
  conversation_key: string | null;
  source: 'platform' | 'staff' | 'timer';
  kind: string;
  payload_sealed: Uint8Array | null;
  status: 'pending' | 'done' | 'dead';
  error: string | null;
  received_at: number;
  finished_at: number | null;
}

/** Returns the row's number, or nothing when the same update is already there. */
const insert = prepared<{ [K in keyof NewInbox]: NewInbox[K] }>((db, p) =>
  db
    .insertInto('inbox')
    .values(
      row(p, {
        channel: 1,
        account: 1,
        dedup_key: 1,
        conversation_key: 1,
        source: 1,
        kind: 1,
        payload_sealed: 1,
        status: 1,
        error: 1,
        received_at: 1,
        finished_at: 1,
      }),
    )
    .onConflict((c) => c.columns(['channel', 'account', 'dedup_key']).doNothing())
    .returning('seq'),
);

/** A turn's last word: fails the unit when the row was already settled. Whose it was is forgotten with what it said. */
const finish = prepared<{ seq: number; at: number }>(
  (db, p) =>
    db
      .updateTable('inbox')
      .set({ status: 'done', payload_sealed: null, conversation_key: null, finished_at: p.at })
      .where('seq', '=', p.seq)
      .where('status', '=', 'pending'),
  1,
);

const retry = prepared<{ seq: number; not_before: number; error: string }>((db, p) =>
  db
    .updateTable('inbox')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), not_before: p.not_before, error: p.error }))
    .where('seq', '=', p.seq)
    .where('status', '=', 'pending'),
);

const bury = prepared<{ seq: number; at: number; error: string }>(
  (db, p) =>
    db
      .updateTable('inbox')
      .set((eb) => ({ status: 'dead', attempts: eb('attempts', '+', 1), finished_at: p.at, error: p.error }))
      .where('seq', '=', p.seq)
      .where('status', '=', 'pending'),
  1,
);

export interface PendingInbox {
  seq: number;
  channel: string;
  account: string;
  dedup_key: string;
  conversation_key: string | null;
  source: 'platform' | 'staff' | 'timer';
  attempts: number;
  not_before: number;
  received_at: number;
}

export interface InboxTable {
  insert: ReturnType<typeof insert>;
  finish: ReturnType<typeof finish>;
  retry: ReturnType<typeof retry>;
  bury: ReturnType<typeof bury>;
  /** Rows left by an earlier run, in order, a page at a time. */
  pending(afterSeq: number, limit: number): Promise<PendingInbox[]>;
  payload(seq: number): Promise<Uint8Array | null | undefined>;
  counts(): Promise<Record<'pending' | 'done' | 'dead', number>>;
}

export function inboxTable(store: Store): InboxTable {
  const db: Kysely<Schema> = store.db;
  return {
    insert: insert(db),
    finish: finish(db),
    retry: retry(db),
    bury: bury(db),
    pending: (afterSeq, limit) =>
      db
        .selectFrom('inbox')
        .select([
          'seq',
          'channel',
          'account',
          'dedup_key',
          'conversation_key',
          'source',
          'attempts',
          'not_before',
          'received_at',
        ])
        .where('status', '=', sql.lit('pending'))
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(limit)
        .execute(),
    payload: async (seq) =>
      (await db.selectFrom('inbox').select('payload_sealed').where('seq', '=', seq).executeTakeFirst())
        ?.payload_sealed,
    counts: async () => {
      const rows = await db
        .selectFrom('inbox')
        .select(['status', (eb) => eb.fn.countAll<number>().as('n')])
        .groupBy('status')
        .execute();
      return {
        pending: 0,
        done: 0,
        dead: 0,
        ...Object.fromEntries(rows.map(({ status, n }) => [status, Number(n)])),
      };
    },
  };
}
