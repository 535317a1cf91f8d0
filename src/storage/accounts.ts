import { sql, type Expression, type SqlBool } from 'kysely';
import { prepared, row } from './prepared.ts';
import { PERSONAL_TABLES, type PersonalTable } from './personal.ts';
import type { Statement, Store } from './store.ts';

export interface NewAccount {
  id: string;
  person_id: string;
  /** Keyed digest of the number (E.164). */
  phone_index: string;
  phone_sealed: Uint8Array;
  /** Keyed digest of who this is in the directory. */
  directory_index: string | null;
  status: 'active' | 'pending';
  channel: string;
  at: number;
}

export interface NewAudit {
  at: number;
  person_id: string | null;
  channel: string;
  phone_index: string | null;
  outcome: string;
  reason: string | null;
  /** 1: it counts against the number's hour. */
  spent: number;
  /** `person`, or the member of staff who did it. */
  actor: string;
  processing_ms: number;
}

/** An account as the rules see it. */
export interface HolderRow {
  account_id: string;
  person_id: string;
  /** Channels on which the person has an identity. */
  channels: string[];
  /** Nobody said who in the directory it is. */
  unplaced: boolean;
}

const insertAccount = prepared<{ [K in keyof NewAccount]: NewAccount[K] }>((db, p) =>
  db.insertInto('user_accounts').values({
    id: p.id,
    person_id: p.person_id,
    phone_index: p.phone_index,
    phone_sealed: p.phone_sealed,
    directory_index: p.directory_index,
    status: p.status,
    channel: p.channel,
    created_at: p.at,
    updated_at: p.at,
  }),
);

/** The same person asking again waits already. */
const insertPending = prepared<{ [K in keyof NewAccount]: NewAccount[K] }>((db, p) =>
  db
    .insertInto('user_accounts')
    .values({
      id: p.id,
      person_id: p.person_id,
      phone_index: p.phone_index,
      phone_sealed: p.phone_sealed,
      directory_index: p.directory_index,
      status: p.status,
      channel: p.channel,
      created_at: p.at,
      updated_at: p.at,
    })
    .onConflict((c) => c.doNothing()),
);

const dropClaims = prepared<{ person_id: string }>((db, p) =>
  db.deleteFrom('user_accounts').where('person_id', '=', p.person_id).where('status', '=', 'pending'),
);

const insertAudit = prepared<{ [K in keyof NewAudit]: NewAudit[K] }>((db, p) =>
  db.insertInto('account_creation_audit').values(
    row(p, {
      at: 1,
      person_id: 1,
      channel: 1,
      phone_index: 1,
      outcome: 1,
      reason: 1,
      spent: 1,
      actor: 1,
      processing_ms: 1,
    }),
  ),
);

const insertConsent = prepared<{
  person_id: string;
  purpose: string;
  text_version: string;
  channel: string;
  at: number;
}>((db, p) =>
  db.insertInto('consents').values(row(p, { person_id: 1, purpose: 1, text_version: 1, channel: 1, at: 1 })),
);

const holder = prepared<{ phone_index: string; person_id: string; directory_index: string }>((db, p) =>
  db
    .selectFrom('user_accounts as a')
    .leftJoin('identities as i', 'i.person_id', 'a.person_id')
    .select(['a.id as account_id', 'a.person_id', 'a.phone_index', 'a.directory_index', 'i.channel'])
    .where('a.status', '=', 'active')
    .where((eb) =>
      eb.or([
        eb('a.phone_index', '=', p.phone_index),
        eb('a.person_id', '=', p.person_id),
        eb('a.directory_index', '=', p.directory_index),
      ]),
    ),
);

const attempts = prepared<{ phone_index: string; since: number }>((db, p) =>
  db
    .selectFrom('account_creation_audit')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('phone_index', '=', p.phone_index)
    .where('spent', '=', 1)
    .where('at', '>', p.since),
);

/** Refused for having come too soon, or because nothing could be looked up: that settles nothing. */
const UNSETTLED = [
  'too_many_attempts',
  'directory_refused',
  'directory_timeout',
  'directory_failed',
  'directory_aborted',
];

const question = prepared<{ phone_index: string; person_id: string; since: number }>((db, p) =>
  db
    .selectFrom('account_creation_audit')
    .select((eb) => {
      const theirs = eb('person_id', '=', p.person_id);
      const asked = eb('outcome', '=', 'asked');
      const latest = (which: Expression<SqlBool>) =>
        eb.fn.max(eb.case().when(which).then(eb.ref('id')).end());
      return [
        eb.fn.count<number>(eb.case().when('reason', '=', 'child_unknown').then(1).end()).as('names'),
        latest(eb.and([theirs, asked])).as('asked'),
        latest(
          eb.and([
            theirs,
            eb.not(asked),
            eb.or([eb('reason', 'is', null), eb('reason', 'not in', UNSETTLED)]),
          ]),
        ).as('settled'),
      ];
    })
    .where('phone_index', '=', p.phone_index)
    .where('at', '>', p.since),
);

