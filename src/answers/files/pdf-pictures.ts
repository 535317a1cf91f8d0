import sharp from 'sharp';
import { getResolvedPDFJS } from 'unpdf';
import type { PDFPageProxy } from 'unpdf/pdfjs';
import { readPixels } from './image.ts';
import { FILE_LIMITS } from './limits.ts';

/** Smaller pictures are logos and lines. */
const SHORTEST_SIDE = 200;
const MOST_PICTURES = 4;

interface Picture {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** Text of the pictures painted on a page, in order. */
export async function pagePictures(page: PDFPageProxy): Promise<string[]> {
  const { OPS } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList();
  const texts: string[] = [];
  for (const [at, operator] of fnArray.entries()) {
    if (operator !== OPS.paintImageXObject && operator !== OPS.paintInlineImageXObject) continue;
    const painted: unknown = (argsArray[at] as unknown[] | undefined)?.[0];
    const picture = typeof painted === 'string' ? await named(page, painted) : painted;
    if (!isPicture(picture)) continue;
    texts.push(await textOf(picture));
    if (texts.length >= MOST_PICTURES) break;
  }
  return texts;
}

function named(page: PDFPageProxy, name: string): Promise<unknown> {
  return new Promise((resolve) => {
    const objects = name.startsWith('g_') ? page.commonObjs : page.objs;
    objects.get(name, (object: unknown) => {
      resolve(object);
    });
  });
}

function isPicture(value: unknown): value is Picture {
  if (typeof value !== 'object' || value === null) return false;
  const { width, height, data } = value as Partial<Picture>;
  return (
    typeof width === 'number' &&
    typeof height === 'number' &&
    Math.min(width, height) >= SHORTEST_SIDE &&
    width * height <= FILE_LIMITS.pixels &&
    (data instanceof Uint8Array || data instanceof Uint8ClampedArray)
  );
}

/** The bytes tell how pixels are stored: one, three or four a pixel, or eight pixels a byte in rows of whole bytes. */
async function textOf({ width, height, data }: Picture): Promise<string> {
  const channels = data.length / (width * height);
  const long = Math.max(width, height);
  if (channels === 1 || channels === 3 || channels === 4)
    return readPixels(sharp(data, { raw: { width, height, channels } }), long);
  const row = Math.ceil(width / 8);
  if (data.length !== row * height) return '';
  const grey = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      grey[y * width + x] = ((data[y * row + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? 255 : 0;
    }
  }
  return readPixels(sharp(grey, { raw: { width, height, channels: 1 } }), long);
}
