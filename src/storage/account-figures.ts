import { sql } from 'kysely';
import type { Store } from './store.ts';

/** The figures of the account contract, since a moment. Shares are from 0 to 1; absent where there is nothing to count. */
export interface AccountFigures {
  attempts: number;
  /** Attempts that ended in an account, a link or a recognised person. */
  success_rate?: number;
  /** Attempts whose number was a number and was proven. */
  validation_rate?: number;
  /** From the first message of a person to their account, median. */
  seconds_to_first_success?: number;
  /** People with an account who did something more within 7 days of it. */
  engagement?: number;
}

const WEEK_MS = 7 * 24 * 3600_000;
const UNPROVEN = [
  'other_contact',
  'forwarded',
  'edited',
  'group',
  'bot',
  'malformed',
  'typed',
  'invalid_phone',
  'no_consent',
];

/** `since`: epoch ms. */
export async function accountFigures({ db }: Store, since: number): Promise<AccountFigures> {
  const rows = await db
    .selectFrom('account_creation_audit')
    .select(['outcome', 'reason', (eb) => eb.fn.countAll<number>().as('n')])
    .where('at', '>=', since)
    .where('actor', '=', 'person')
    .where('outcome', '!=', 'asked')
    .groupBy(['outcome', 'reason'])
    .execute();
  const sum = (is: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(is).reduce((total, { n }) => total + Number(n), 0);
  const attempts = sum(() => true);
  const { rows: accounts } = await sql<{ waited: number; busy: number }>`
    select a.created_at - (select min(m.at) from messages m where m.person_id = a.person_id) as waited,
      exists (select 1 from interactions i where i.person_id = a.person_id
        and i.at > a.created_at and i.at < a.created_at + ${WEEK_MS}) as busy
    from user_accounts a where a.status = 'active' and a.created_at >= ${since}`.execute(db);
  const waits = accounts
    .map(({ waited }) => Number(waited))
    .filter((ms) => ms >= 0)
    .sort((a, b) => a - b);
  const median = waits[Math.floor(waits.length / 2)];
  return {
    attempts,
    ...(attempts > 0 && {
      success_rate: sum(({ outcome }) => ['created', 'linked', 'known'].includes(outcome)) / attempts,
      validation_rate: 1 - sum(({ reason }) => reason !== null && UNPROVEN.includes(reason)) / attempts,
    }),
    ...(median !== undefined && { seconds_to_first_success: median / 1000 }),
    ...(accounts.length > 0 && {
      engagement: accounts.filter(({ busy }) => Number(busy) === 1).length / accounts.length,
    }),
  };
}
