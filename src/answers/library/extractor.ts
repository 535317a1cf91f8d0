import { createHash } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { utf8 } from '../../lib/decode.ts';
import type { DocumentFormat, Extracted, LibraryRecords, Refusal } from '../../message/library.ts';
import type { FileReader } from '../files/reader.ts';

/** Raise it when files are read in another way: those that are kept are read again. */
const EXTRACTOR = 3;
/** Markdown is read in this process: it is what a person writes by hand. Bytes. */
const LARGEST_MARKDOWN = 2 * 1024 * 1024;

export interface Extractor {
  /** What was read in this content before. */
  known(hash: string, format: DocumentFormat): Promise<Extracted | undefined>;
  /** Reads it, and keeps what was read. `undefined`: we were stopped, try again later. */
  read(
    hash: string,
    format: DocumentFormat,
    bytes: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Extracted | undefined>;
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Another reading could end otherwise: not kept. */
const PASSING: ReadonlySet<Refusal> = new Set(['timeout', 'memory', 'failed', 'damaged']);

/** May the same file be read another time, by a machine that has less to do? */
export const mayPass = (reason: Refusal): boolean => PASSING.has(reason) && reason !== 'damaged';

export function createExtractor(parts: {
  reader: Pick<FileReader, 'readDocument'>;
  records: Pick<LibraryRecords, 'extraction' | 'keepExtraction'>;
  clock: Clock;
}): Extractor {
  const { reader, records, clock } = parts;
  return {
    known: (hash, format) => records.extraction(hash, format, EXTRACTOR),
    async read(hash, format, bytes, signal) {
      const content =
        format === 'markdown' ? decodeMarkdown(bytes) : await reader.readDocument(bytes, format, signal);
      if (!content.ok && (content.reason === 'aborted' || content.reason === 'busy')) return undefined;
      const read = content as Extracted;
      if (read.ok || !PASSING.has(read.reason))
        await records.keepExtraction(hash, format, { extractor: EXTRACTOR, content: read, at: clock.now() });
      return read;
    },
  };
}

/** `unsupported`: it is not UTF-8. */
export function decodeMarkdown(bytes: Uint8Array): Extracted {
  if (bytes.length > LARGEST_MARKDOWN) return { ok: false, reason: 'too_large' };
  const text = utf8(bytes);
  if (text === undefined) return { ok: false, reason: 'unsupported' };
  return text.trim() === '' ? { ok: false, reason: 'empty' } : { ok: true, pages: [text], paged: false };
}
