import { clipWords } from '../lib/clip.ts';
import type { Kept, SentFile, SessionDocument } from '../message/answer.ts';
import type { FileRead } from './files/reader.ts';

/** Reads a file and hands its text over to be saved. Never throws. */
export async function keepFile(
  file: SentFile,
  read: () => Promise<FileRead>,
  save: (document: SessionDocument) => Promise<void>,
): Promise<Kept> {
  const result = await read();
  if (!result.ok) return refusal(result.reason);
  const { kind, pages } = result;
  try {
    await save({ id: file.id, kind, ...(file.name !== undefined && { name: file.name }), pages });
  } catch {
    return { status: 'unavailable', reason: 'failed' };
  }
  return { status: 'kept', document: { id: file.id, kind, pages: pages.length, preview: preview(pages) } };
}

function refusal(reason: Exclude<FileRead, { ok: true }>['reason']): Kept {
  switch (reason) {
    case 'busy':
      return { status: 'unavailable', reason: 'refused' };
    case 'aborted':
      return { status: 'unavailable', reason: 'timeout' };
    case 'failed':
      return { status: 'unavailable', reason: 'failed' };
    case 'timeout':
    case 'memory':
      return { status: 'refused', reason: 'too_much' };
    default:
      return { status: 'refused', reason };
  }
}

const LONGEST_PREVIEW = 300;

/** The first words of a file on one line, cut at a word. */
export function preview(pages: readonly string[]): string {
  const start = pages
    .join(' ')
    .slice(0, 4 * LONGEST_PREVIEW)
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .trim();
  return clipWords(start, LONGEST_PREVIEW);
}
