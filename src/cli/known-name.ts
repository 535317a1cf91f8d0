import { directoryIndexes } from '../accounts/accounts.ts';
import type { DirectoryPerson } from '../accounts/directory/person.ts';
import { scrubName } from '../lib/scrub.ts';
import { accountTables } from '../storage/accounts.ts';
import { directoryTables } from '../storage/directory.ts';
import { placeOf } from '../storage/places.ts';
import type { DeskData } from './data.ts';

/**
 * The name under which the imported directory knows somebody whose account is active. For the terminal only: that
 * somebody is in the directory may be sensitive by itself.
 */
export async function knownName({ store, sealer }: DeskData, personId: string): Promise<string | undefined> {
  const account = await accountTables(store).phoneOf(personId);
  if (!account) return undefined;
  const phone = sealer.open(account.phone_sealed, placeOf('user_accounts', 'phone_sealed')(account));
  const people = await directoryTables(store, sealer).withPhone(phone);
  const own = people
    .map((json) => JSON.parse(json) as DirectoryPerson)
    .find((person) => directoryIndexes(sealer, person).some((index) => index === account.directory_index));
  return own && scrubName(`${own.firstNames} ${own.lastName}`.trim());
}
