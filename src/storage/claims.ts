import { sql, type RawBuilder } from 'kysely';

/** The active account of a person, by its id. */
export const accountsOf = (person: string): RawBuilder<unknown> =>
  sql`(select id from user_accounts where person_id = ${person} and status = 'active')`;

/**
 * Deletes the claims that wait behind accounts (a list of ids) about to go: whoever made them is nobody's rival any more,
 * and may prove their number again. What waits behind another account stays.
 */
export const freeClaims = (going: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`delete from user_accounts where status = 'pending' and (phone_index in (select phone_index from user_accounts where id in ${going}) or directory_index in (select directory_index from user_accounts where id in ${going})) and not exists (select 1 from user_accounts o where o.status = 'active' and o.phone_index = user_accounts.phone_index and o.id not in ${going})`;
