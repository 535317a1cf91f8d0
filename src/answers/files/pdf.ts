import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import { getDocumentProxy } from 'unpdf';
import { FILE_LIMITS } from './limits.ts';
import { pagePictures } from './pdf-pictures.ts';
import { tidy } from './text.ts';
import { UnreadableError } from './unreadable.ts';

/** Text of each page; a page without text is read as a picture. Throws `UnreadableError`. */
export async function readPdf(bytes: Uint8Array): Promise<string[]> {
  const document = await open(bytes);
  if (document.numPages > FILE_LIMITS.pages) throw new UnreadableError('too_much');
  const pages: string[] = [];
  const scanned: number[] = [];
  let length = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const text = await textOf(page);
    if (text === '') scanned.push(number);
    pages.push(text);
    length += text.length;
    if (length > FILE_LIMITS.text) throw new UnreadableError('too_much');
    page.cleanup();
  }
  // A scan is read whole or refused; a few drawings in a long text are not worth a refusal.
  if (scanned.length === pages.length && scanned.length > FILE_LIMITS.scannedPages)
    throw new UnreadableError('too_much');
  for (const number of scanned.slice(0, FILE_LIMITS.scannedPages)) {
    const page = await document.getPage(number);
    pages[number - 1] = tidy((await pagePictures(page)).join('\n\n'));
    page.cleanup();
  }
  return pages;
}

async function open(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      disableFontFace: true,
      maxImageSize: FILE_LIMITS.pixels,
      verbosity: 0,
    });
  } catch (error) {
    const locked = error instanceof Error && error.name === 'PasswordException';
    throw new UnreadableError(locked ? 'encrypted' : 'broken');
  }
}

/** Lines as they stand; an empty line where the page leaves more than a line's height. */
async function textOf(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  let text = '';
  let above: number | undefined;
  for (const item of items) {
    if (!('str' in item)) continue;
    const y = Number(item.transform[5] ?? 0);
    const height = item.height || Math.abs(Number(item.transform[3] ?? 0)) || 12;
    const newLine = text.endsWith('\n') || text === '';
    if (item.str.trim() !== '') {
      if (newLine && above !== undefined && Math.abs(above - y) > 1.8 * height) text += '\n';
      // Two columns of one line, or a line that the file does not end.
      else if (!newLine && above !== undefined && Math.abs(above - y) > 0.7 * height) text += '\n';
      above = y;
    }
    text += item.str + (item.hasEOL ? '\n' : '');
    if (text.length > FILE_LIMITS.text) throw new UnreadableError('too_much');
  }
  return tidy(text);
}
