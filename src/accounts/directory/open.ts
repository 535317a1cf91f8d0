import type { Config } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import type { DirectoryTables } from '../../storage/directory.ts';
import { openExternal } from '../../storage/external.ts';
import { createHttpDirectory } from './http-directory.ts';
import type { DirectoryRequest } from './http-directory.ts';
import type { Directory } from './person.ts';
import { createSqlDirectory } from './sql-directory.ts';
import { createStoredDirectory } from './stored.ts';

export interface OpenDirectory {
  directory: Directory;
  close(): Promise<void>;
}

/** The directory that the configuration names; without one, the imported one. Throws a sentence on a query that is none. */
export function openDirectory(
  settings: Config['directory'],
  parts: { tables: DirectoryTables; request: DirectoryRequest; clock: Clock },
): OpenDirectory {
  const { tables, request, clock } = parts;
  const nothing = (): Promise<void> => Promise.resolve();
  if (!settings) return { directory: createStoredDirectory(tables), close: nothing };
  const { url, key, query } = settings;
  if (query === undefined) {
    return {
      directory: createHttpDirectory({ url, request, clock, ...(key !== undefined && { key }) }),
      close: nothing,
    };
  }
  const database = openExternal(url);
  return {
    directory: createSqlDirectory({
      sql: query,
      dialect: database.dialect,
      query: (text, params, signal) => database.query(text, params, signal),
      clock,
    }),
    close: () => database.close(),
  };
}
