import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { accountsOf, freeClaims } from './claims.ts';
import { ConflictError, statement, type Statement, type Store } from './store.ts';

export interface AccountRow {
  id: string;
  person_id: string;
  status: 'active' | 'pending';
  channel: string;
  phone_index: string;
  phone_sealed: Uint8Array;
  created_at: number;
}

export interface AttemptRow {
  at: number;
  channel: string;
  outcome: string;
  reason: string | null;
  person_id: string | null;
  actor: string;
}

/** What staff do with accounts, away from any conversation. */
export interface AccountDesk {
  /** Attempts that did not end in an account, wrong names of children among them, the latest first. `since`: epoch ms. */
  failures(since: number): Promise<AttemptRow[]>;
  /** Accounts of this number, the active one first. */
  withPhone(phoneIndex: string): Promise<AccountRow[]>;
  find(id: string): Promise<AccountRow | undefined>;
  personExists(id: string): Promise<boolean>;
  /** Everybody's numbers are looked at one by one, and each look leaves a row that names the one before. */
  reveal(look: { at: number; actor: string; accountId: string | null; reason: string }): Promise<void>;
  /** The chain of looks is whole: nobody removed or changed one. */
  revealsAreWhole(): Promise<boolean>;
  /** The number becomes this claim's: whoever had it has it no more. */
  approve(account: AccountRow, at: number): Statement[];
  /** Whoever waited behind it may prove the number again. */
  remove(id: string): Statement[];
}

const FIRST = '0'.repeat(64);
/** Of `meta`: digest of the last link that was deleted for its age; the first that is left names it. */
export const FIRST_LINK = 'phone_access_first_link';

const linkOf = (row: {
  at: number;
  actor: string;
  account_id: string | null;
  reason: string;
  previous: string;
}): string =>
  createHash('sha256')
    .update(JSON.stringify([row.previous, row.at, row.actor, row.account_id, row.reason]))
    .digest('hex');

export function accountDesk(store: Store): AccountDesk {
  const { db } = store;
  const firstLink = async (): Promise<string> =>
    (await db.selectFrom('meta').select('value').where('key', '=', FIRST_LINK).executeTakeFirst())?.value ??
    FIRST;
  const columns = [
    'id',
    'person_id',
    'status',
    'channel',
    'phone_index',
    'phone_sealed',
    'created_at',
  ] as const;
  return {
    failures: (since) =>
      db
        .selectFrom('account_creation_audit')
        .select(['at', 'channel', 'outcome', 'reason', 'person_id', 'actor'])
        // A wrong name tells why the attempts after it were refused.
        .where((eb) =>
          eb.or([
            eb('outcome', 'in', ['refused', 'failed', 'pending']),
            eb.and([eb('outcome', '=', 'asked'), eb('reason', '=', 'child_unknown')]),
          ]),
        )
        .where('at', '>=', since)
        .orderBy('id', 'desc')
        .limit(200)
        .execute(),
    withPhone: (index) =>
      db
        .selectFrom('user_accounts')
        .select(columns)
        .where('phone_index', '=', index)
        .orderBy('status')
        .execute(),
    find: (id) => db.selectFrom('user_accounts').select(columns).where('id', '=', id).executeTakeFirst(),
    personExists: async (id) =>
      (await db.selectFrom('persons').select('id').where('id', '=', id).executeTakeFirst()) !== undefined,
    async reveal({ at, actor, accountId: account_id, reason }) {
      for (let tries = 1; ; tries++) {
        const last = await db
          .selectFrom('phone_access_log')
          .select('hash')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst();
        const row = { at, actor, account_id, reason, previous: last?.hash ?? (await firstLink()) };
        const values = { ...row, hash: linkOf(row) };
        try {
          await store.commit([statement(db.insertInto('phone_access_log').values(values).compile())]);
          return;
        } catch (error) {
          // Somebody else looked at the same moment: a link has one link after it.
          if (!(error instanceof ConflictError) || tries >= 5) throw error;
        }
      }
    },
    async revealsAreWhole() {
      const rows = await db.selectFrom('phone_access_log').selectAll().orderBy('id').execute();
      let previous = await firstLink();
      return rows.every((row) => {
        const whole = row.previous === previous && row.hash === linkOf(row);
        previous = row.hash;
        return whole;
      });
    },
    approve: ({ id, person_id, phone_index }, at) => [
      // Behind the number itself the others still wait, now for this claim.
      statement(
        freeClaims(
          sql`(select id from user_accounts where id in ${accountsOf(person_id)} and phone_index <> ${phone_index})`,
        ).compile(db),
      ),
      // One account a person, one owner a number: what stands in the way goes first.
      statement(
        db
          .deleteFrom('user_accounts')
          .where('status', '=', 'active')
          .where((eb) => eb.or([eb('phone_index', '=', phone_index), eb('person_id', '=', person_id)]))
          .compile(),
      ),
      statement(
        db
          .updateTable('user_accounts')
          .set({ status: 'active', updated_at: at })
          .where('id', '=', id)
          .where('status', '=', 'pending')
          .compile(),
        1,
      ),
    ],
    remove: (id) => [
      statement(
        freeClaims(sql`(select id from user_accounts where id = ${id} and status = 'active')`).compile(db),
      ),
      statement(db.deleteFrom('user_accounts').where('id', '=', id).compile(), 1),
    ],
  };
}
