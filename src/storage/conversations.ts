import { sql, type Kysely } from 'kysely';
import { prepared, row } from './prepared.ts';
import type { Schema } from './schema.ts';
import type { Statement, Store } from './store.ts';

/** What a turn reads before it decides: one row, or nothing for a conversation never seen. */
export interface ConversationContext {
  id: string;
  mode: 'bot' | 'human';
  person_id: string | null;
  unreachable_at: number | null;
  last_position: number;
  session_id: string | null;
  session_started_at: number | null;
  session_last_activity_at: number | null;
  session_message_count: number | null;
  session_state_sealed: Uint8Array | null;
}

export interface KnownPerson {
  identity_id: string;
  person_id: string;
  value_index: string;
  profile_sealed: Uint8Array;
  language: string;
  /** 1: they want what we announce. */
  notifications: number;
  account: 'active' | 'pending' | null;
  /** Their row of `form_drafts`. */
  draft_id: string | null;
  draft_version: number | null;
  drafts_sealed: Uint8Array | null;
  /** Messages since the given moment that counted against the person's limit. */
  recent: number;
}

const context = prepared<{ address_index: string; now: number }>((db, p) =>
  db
    .selectFrom('conversations as c')
    .leftJoin('sessions as s', (join) =>
      join.on('s.id', '=', (eb) =>
        eb
          .selectFrom('sessions as latest')
          .select('latest.id')
          .whereRef('latest.conversation_id', '=', 'c.id')
          // The nearest in time: the latest, unless the clock was set back.
          .orderBy(sql`abs(latest.last_activity_at - ${p.now})`)
          .limit(1),
      ),
    )
    .select([
      'c.id',
      'c.mode',
      'c.person_id',
      'c.unreachable_at',
      'c.last_position',
      's.id as session_id',
      's.started_at as session_started_at',
      's.last_activity_at as session_last_activity_at',
      's.message_count as session_message_count',
      's.state_sealed as session_state_sealed',
    ])
    .where('c.address_index', '=', p.address_index),
);

const person = prepared<{ value_index: string; since: number; now: number }>((db, p) =>
  db
    .selectFrom('identities as i')
    .innerJoin('preferences as f', 'f.person_id', 'i.person_id')
    .leftJoin('form_drafts as d', 'd.person_id', 'i.person_id')
    .select([
      'i.id as identity_id',
      'i.person_id',
      'i.value_index',
      'i.profile_sealed',
      'f.language',
      'f.notifications',
      'd.id as draft_id',
      'd.version as draft_version',
      'd.drafts_sealed',
      (eb) =>
        eb
          .selectFrom('messages as m')
          .select((e) => e.fn.countAll<number>().as('n'))
          .whereRef('m.person_id', '=', 'i.person_id')
          .where('m.at', '>', p.since)
          // What a clock since set back wrote "later" does not count.
          .where('m.at', '<=', p.now)
          .where('m.counted', '=', 1)
          .as('recent'),
      (eb) =>
        eb
          .selectFrom('user_accounts as a')
          .select('a.status')
          .whereRef('a.person_id', '=', 'i.person_id')
          // "active" comes before "pending".
          .orderBy('a.status')
          .limit(1)
          .as('account'),
    ])
    .where('i.value_index', '=', p.value_index),
);

const insertPerson = prepared<{ id: string; at: number }>((db, p) =>
  db.insertInto('persons').values({ id: p.id, created_at: p.at }),
);

interface NewIdentity {
  id: string;
  person_id: string;
  channel: string;
  account: string;
  scheme: string;
  value_index: string;
  value_sealed: Uint8Array;
  profile_sealed: Uint8Array;
  is_bot: number;
  at: number;
}

const identityRow = (p: NewIdentity) => ({
  id: p.id,
  person_id: p.person_id,
  channel: p.channel,
  account: p.account,
  scheme: p.scheme,
  value_index: p.value_index,
  value_sealed: p.value_sealed,
  profile_sealed: p.profile_sealed,
  is_bot: p.is_bot,
  created_at: p.at,
  updated_at: p.at,
});

const insertIdentity = prepared<{ [K in keyof NewIdentity]: NewIdentity[K] }>((db, p) =>
  db.insertInto('identities').values(identityRow(p)),
);

/** One more name of a known person; nothing when somebody has it already. */
const insertAlias = prepared<{ [K in keyof NewIdentity]: NewIdentity[K] }>((db, p) =>
  db
    .insertInto('identities')
    .values(identityRow(p))
    .onConflict((c) => c.column('value_index').doNothing()),
);

const updateProfile = prepared<{ id: string; profile_sealed: Uint8Array; at: number }>((db, p) =>
  db
    .updateTable('identities')
    .set({ profile_sealed: p.profile_sealed, updated_at: p.at })
    .where('id', '=', p.id),
);

const insertPreferences = prepared<{ person_id: string; language: string; at: number }>((db, p) =>
  db.insertInto('preferences').values({ person_id: p.person_id, language: p.language, updated_at: p.at }),
);

const insertConversation = prepared<{
  id: string;
  channel: string;
  account: string;
  address_index: string;
  address_sealed: Uint8Array;
  kind: string;
  person_id: string | null;
  at: number;
}>((db, p) =>
  db.insertInto('conversations').values({
    id: p.id,
    channel: p.channel,
    account: p.account,
    address_index: p.address_index,
    address_sealed: p.address_sealed,
    // The value is bound later; its type is checked by the caller's `Address`.
    kind: p.kind as 'private',
    person_id: p.person_id,
    created_at: p.at,
  }),
);

