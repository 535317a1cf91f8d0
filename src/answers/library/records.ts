import type { DocumentFormat, DocumentVersion, Extracted, Phrasing } from '../../message/library.ts';

/** Where the library keeps what it was given; storage has it. */
export interface LibraryRecords {
  /** Every version of every document, in the order of their numbers. */
  versions(): Promise<DocumentVersion[]>;
  /** False: the document has this number already. */
  insert(version: DocumentVersion): Promise<boolean>;
  settle(id: string, state: 'ready' | 'refused', reason: string | null): Promise<void>;
  /** All versions of a document; how many. */
  withdraw(document: string, how: { at: number; by: string; why: string | null }): Promise<number>;
  /** Another word whenever anything of this changed, whoever changed it. */
  revision(): Promise<string>;
  /** In the order they came. */
  phrasings(): Promise<Phrasing[]>;
  addPhrasings(phrasings: readonly Phrasing[]): Promise<void>;
  extraction(hash: string, format: DocumentFormat, extractor: number): Promise<Extracted | undefined>;
  keepExtraction(
    hash: string,
    format: DocumentFormat,
    read: { extractor: number; content: Extracted; at: number },
  ): Promise<void>;
  /** Forgets what was read in files that are neither here nor among `hashes`. */
  sweep(hashes: ReadonlySet<string>, now: number): Promise<void>;
  /** Keeps the bytes under their hash. False: no room. */
  saveFile(hash: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined: there are none, or they are not those that were kept. */
  readFile(hash: string): Promise<Buffer | undefined>;
}

/** A store that keeps nothing: files are read again each time. */
export const NO_RECORDS: Pick<LibraryRecords, 'extraction' | 'keepExtraction'> = {
  extraction: () => Promise.resolve(undefined),
  keepExtraction: () => Promise.resolve(),
};
