import { sql, type Kysely } from 'kysely';
import { prepared, row } from './prepared.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

export interface NewOutbox {
  id: string;
  channel: string;
  account: string;
  destination_index: string;
  conversation_id: string | null;
  person_id: string | null;
  lane: 'interactive' | 'alert' | 'broadcast';
  position: number;
  payload_sealed: Uint8Array;
  expires_at: number;
  correlation: string;
  replaces: string | null;
  created_at: number;
}

const insert = prepared<{ [K in keyof NewOutbox]: NewOutbox[K] }>((db, p) =>
  db.insertInto('outbox').values({
    ...row(p, {
      id: 1,
      channel: 1,
      account: 1,
      destination_index: 1,
      conversation_id: 1,
      person_id: 1,
      lane: 1,
      position: 1,
      payload_sealed: 1,
      expires_at: 1,
      correlation: 1,
      replaces: 1,
      created_at: 1,
    }),
    state: 'pending',
  }),
);

/** Before the call leaves: from now on a crash means "outcome unknown". */
const sending = prepared<{ id: string; lease_until: number }>(
  (db, p) =>
    db
      .updateTable('outbox')
      .set((eb) => ({
        state: 'sending',
        attempt: eb('attempt', '+', 1),
        fence: eb('fence', '+', 1),
        lease_until: p.lease_until,
      }))
      .where('id', '=', p.id)
      .where('state', 'in', ['pending', 'uncertain']),
  1,
);

const sent = prepared<{ id: string; at: number; platform_ref_sealed: Uint8Array | null }>((db, p) =>
  db
    .updateTable('outbox')
    .set({
      state: 'sent',
      payload_sealed: null,
      lease_until: null,
      error: null,
      finished_at: p.at,
      platform_ref_sealed: p.platform_ref_sealed,
    })
    .where('id', '=', p.id)
    .where('state', '=', 'sending'),
);

const failed = prepared<{ id: string; at: number; error: string }>((db, p) =>
  db
    .updateTable('outbox')
    .set({ state: 'failed', payload_sealed: null, lease_until: null, error: p.error, finished_at: p.at })
    .where('id', '=', p.id)
    .where('state', 'in', ['pending', 'sending', 'uncertain']),
);

const postpone = prepared<{ id: string; not_before: number; error: string }>((db, p) =>
  db
    .updateTable('outbox')
    .set({ state: 'pending', lease_until: null, not_before: p.not_before, error: p.error })
    .where('id', '=', p.id)
    .where('state', '=', 'sending'),
);

/** The platform says later that it has the message: an uncertain outcome is settled without a second call. */
const confirmed = prepared<{ id: string; at: number }>((db, p) =>
  db
    .updateTable('outbox')
    .set({ state: 'sent', payload_sealed: null, lease_until: null, finished_at: p.at })
    .where('id', '=', p.id)
    .where('state', 'in', ['uncertain', 'pending']),
);

/** The platform accepted the message and says later that it did not arrive. */
const bounced = prepared<{ id: string; at: number; error: string }>((db, p) =>
  db
    .updateTable('outbox')
    .set({ state: 'failed', payload_sealed: null, lease_until: null, error: p.error, finished_at: p.at })
    .where('id', '=', p.id),
);

const readdress = prepared<{ id: string; payload_sealed: Uint8Array }>((db, p) =>
  db.updateTable('outbox').set({ payload_sealed: p.payload_sealed }).where('id', '=', p.id),
);

export interface OpenOutbox {
  id: string;
  seq: number;
  channel: string;
  destination_index: string;
  conversation_id: string | null;
  lane: 'interactive' | 'alert' | 'broadcast';
  attempt: number;
  not_before: number;
  expires_at: number;
}

/** The exact condition of the partial index, so that SQLite uses it. */
const UNSETTLED = sql<boolean>`state in ('sending', 'uncertain')`;

export interface OutboxTable {
  insert: ReturnType<typeof insert>;
  sending: ReturnType<typeof sending>;
  sent: ReturnType<typeof sent>;
  failed: ReturnType<typeof failed>;
  postpone: ReturnType<typeof postpone>;
  confirmed: ReturnType<typeof confirmed>;
  bounced: ReturnType<typeof bounced>;
  readdress: ReturnType<typeof readdress>;
  /**
   * After a restart: calls that were under way become uncertain. Interactive replies that were not yet sent a second
   * time go back to pending, once; the others wait for a person or a status.
   */
  recover(): Promise<void>;
  pending(afterSeq: number, limit: number): Promise<OpenOutbox[]>;
  payload(id: string): Promise<Uint8Array | null | undefined>;
  counts(): Promise<Record<'pending' | 'sending' | 'sent' | 'failed' | 'uncertain', number>>;
}

export function outboxTable(store: Store): OutboxTable {
  const db: Kysely<Schema> = store.db;
  return {
    insert: insert(db),
    sending: sending(db),
    sent: sent(db),
    failed: failed(db),
    postpone: postpone(db),
    confirmed: confirmed(db),
    bounced: bounced(db),
    readdress: readdress(db),
    async recover() {
      await db
        .updateTable('outbox')
        .set({ state: 'uncertain', lease_until: null })
        .where(UNSETTLED)
        .where('state', '=', 'sending')
        .execute();
      await db
        .updateTable('outbox')
        .set({ state: 'pending', resent: 1 })
        .where(UNSETTLED)
        .where('state', '=', 'uncertain')
        .where('lane', '=', 'interactive')
        .where('resent', '=', 0)
        .execute();
    },
    pending: (afterSeq, limit) =>
      db
        .selectFrom('outbox')
        .select([
          'id',
          'seq',
          'channel',
          'destination_index',
          'conversation_id',
          'lane',
          'attempt',
          'not_before',
          'expires_at',
        ])
        .where('state', '=', sql.lit('pending'))
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(limit)
        .execute(),
    payload: async (id) =>
      (await db.selectFrom('outbox').select('payload_sealed').where('id', '=', id).executeTakeFirst())
        ?.payload_sealed,
    counts: async () => {
      const rows = await db
        .selectFrom('outbox')
        .select(['state', (eb) => eb.fn.countAll<number>().as('n')])
        .groupBy('state')
        .execute();
      return {
        pending: 0,
        sending: 0,
        sent: 0,
        failed: 0,
        uncertain: 0,
        ...Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)])),
      };
    },
  };
}
