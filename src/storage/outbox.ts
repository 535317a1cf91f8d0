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

/** A row on its way, as `deliver` needs it. */
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

const OPEN = [
  'id',
  'seq',
  'channel',
  'destination_index',
  'conversation_id',
  'lane',
  'attempt',
  'not_before',
  'expires_at',
] as const satisfies readonly (keyof OpenOutbox)[];

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
      .where('state', 'in', ['pending', 'uncertain'])
      // Names this try of the message.
      .returning('fence'),
  1,
);

interface SentRow {
  id: string;
  at: number;
  platform_ref_sealed: Uint8Array | null;
}

const sent = prepared<{ [K in keyof SentRow]: SentRow[K] }>((db, p) =>
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

/** Sent, as far as is known: the platform tells its fate later, and may ask for it again. */
const accepted = prepared<{ [K in keyof SentRow]: SentRow[K] }>((db, p) =>
  db
    .updateTable('outbox')
    .set({
      state: 'sent',
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

/** Fails the unit when the platform has told meanwhile what became of the call. */
const postpone = prepared<{ id: string; not_before: number; error: string }>(
  (db, p) =>
    db
      .updateTable('outbox')
      .set({ state: 'pending', lease_until: null, not_before: p.not_before, error: p.error })
      .where('id', '=', p.id)
      .where('state', '=', 'sending'),
  1,
);

/**
 * The platform tells how far one try of a message got: an uncertain outcome is settled without another call. Statuses
 * come in no order, so the furthest is kept; a failure is final. The words are kept until the message has arrived: a
 * platform may take it, and lose it later.
 */
const progressed = prepared<{ id: string; fence: number; at: number; delivery: number }>((db, p) =>
  db
    .updateTable('outbox')
    .set((eb) => ({
      state: 'sent',
      payload_sealed: sql`case when ${p.delivery} > 1 then null else payload_sealed end`,
      lease_until: null,
      error: null,
      delivery: p.delivery,
      finished_at: eb.fn.coalesce('finished_at', eb.val(p.at)),
    }))
    .where('id', '=', p.id)
    .where('state', '!=', 'failed')
    .where('delivery', '<', p.delivery)
    // "Sent" of an earlier try says nothing of this one; having arrived does.
    .where(sql<boolean>`(fence = ${p.fence} or ${p.delivery} > 1)`)
    .returning(['destination_index']),
);

/** The platform accepted this try of the message and says later that it did not arrive. Gives a row when that is news. */
const bounced = prepared<{ id: string; fence: number; at: number; error: string }>((db, p) =>
  db
    .updateTable('outbox')
    .set({ state: 'failed', payload_sealed: null, lease_until: null, error: p.error, finished_at: p.at })
    .where('id', '=', p.id)
    .where('fence', '=', p.fence)
    .where('state', '!=', 'failed')
    .returning(['conversation_id', 'destination_index']),
);

/**
 * The same, where it is worth another try: the row is pending again, or failed when it was tried often enough. Each try
 * waits longer by `wait`, ms.
 */
const again = prepared<{
  id: string;
  fence: number;
  at: number;
  wait: number;
  error: string;
  most: number;
}>((db, p) => {
  const tries = sql<boolean>`payload_sealed is not null and attempt < ${p.most}`;
  return db
    .updateTable('outbox')
    .set((eb) => ({
      state: sql<'pending' | 'failed'>`case when ${tries} then 'pending' else 'failed' end`,
      payload_sealed: sql<Uint8Array | null>`case when ${tries} then payload_sealed else null end`,
      finished_at: sql<number | null>`case when ${tries} then null else ${p.at} end`,
      not_before: sql<number>`${p.at} + ${p.wait} * attempt`,
      fence: eb('fence', '+', 1),
      lease_until: null,
      error: p.error,
    }))
    .where('id', '=', p.id)
    .where('fence', '=', p.fence)
    .where('state', 'in', ['sending', 'sent', 'uncertain', 'pending'])
    .where('delivery', '<', 2)
    .returning([...OPEN, 'state']);
});

const readdress = prepared<{ id: string; payload_sealed: Uint8Array }>((db, p) =>
  db.updateTable('outbox').set({ payload_sealed: p.payload_sealed }).where('id', '=', p.id),
);

/** The exact condition of the partial index, so that SQLite uses it. */
const UNSETTLED = sql<boolean>`state in ('sending', 'uncertain')`;

export interface OutboxTable {
  insert: ReturnType<typeof insert>;
  sending: ReturnType<typeof sending>;
  sent: ReturnType<typeof sent>;
  failed: ReturnType<typeof failed>;
  postpone: ReturnType<typeof postpone>;
  accepted: ReturnType<typeof accepted>;
  progressed: ReturnType<typeof progressed>;
  bounced: ReturnType<typeof bounced>;
  again: ReturnType<typeof again>;
  readdress: ReturnType<typeof readdress>;
  /**
   * After a restart: calls that were under way become uncertain. Interactive replies that were not yet sent a second
   * time go back to pending, once; the others wait for a person or a status. `notBefore`: by channel, the moment until
   * which the platform may still tell what became of them.
   */
  recover(notBefore: ReadonlyMap<string, number>): Promise<void>;
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
    accepted: accepted(db),
    progressed: progressed(db),
    bounced: bounced(db),
    again: again(db),
    readdress: readdress(db),
    async recover(notBefore) {
      await db
        .updateTable('outbox')
        .set({ state: 'uncertain', lease_until: null })
        .where(UNSETTLED)
        .where('state', '=', 'sending')
        .execute();
      for (const [channel, not_before] of notBefore) {
        await db
          .updateTable('outbox')
          .set({ not_before })
          .where(UNSETTLED)
          .where('channel', '=', channel)
          .where('resent', '=', 0)
          .execute();
      }
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
        .select(OPEN)
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
