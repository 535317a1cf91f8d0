import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import type { NewId } from '../../lib/ids.ts';
import type { LibraryRecords } from '../../message/library.ts';
import type { FileReader } from '../files/reader.ts';
import { createFileReader } from '../files/reader.ts';
import { DocumentsError } from '../ingest/documents.ts';
import type { Problem } from '../ingest/passage.ts';
import type { WordList } from '../retrieval/french-words.ts';
import { synonymGroups } from '../retrieval/language.ts';
import type { Retriever } from '../retrieval/retriever.ts';
import type { Corpus } from './corpus.ts';
import { openCorpus } from './corpus.ts';
import { createExtractor } from './extractor.ts';
import type { Library } from './library.ts';
import { createLibrary } from './library.ts';
import { NO_RECORDS } from './records.ts';

export interface DocumentsOptions {
  /** Folder of the desk: holds `documents/` and, optionally, `synonyms.yaml`. */
  folder: string;
  /** Language of documents that do not say theirs, BCP 47. */
  language: string;
  clock: Clock;
  /** Documents given while the desk runs, and what was read in files; absent: the desk's folder alone, read each time. */
  library?: { records: LibraryRecords; newId: NewId };
  /** Answer at once; files that were never read come in as they are read. Default: they are waited for. */
  background?: boolean;
  /** A file is not answered from, and why. */
  warn?(problem: Problem): void;
  /** Files that had to be read. */
  progress?(read: { done: number; total: number; file: string }): void;
}

/** The desk's folder and the library over it, with what reads their files: not the children that wait on citizens. */
export async function openDocuments(
  options: DocumentsOptions,
  french: WordList | undefined,
  swapped: (retriever: Retriever) => void,
): Promise<{ corpus: Corpus; library: Library | undefined; reader: FileReader }> {
  const { folder, language, clock, library: kept, background, warn, progress } = options;
  const reader = createFileReader({
    most: 1,
    broken: (cause) => warn?.({ file: '.', line: 1, message: `Files cannot be read here: ${cause}` }),
  });
  const extractor = createExtractor({ reader, records: kept?.records ?? NO_RECORDS, clock });
  try {
    const corpus = await openCorpus({
      ...{ folder: join(folder, 'documents'), language, clock, extractor, swapped },
      ...(kept && { records: kept.records }),
      ...(background !== undefined && { background }),
      ...(warn && { warn }),
      ...(progress && { progress }),
      retrieval: { synonyms: await deskSynonyms(folder), ...(french && { french }) },
    });
    const library =
      kept &&
      createLibrary({ ...kept, extractor, clock, changed: () => corpus.refresh(), ...(warn && { warn }) });
    return { corpus, library, reader };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

export async function deskSynonyms(folder: string): Promise<string[][]> {
  const file = join(folder, 'synonyms.yaml');
  let yaml: string;
  try {
    yaml = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  try {
    return synonymGroups(yaml);
  } catch (error) {
    throw new DocumentsError(
      `${file} must be a list of groups of words, one group per line: "- [voiture, auto, véhicule]".`,
      { cause: error },
    );
  }
}