/** Fails the unit when another turn numbered replies meanwhile. `said_at`: when the person wrote, null when they did not. */
const touchConversation = prepared<{
  id: string;
  said_at: number | null;
  was: number;
  position: number;
}>(
  (db, p) =>
    db
      .updateTable('conversations')
      .set({
        // Messages come in no order: the latest counts.
        last_inbound_at: sql`nullif(max(coalesce(last_inbound_at, 0), coalesce(${p.said_at}, 0)), 0)`,
        // Whoever writes to us can be written to.
        unreachable_at: sql`case when ${p.said_at} is null then unreachable_at end`,
        last_position: p.position,
      })
      .where('id', '=', p.id)
      .where('last_position', '=', p.was),
  1,
);

const setReachable = prepared<{ id: string; unreachable_at: number | null }>((db, p) =>
  db.updateTable('conversations').set({ unreachable_at: p.unreachable_at }).where('id', '=', p.id),
);

/** A conversation that is already at the new address stays: the old one ends there. */
const move = prepared<{ id: string; address_index: string; address_sealed: Uint8Array }>((db, p) =>
  db
    .updateTable('conversations')
    .set({ address_index: p.address_index, address_sealed: p.address_sealed })
    .where('id', '=', p.id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('conversations as there')
            .select('there.id')
            .where('there.address_index', '=', p.address_index),
        ),
      ),
    ),
);

/** Somebody else may have the old number or id tomorrow. */
const forgetIdentity = prepared<{ value_index: string }>((db, p) =>
  db.deleteFrom('identities').where('value_index', '=', p.value_index),
);

const lastInbound = prepared<{ id: string }>((db, p) =>
  db.selectFrom('conversations').select('last_inbound_at').where('id', '=', p.id),
);

const unreachable = prepared<{ id: string }>((db, p) =>
  db.selectFrom('conversations').select('id').where('id', '=', p.id).where('unreachable_at', 'is not', null),
);

const privateOf = prepared<{ person: string }>((db, p) =>
  db
    .selectFrom('conversations')
    .select(['id', 'channel', 'address_index', 'address_sealed'])
    .where('person_id', '=', p.person)
    .where('kind', '=', 'private')
    .where('unreachable_at', 'is', null)
    .orderBy('last_inbound_at', 'desc')
    .limit(1),
);

const startSession = prepared<{
  id: string;
  conversation_id: string;
  person_id: string | null;
  started_at: number;
  last_activity_at: number;
  message_count: number;
  state_sealed: Uint8Array;
}>((db, p) =>
  db.insertInto('sessions').values(
    row(p, {
      id: 1,
      conversation_id: 1,
      person_id: 1,
      started_at: 1,
      last_activity_at: 1,
      message_count: 1,
      state_sealed: 1,
    }),
  ),
);

/** A session that goes on; fails the unit when it was deleted meanwhile. */
const continueSession = prepared<{
  id: string;
  last_activity_at: number;
  message_count: number;
  state_sealed: Uint8Array;
}>(
  (db, p) =>
    db
      .updateTable('sessions')
      .set({
        last_activity_at: p.last_activity_at,
        message_count: p.message_count,
        state_sealed: p.state_sealed,
      })
      .where('id', '=', p.id),
  1,
);

export interface ConversationTables {
  context(addressIndex: string, now: number): Promise<ConversationContext | undefined>;
  person(valueIndex: string, since: number, now: number): Promise<KnownPerson | undefined>;
  insertPerson: ReturnType<typeof insertPerson>;
  insertIdentity: ReturnType<typeof insertIdentity>;
  insertAlias: ReturnType<typeof insertAlias>;
  forgetIdentity: ReturnType<typeof forgetIdentity>;
  /** When the person last wrote, epoch ms; undefined: never. */
  lastInbound(id: string): Promise<number | undefined>;
  /** Where this person wrote to us last, alone, and can still be reached. */
  privateOf(
    person: string,
  ): Promise<{ id: string; channel: string; address_index: string; address_sealed: Uint8Array } | undefined>;
  /** The person blocked us, or left the platform, and has not written since. */
  isUnreachable(id: string): Promise<boolean>;
  updateProfile: ReturnType<typeof updateProfile>;
  insertPreferences: ReturnType<typeof insertPreferences>;
  insertConversation: ReturnType<typeof insertConversation>;
  touchConversation: ReturnType<typeof touchConversation>;
  setReachable: ReturnType<typeof setReachable>;
  move: ReturnType<typeof move>;
  startSession: ReturnType<typeof startSession>;
  continueSession: ReturnType<typeof continueSession>;
}

export function conversationTables(store: Store): ConversationTables {
  const db: Kysely<Schema> = store.db;
  const contextOf = context(db);
  const personOf = person(db);
  const lastInboundOf = lastInbound(db);
  const unreachableOf = unreachable(db);
  const privateConversationOf = privateOf(db);
  const first = async <T>(one: Statement): Promise<T | undefined> =>
    (await store.read(one))[0] as T | undefined;
  return {
    context: (address_index, now) => first<ConversationContext>(contextOf({ address_index, now })),
    person: (value_index, since, now) => first<KnownPerson>(personOf({ value_index, since, now })),
    insertPerson: insertPerson(db),
    insertIdentity: insertIdentity(db),
    insertAlias: insertAlias(db),
    forgetIdentity: forgetIdentity(db),
    privateOf: (person) => first(privateConversationOf({ person })),
    isUnreachable: async (id) => (await first(unreachableOf({ id }))) !== undefined,
    lastInbound: async (id) =>
      (await first<{ last_inbound_at: number | null }>(lastInboundOf({ id })))?.last_inbound_at ?? undefined,
    updateProfile: updateProfile(db),
    insertPreferences: insertPreferences(db),
    insertConversation: insertConversation(db),
    touchConversation: touchConversation(db),
    setReachable: setReachable(db),
    move: move(db),
    startSession: startSession(db),
    continueSession: continueSession(db),
  };
}
