import type { DirectoryTables } from '../../storage/directory.ts';
import type { Directory, DirectoryPerson } from './person.ts';

/** The directory that was imported here. What the import wrote is read back as it was. */
export function createStoredDirectory(tables: Pick<DirectoryTables, 'withPhone'>): Directory {
  return {
    async match(phone) {
      try {
        const people = (await tables.withPhone(phone)).map((json) => JSON.parse(json) as DirectoryPerson);
        return people.length === 0 ? { status: 'none' } : { status: 'found', people };
      } catch {
        return { status: 'unavailable', reason: 'failed' };
      }
    },
  };
}
