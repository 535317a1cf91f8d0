import { createFileReader } from '../answers/files/reader.ts';
import { createExtractor, type Extractor } from '../answers/library/extractor.ts';
import { createLibrary, type Library } from '../answers/library/library.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { libraryTables } from '../storage/library.ts';
import type { DeskData } from './data.ts';

/**
 * The library of the desk, whether it runs or not: a command reads the file itself and commits it whole; a running desk
 * sees the change in the database within two seconds.
 */
export async function withLibrary<T>(
  { store, documents }: DeskData,
  use: (library: Library, extractor: Extractor) => Promise<T>,
): Promise<T> {
  const records = libraryTables(store, documents);
  const reader = createFileReader({ most: 1 });
  const extractor = createExtractor({ reader, records, clock: systemClock });
  const library = createLibrary({ records, clock: systemClock, newId, extractor });
  try {
    return await use(library, extractor);
  } finally {
    await Promise.all([library.close(), reader.close()]);
  }
}
