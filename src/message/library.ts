/** Documents that answers come from, beside the files of the desk's folder. Shared by answers, storage and http. */

/** `markdown`: read as it is. The others are read in a process of their own. */
export type DocumentFormat = 'markdown' | 'text' | 'pdf' | 'docx' | 'html' | 'table' | 'image';

/** Why a file is not answered from. `damaged`: its bytes on our disk are not those that came. */
export type Refusal =
  | 'too_large'
  | 'unsupported'
  | 'encrypted'
  | 'broken'
  | 'empty'
  | 'too_much'
  | 'timeout'
  | 'memory'
  | 'failed'
  | 'damaged';

/** What was read in a file: Markdown, page by page. */
export type Extracted =
  | {
      ok: true;
      /** What the file calls itself. */
      title?: string;
      /** Markdown of each page, at least one; a kind without pages has one. */
      pages: string[];
      /** The pages are pages of paper: worth citing. */
      paged: boolean;
    }
  | { ok: false; reason: Refusal };

/** One more way of asking for a passage, found by staff among what people asked. */
export interface Phrasing {
  id: string;
  /** Id of the document, and title of the passage in it: both outlive a new version. */
  document: string;
  title: string;
  text: string;
  by: string;
  /** Epoch ms. */
  at: number;
}

/** One version of a document given through the API or the command line. */
export interface DocumentVersion {
  id: string;
  /** Id of the document: the path a file of the desk's folder would have, without extension. */
  document: string;
  /** From 1 in its document. */
  number: number;
  /** `reading`: not answered from yet. `refused`: never will be, for `reason`. */
  state: 'reading' | 'ready' | 'refused';
  /** A `Refusal`, or the sentence that says what to correct. */
  reason: string | null;
  /** As its sender named it. */
  file: string;
  format: DocumentFormat;
  title: string | null;
  /** SHA-256 of the file, hexadecimal. */
  hash: string;
  bytes: number;
  /** YYYY-MM-DD: answered from that day on. */
  effective_from: string | null;
  /** YYYY-MM-DD: answered until that day, included. */
  effective_to: string | null;
  by: string;
  /** Epoch ms. */
  at: number;
  why: string | null;
  withdrawn_at: number | null;
  withdrawn_by: string | null;
  withdrawn_why: string | null;
}

/** Where documents given while the desk runs are kept, with their files. */
export interface LibraryRecords {
  /** Every version of every document, in the order of their numbers. */
  versions(): Promise<DocumentVersion[]>;
  /** False: the document has this number already. */
  insert(version: DocumentVersion): Promise<boolean>;
  /** `reading` with a word of the library's own: how far it came. */
  settle(id: string, state: DocumentVersion['state'], reason: string | null): Promise<void>;
  /** All versions of a document; how many. */
  withdraw(document: string, how: { at: number; by: string; why: string | null }): Promise<number>;
  /** Another word whenever anything of this changed, whoever changed it. */
  revision(): Promise<string>;
  /** Other ways of asking for a passage, in the order they came. */
  phrasings(): Promise<Phrasing[]>;
  /** What this version of the reader read in a file. */
  extraction(hash: string, format: DocumentFormat, extractor: number): Promise<Extracted | undefined>;
  keepExtraction(
    hash: string,
    format: DocumentFormat,
    read: { extractor: number; content: Extracted; at: number },
  ): Promise<void>;
  /** Forgets what was read in files that are neither here nor among `hashes`, and files whose row never came. */
  sweep(hashes: ReadonlySet<string>, now: number): Promise<void>;
  /** Keeps the bytes under their hash. False: the disk has too little room left. */
  saveFile(hash: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined: there are none, or they are not those that were kept. */
  readFile(hash: string): Promise<Buffer | undefined>;
}
