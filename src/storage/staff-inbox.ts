import { sql, type UpdateObject } from 'kysely';
import type { Schema } from './schema.ts';
import { statement, type Statement, type Store } from './store.ts';

export type StaffKind = 'message' | 'form' | 'safeguarding';

export interface StaffRow {
  id: number;
  at: number;
  kind: StaffKind;
  form: string | null;
  person_id: string | null;
  channel: string | null;
  body_sealed: Uint8Array;
  place: string;
  handled_at: number | null;
  reply: Reply;
  reply_sealed: Uint8Array | null;
}

type Reply = Schema['staff_messages']['reply'];

/** A reply of staff that waits to leave, and what decides whether it may. */
export interface WaitingReply {
  id: number;
  /** Of the message; names the inbox row that brought it. */
  place: string;
  reply_sealed: Uint8Array;
  person_id: string | null;
  conversation_id: string | null;
  channel: string;
  kind: 'private' | 'group' | 'channel' | null;
  account: string | null;
  address_index: string | null;
  address_sealed: Uint8Array | null;
  last_inbound_at: number | null;
  unreachable_at: number | null;
  last_position: number | null;
  language: string | null;
}

export interface NewReply {
  /** Sealed for its place: `placeOf('staff_messages', 'reply_sealed')`. */
  reply_sealed: Uint8Array;
  replied_by: string;
  at: number;
}

/** What people left for staff. */
export interface StaffInbox {
  /** The oldest first. `handled`: those that were dealt with, too. */
  list(wanted: { kinds: readonly StaffKind[]; handled: boolean; form?: string }): Promise<StaffRow[]>;
  find(id: number): Promise<StaffRow | undefined>;
  /** A name of the person, sealed under `identities|profile|<id>`. */
  profile(personId: string): Promise<{ id: string; profile_sealed: Uint8Array } | undefined>;
  /** Numbers of theirs for which a platform vouches, sealed under `identities|value|<id>`, the latest first. */
  signedNumbers(personId: string): Promise<{ id: string; value_sealed: Uint8Array }[]>;
  /** Fails when it is dealt with already. */
  handle(id: number, at: number): Statement;
  /** Leaves with the desk that runs. Fails when one waits already. */
  reply(id: number, reply: NewReply): Statement;
  /** Replies that wait, of messages from these channels, the oldest first. */
  waiting(channels: readonly string[], limit: number): Promise<WaitingReply[]>;
  /** In the outbox: the message is dealt with. Fails when somebody else did meanwhile. */
  replied(id: number, at: number): Statement;
  /** It will not leave; the message waits on. Fails when somebody else did meanwhile. */
  hindered(id: number, reply: Exclude<Reply, 'wanted' | 'sent' | null>): Statement;
  /** How far the rows that say this got; the last reply's only. */
  sending(correlation: string): Promise<Schema['outbox']['state'][]>;
}

export function staffInbox(store: Store): StaffInbox {
  const { db } = store;
  const rows = db
    .selectFrom('staff_messages as m')
    .leftJoin('conversations as c', 'c.id', 'm.conversation_id')
    .select([
      'm.id',
      'm.at',
      'm.kind',
      'm.form',
      'm.person_id',
      'c.channel',
      'm.body_sealed',
      'm.place',
      'm.handled_at',
      'm.reply',
      'm.reply_sealed',
    ])
    .orderBy('m.id');
  const settled = (id: number, to: UpdateObject<Schema, 'staff_messages'>): Statement =>
    statement(
      db.updateTable('staff_messages').set(to).where('id', '=', id).where('reply', '=', 'wanted').compile(),
      1,
    );
  return {
    list: ({ kinds, handled, form }) =>
      rows
        .where('m.kind', 'in', [...kinds])
        .$if(!handled, (query) => query.where('m.handled_at', 'is', null))
        .$if(form !== undefined, (query) => query.where('m.form', '=', form ?? ''))
        .execute(),
    find: (id) => rows.where('m.id', '=', id).executeTakeFirst(),
    profile: (personId) =>
      db
        .selectFrom('identities')
        .select(['id', 'profile_sealed'])
        .where('person_id', '=', personId)
        .orderBy('updated_at', 'desc')
        .limit(1)
        .executeTakeFirst(),
    signedNumbers: (personId) =>
      db
        .selectFrom('identities')
        .select(['id', 'value_sealed'])
        .where('person_id', '=', personId)
        .where('scheme', '=', 'phone')
        .orderBy('updated_at', 'desc')
        .execute(),
    handle: (id, at) =>
      statement(
        db
          .updateTable('staff_messages')
          .set({ handled_at: at })
          .where('id', '=', id)
          .where('handled_at', 'is', null)
          .compile(),
        1,
      ),
    reply: (id, { reply_sealed, replied_by, at }) =>
      statement(
        db
          .updateTable('staff_messages')
          .set({ reply_sealed, replied_by, replied_at: at, reply: 'wanted' })
          .where('id', '=', id)
          .where((eb) => eb.or([eb('reply', 'is', null), eb('reply', '!=', 'wanted')]))
          .compile(),
        1,
      ),
    async waiting(channels, limit) {
      const found = await db
        .selectFrom('staff_messages as m')
        .innerJoin('conversations as c', 'c.id', 'm.conversation_id')
        .leftJoin('preferences as f', 'f.person_id', 'm.person_id')
        .select([
          ...([
            'm.id',
            'm.place',
            'm.reply_sealed',
            'm.person_id',
            'm.conversation_id',
            'c.channel',
          ] as const),
          ...(['c.kind', 'c.account', 'c.address_index', 'c.address_sealed', 'c.last_inbound_at'] as const),
          ...(['c.unreachable_at', 'c.last_position', 'f.language'] as const),
        ])
        .where('m.reply', '=', 'wanted')
        .where('c.channel', 'in', [...channels])
        .orderBy('m.replied_at')
        .limit(limit)
        .execute();
      return found.flatMap(({ reply_sealed, ...row }) =>
        reply_sealed === null ? [] : [{ ...row, reply_sealed }],
      );
    },
    replied: (id, at) => settled(id, { reply: 'sent', handled_at: sql`coalesce(handled_at, ${at})` }),
    hindered: (id, reply) => settled(id, { reply }),
    async sending(correlation) {
      const found = await db
        .selectFrom('outbox')
        .select(['state', 'created_at'])
        .where('correlation', '=', correlation)
        .orderBy('created_at', 'desc')
        .execute();
      return found.filter(({ created_at }) => created_at === found[0]?.created_at).map(({ state }) => state);
    },
  };
}
