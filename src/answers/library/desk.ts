import { readFile } from 'node:fs/promises';
import { systemClock } from '../../lib/clock.ts';
import type { DocumentFormat, Extracted } from '../../message/library.ts';
import { createFileReader } from '../files/reader.ts';
import { NO_TEXT } from '../ingest/documents.ts';
import type { Passage, Problem } from '../ingest/passage.ts';
import type { Extractor } from './extractor.ts';
import { createExtractor, decodeMarkdown, hashOf } from './extractor.ts';
import { besideFile, readFolder } from './folder.ts';
import type { FolderFile } from './folder.ts';
import { documentPassages, problemSentence } from './passages.ts';
import { NO_RECORDS } from './records.ts';
import { refusalSentence } from './refusal.ts';

const NOT_UTF8 = 'The file is not UTF-8 text: save it again with the UTF-8 encoding.';

/** A document of the desk's folder, as it is now. */
export interface DeskDocument {
  id: string;
  file: string;
  format: DocumentFormat;
  title: string;
  state: 'reading' | 'ready' | 'refused';
  /** What to do about it. */
  reason?: string;
  /** Changes with its content. */
  key: string;
  passages: Passage[];
}

export interface Desk {
  documents: Map<string, DeskDocument>;
  /** Files that nobody has read yet. */
  pending: FolderFile[];
  hashes: Set<string>;
  /** Mistakes in what a person wrote by hand, or no documents at all: they stop the desk. */
  problems: Problem[];
  /** Files that are not answered from, and why; the others are. */
  warnings: Problem[];
}

/** The desk's folder, with what is known of its files without reading them in a child. */
export async function scanDesk(folder: string, extractor: Pick<Extractor, 'known'>): Promise<Desk> {
  const { files, problems, warnings } = await readFolder(folder);
  const desk: Desk = { documents: new Map(), pending: [], hashes: new Set(), problems, warnings };
  for (const file of files) {
    const bytes = await readFile(file.path);
    const hash = hashOf(bytes);
    desk.hashes.add(hash);
    if (file.format === 'markdown') {
      const { document, problems: found } = await markdown(file, hash, bytes);
      desk.documents.set(file.id, document);
      problems.push(...found);
      if (found.length === 0 && document.state === 'refused') warnings.push(problemOf(document));
      continue;
    }
    const known = await extractor.known(hash, file.format);
    if (known === undefined) desk.pending.push(file);
    const document = known
      ? await deskDocument(file, hash, known)
      : { ...begun(file), state: 'reading' as const };
    desk.documents.set(file.id, document);
    if (document.state === 'refused') warnings.push(problemOf(document));
  }
  return desk;
}

/** Reads a pending file. `undefined`: it is gone, or we were stopped. */
export async function readPending(
  file: FolderFile,
  extractor: Pick<Extractor, 'read'>,
  signal?: AbortSignal,
): Promise<{ document: DeskDocument; hash: string } | undefined> {
  const bytes = await readFile(file.path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const hash = hashOf(bytes);
  const read = await extractor.read(hash, file.format, bytes, signal);
  return read && { document: await deskDocument(file, hash, read), hash };
}

export const problemOf = ({ file, reason = '' }: DeskDocument): Problem => ({
  file,
  line: 1,
  message: reason,
});

/** Everything of a folder, read now, with nothing kept: for checks and measures. */
export async function readDocuments(
  folder: string,
  progress?: (read: { done: number; total: number; file: string }) => void,
): Promise<{ passages: Passage[]; problems: Problem[] }> {
  const reader = createFileReader({ most: 1 });
  try {
    const extractor = createExtractor({ reader, records: NO_RECORDS, clock: systemClock });
    const { documents, pending, problems, warnings } = await scanDesk(folder, extractor);
    for (const [at, file] of pending.entries()) {
      const read = await readPending(file, extractor);
      if (read) documents.set(file.id, read.document);
      if (read?.document.state === 'refused') warnings.push(problemOf(read.document));
      progress?.({ done: at + 1, total: pending.length, file: file.file });
    }
    const passages = [...documents.values()].flatMap((document) => document.passages);
    return { passages, problems: [...problems, ...warnings] };
  } finally {
    await reader.close();
  }
}

const begun = ({ id, file, format }: FolderFile) => ({ id, file, format, title: id, key: '', passages: [] });

/** What a person wrote by hand: `problems` are theirs to correct. */
async function markdown(
  file: FolderFile,
  hash: string,
  bytes: Buffer,
): Promise<{ document: DeskDocument; problems: Problem[] }> {
  const read = decodeMarkdown(bytes);
  if (!read.ok && read.reason === 'too_large')
    return { document: refused(file, refusalSentence(file.file, read.reason)), problems: [] };
  const problem = (message: string): Problem => ({ file: file.file, line: 1, message });
  const { passages, problems } = read.ok
    ? await documentPassages(file.id, 'markdown', read, {})
    : { passages: [], problems: [problem(read.reason === 'empty' ? NO_TEXT : NOT_UTF8)] };
  const document =
    problems.length === 0 ? ready(file, hash, passages) : refused(file, problemSentence(problems));
  return { document, problems };
}

async function deskDocument(file: FolderFile, hash: string, read: Extracted): Promise<DeskDocument> {
  const { attributes, problems, text } = await besideFile(file);
  if (!read.ok) return refused(file, refusalSentence(file.file, read.reason));
  if (problems.length > 0) return refused(file, problemSentence(problems));
  const { passages } = await documentPassages(file.id, file.format, read, attributes);
  if (passages.length === 0) return refused(file, refusalSentence(file.file, 'empty'));
  return ready(file, `${hash} ${hashOf(Buffer.from(text))}`, passages);
}

const refused = (file: FolderFile, reason: string): DeskDocument => ({
  ...begun(file),
  state: 'refused',
  reason,
});

const ready = (file: FolderFile, key: string, passages: Passage[]): DeskDocument => ({
  ...begun(file),
  state: 'ready',
  title: passages[0]?.documentTitle ?? file.id,
  key: `file ${file.file} ${key}`,
  passages,
});
