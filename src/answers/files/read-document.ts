import { decode } from '../../lib/decode.ts';
import { scrub } from '../../lib/scrub.ts';
import type { DocumentFormat, Extracted } from '../../message/library.ts';
import { parseHtml } from './html.ts';
import { pageMarkdown } from './html-markdown.ts';
import { LackingError, load } from './lacking.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import { signatureOf } from './kind.ts';
import { LOCKED } from './read.ts';
import { readText, textMarkdown } from './text.ts';
import { UnreadableError } from './unreadable.ts';

/** A document of the desk as Markdown, with its headings and tables. Runs in the child, as `readBytes`. Throws `LackingError` only. */
export async function readDocument(bytes: Uint8Array, format: DocumentFormat): Promise<Extracted> {
  try {
    const read = await readAs(bytes, format);
    if (read.pages.reduce((sum, page) => sum + page.length, 0) > DOCUMENT_LIMITS.text)
      return { ok: false, reason: 'too_much' };
    if (!read.pages.some((page) => /[\p{L}\p{N}]/u.test(page))) return { ok: false, reason: 'empty' };
    return { ok: true, ...read };
  } catch (error) {
    if (error instanceof LackingError) throw error;
    return { ok: false, reason: error instanceof UnreadableError ? error.reason : 'broken' };
  }
}

interface Read {
  title?: string;
  pages: string[];
  paged: boolean;
}

/** By content; what the format says counts among texts only, which look alike. */
async function readAs(bytes: Uint8Array, format: DocumentFormat): Promise<Read> {
  switch (signatureOf(bytes)) {
    case 'jpeg':
    case 'png':
    case 'webp': {
      const text = await (await load(() => import('./image.ts'))).readImage(bytes);
      return { pages: [textMarkdown(text)], paged: false };
    }
    case 'pdf': {
      const pages = await (await load(() => import('./pdf.ts'))).readPdfMarkdown(bytes);
      return { pages, paged: pages.length > 1 };
    }
    case 'zip': {
      const { isWorkbook, readXlsx } = await load(() => import('./table.ts'));
      if (isWorkbook(bytes)) return { pages: [readXlsx(bytes)], paged: false };
      const { readDocxMarkdown } = await load(() => import('./docx.ts'));
      const { title, markdown } = await readDocxMarkdown(bytes);
      return { ...(title !== undefined && { title }), pages: [markdown], paged: false };
    }
    case 'ole':
      throw new UnreadableError(Buffer.from(bytes).includes(LOCKED) ? 'encrypted' : 'unsupported');
    case 'html':
      return readHtml(bytes);
    case 'text':
      if (format === 'table')
        return { pages: [(await load(() => import('./table.ts'))).readCsv(bytes)], paged: false };
      return format === 'html' ? readHtml(bytes) : { pages: [textMarkdown(readText(bytes))], paged: false };
    case undefined:
      // Too short or too odd for its first bytes to tell.
      if (format === 'html') return readHtml(bytes);
      throw new UnreadableError('unsupported');
  }
}

function readHtml(bytes: Uint8Array): Read {
  const { title, markdown } = pageMarkdown(parseHtml(scrub(decode(bytes).text)));
  return { ...(title !== undefined && { title }), pages: [markdown], paged: false };
}
