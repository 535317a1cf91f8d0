import type { NewId } from '../../lib/ids.ts';
import type { DirectoryEntry, DirectoryTables } from '../../storage/directory.ts';
import type { DirectoryPerson } from './person.ts';
import type { UnreadLine } from './person-line.ts';
import { planImport } from './plan.ts';
import type { ImportPlan } from './plan.ts';

/** What an import of these people would change in the directory as it stands; `unread`: lines of the file not taken. */
export async function planAgainst(
  tables: Pick<DirectoryTables, 'all'>,
  incoming: readonly DirectoryPerson[],
  unread: readonly UnreadLine[] = [],
): Promise<ImportPlan> {
  const existing = (await tables.all()).map(({ id, json }) => ({
    id,
    person: JSON.parse(json) as DirectoryPerson,
  }));
  return planImport(existing, incoming, unread);
}

/** Writes a plan. Interrupted, the same import again does the rest. `at`: epoch ms. */
export async function applyPlan(
  tables: Pick<DirectoryTables, 'apply'>,
  plan: ImportPlan,
  { newId, at }: { newId: NewId; at: number },
): Promise<void> {
  const entry = (id: string, person: DirectoryPerson): DirectoryEntry => ({
    id,
    json: JSON.stringify(person),
    phones: person.phones,
  });
  await tables.apply({
    put: [
      ...plan.add.map((person) => entry(newId(), person)),
      ...plan.change.map(({ id, to }) => entry(id, to)),
    ],
    remove: plan.withdraw,
    at,
  });
}
