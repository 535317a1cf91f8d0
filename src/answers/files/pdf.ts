import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import { getDocumentProxy } from 'unpdf';
import { DOCUMENT_LIMITS, FILE_LIMITS } from './limits.ts';
import { linesMarkdown } from './pdf-markdown.ts';
import { linesOf } from './pdf-lines.ts';
import type { Item, Line } from './pdf-lines.ts';
import { pagePictures } from './pdf-pictures.ts';
import { textMarkdown, tidy } from './text.ts';
import { UnreadableError } from './unreadable.ts';

type Limits = Pick<typeof FILE_LIMITS | typeof DOCUMENT_LIMITS, 'pages' | 'text' | 'scannedPages'>;

/** Text of each page; a page without text is read as a picture. Throws `UnreadableError`. */
export async function readPdf(bytes: Uint8Array): Promise<string[]> {
  const { pages, scanned } = await readPages(bytes, FILE_LIMITS);
  return pages.map((lines, index) => scanned.get(index) ?? plain(lines));
}

/** Markdown of each page: what is written larger than the rest is a heading. Throws `UnreadableError`. */
export async function readPdfMarkdown(bytes: Uint8Array): Promise<string[]> {
  const { pages, scanned } = await readPages(bytes, DOCUMENT_LIMITS);
  return linesMarkdown(pages).map((markdown, index) => {
    const picture = scanned.get(index);
    return picture === undefined ? markdown : textMarkdown(picture);
  });
}

interface Pages {
  pages: Line[][];
  /** Text of pages that were pictures, by index. */
  scanned: Map<number, string>;
}

async function readPages(bytes: Uint8Array, limits: Limits): Promise<Pages> {
  const document = await open(bytes);
  if (document.numPages > limits.pages) throw new UnreadableError('too_much');
  const pages: Line[][] = [];
  const pictures: number[] = [];
  let length = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const lines = await pageLines(page, limits);
    if (plain(lines) === '') pictures.push(number);
    pages.push(lines);
    length += lines.reduce((sum, line) => sum + line.text.length, 0);
    if (length > limits.text) throw new UnreadableError('too_much');
    page.cleanup();
  }
  // A scan is read whole or refused; a few drawings in a long text are not worth a refusal.
  if (pictures.length === pages.length && pictures.length > limits.scannedPages)
    throw new UnreadableError('too_much');
  const scanned = new Map<number, string>();
  for (const number of pictures.slice(0, limits.scannedPages)) {
    const page = await document.getPage(number);
    scanned.set(number - 1, tidy((await pagePictures(page)).join('\n\n')));
    page.cleanup();
  }
  return { pages, scanned };
}

const plain = (lines: readonly Line[]): string => tidy(lines.map(({ text }) => text).join('\n'));

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

async function pageLines(page: PDFPageProxy, limits: Limits): Promise<Line[]> {
  const { items } = await page.getTextContent();
  const placed: Item[] = [];
  let length = 0;
  for (const item of items) {
    if (!('str' in item)) continue;
    placed.push({
      text: item.str,
      x: Number(item.transform[4] ?? 0),
      y: Number(item.transform[5] ?? 0),
      width: item.width,
      height: item.height || Math.abs(Number(item.transform[3] ?? 0)) || 12,
      endsLine: item.hasEOL,
    });
    length += item.str.length;
    if (length > limits.text) throw new UnreadableError('too_much');
  }
  return linesOf(placed);
}