export interface AccountTables {
  insert: ReturnType<typeof insertAccount>;
  insertPending: ReturnType<typeof insertPending>;
  /** The person waits for nothing any more. */
  dropClaims: ReturnType<typeof dropClaims>;
  audit: ReturnType<typeof insertAudit>;
  consent: ReturnType<typeof insertConsent>;
  /** The active accounts that have this number, this person or this place in the directory; absent parts match nothing. */
  holders(of: {
    phoneIndex?: string;
    personId?: string;
    directoryIndex?: string;
  }): Promise<{ byPhone?: HolderRow; byPerson?: HolderRow; byDirectory?: HolderRow }>;
  /** Attempts at this number since (epoch ms) that count. */
  attempts(phoneIndex: string, since: number): Promise<number>;
  /**
   * Since (epoch ms): how many names of children were wrong at this number, whoever wrote them; and whether this person's
   * attempt ended in the question for one, and nothing settled it after.
   */
  question(of: {
    phoneIndex: string;
    personId?: string;
    since: number;
  }): Promise<{ names: number; waits: boolean }>;
  /** The person's number, sealed; undefined: no active account. */
  phoneOf(
    personId: string,
  ): Promise<{ id: string; phone_sealed: Uint8Array; directory_index: string | null } | undefined>;
  /** Says who in the directory an account is that nobody has said it of. Changes no other. */
  adopt(id: string, directoryIndex: string): Promise<void>;
  /** Everything of one person becomes another's, who keeps their own preferences. In this order. */
  merge(from: string, into: string): Statement[];
}

const NONE = '';

/** What does not simply become who stays', with the reason. Every other table of a person does. */
const NOT_MOVED: Readonly<Partial<Record<PersonalTable, string>>> = {
  persons: 'who goes is no more',
  preferences: 'who stays keeps their own',
  user_accounts: 'who stays has the account',
  form_drafts: 'of two people’s drafts, those of who stays',
  session_documents: 'they follow their session',
};

export function accountTables(store: Store): AccountTables {
  const { db } = store;
  const holderOf = holder(db);
  const attemptsOf = attempts(db);
  const questionOf = question(db);
  return {
    insert: insertAccount(db),
    insertPending: insertPending(db),
    dropClaims: dropClaims(db),
    audit: insertAudit(db),
    consent: insertConsent(db),
    async holders({ phoneIndex = NONE, personId = NONE, directoryIndex = NONE }) {
      const found = await store.read(
        holderOf({ phone_index: phoneIndex, person_id: personId, directory_index: directoryIndex }),
      );
      const rows = found as unknown as {
        account_id: string;
        person_id: string;
        phone_index: string;
        directory_index: string | null;
        channel: string | null;
      }[];
      const pick = (is: (one: (typeof rows)[number]) => boolean): HolderRow | undefined => {
        const theirs = rows.filter(is);
        const [first] = theirs;
        return (
          first && {
            account_id: first.account_id,
            person_id: first.person_id,
            channels: [...new Set(theirs.flatMap(({ channel }) => channel ?? []))],
            unplaced: first.directory_index === null,
          }
        );
      };
      const byPhone = pick((one) => one.phone_index === phoneIndex);
      const byPerson = pick((one) => one.person_id === personId);
      const byDirectory = pick((one) => one.directory_index === directoryIndex);
      return {
        ...(byPhone && { byPhone }),
        ...(byPerson && { byPerson }),
        ...(byDirectory && { byDirectory }),
      };
    },
    async attempts(phone_index, since) {
      const [found] = await store.read(attemptsOf({ phone_index, since }));
      return Number(found?.['n'] ?? 0);
    },
    async question({ phoneIndex, personId = NONE, since }) {
      const [found] = await store.read(questionOf({ phone_index: phoneIndex, person_id: personId, since }));
      const [asked, settled] = [Number(found?.['asked'] ?? 0), Number(found?.['settled'] ?? 0)];
      return { names: Number(found?.['names'] ?? 0), waits: asked > settled };
    },
    phoneOf: (personId) =>
      db
        .selectFrom('user_accounts')
        .select(['id', 'phone_sealed', 'directory_index'])
        .where('person_id', '=', personId)
        .where('status', '=', 'active')
        .executeTakeFirst(),
    async adopt(id, directory_index) {
      await db
        .updateTable('user_accounts')
        .set({ directory_index })
        .where('id', '=', id)
        .where('directory_index', 'is', null)
        .execute();
    },
    merge(from, into) {
      const queries = [
        ...PERSONAL_TABLES.filter((name) => !(name in NOT_MOVED)).map(
          (name) => sql`update ${sql.table(name)} set person_id = ${into} where person_id = ${from}`,
        ),
        // Of two people's drafts, those of who stays.
        sql`update form_drafts set person_id = ${into} where person_id = ${from} and not exists (select 1 from form_drafts where person_id = ${into})`,
        sql`delete from persons where id = ${from}`,
      ];
      return queries.map((query) => {
        const { sql: text, parameters } = query.compile(db);
        return { sql: text, params: parameters };
      });
    },
  };
}
