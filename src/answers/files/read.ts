import type { DocumentKind } from '../../message/answer.ts';
import { signatureOf } from './kind.ts';
import { LackingError, load } from './lacking.ts';
import { FILE_LIMITS } from './limits.ts';
import { readText } from './text.ts';
import { UnreadableError } from './unreadable.ts';
import type { Unreadable } from './unreadable.ts';

export const LOCKED = Buffer.from('EncryptedPackage', 'utf16le');

/** A file as text. `pages`: at least one, plain text. */
export type Reading = { ok: true; kind: DocumentKind; pages: string[] } | { ok: false; reason: Unreadable };

/** Reads a file of any kind. Runs in the child: hostile bytes may cost it its life. Throws `LackingError` only. */
export async function readBytes(bytes: Uint8Array): Promise<Reading> {
  try {
    const { kind, pages } = await read(bytes);
    if (pages.reduce((sum, page) => sum + page.length, 0) > FILE_LIMITS.text)
      return { ok: false, reason: 'too_much' };
    if (!pages.some((page) => /[\p{L}\p{N}]/u.test(page))) return { ok: false, reason: 'empty' };
    return { ok: true, kind, pages };
  } catch (error) {
    if (error instanceof LackingError) throw error;
    return { ok: false, reason: error instanceof UnreadableError ? error.reason : 'broken' };
  }
}

/** Each parser is loaded when it is first needed: together they take half a second and 100 MB. */
async function read(bytes: Uint8Array): Promise<{ kind: DocumentKind; pages: string[] }> {
  switch (signatureOf(bytes)) {
    case 'jpeg':
    case 'png':
    case 'webp':
      return { kind: 'image', pages: [await (await load(() => import('./image.ts'))).readImage(bytes)] };
    case 'pdf':
      return { kind: 'pdf', pages: await (await load(() => import('./pdf.ts'))).readPdf(bytes) };
    case 'zip':
      return { kind: 'docx', pages: [await (await load(() => import('./docx.ts'))).readDocx(bytes)] };
    case 'ole':
      // A protected DOCX is a container with this stream; anything else in one is an old format.
      throw new UnreadableError(Buffer.from(bytes).includes(LOCKED) ? 'encrypted' : 'unsupported');
    case 'text':
      return { kind: 'text', pages: [readText(bytes)] };
    case 'html':
    case undefined:
      throw new UnreadableError('unsupported');
  }
}
