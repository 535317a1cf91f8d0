import type { LibraryRecords } from '../../message/library.ts';

/** A store that keeps nothing: files are read again each time. */
export const NO_RECORDS: Pick<LibraryRecords, 'extraction' | 'keepExtraction'> = {
  extraction: () => Promise.resolve(undefined),
  keepExtraction: () => Promise.resolve(),
};
