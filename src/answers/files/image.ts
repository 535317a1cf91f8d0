import type { Sharp } from 'sharp';
import sharp from 'sharp';
import { FILE_LIMITS } from './limits.ts';
import { recognise } from './ocr.ts';
import { UnreadableError } from './unreadable.ts';

sharp.cache(false);
sharp.concurrency(1);

/** Long side in pixels: a page keeps letters of 15 pixels, a screenshot is enlarged; more takes longer and reads no better. */
const LARGEST = 1_800;
const SMALLEST = 1_400;

/** Text of a JPEG, PNG or WebP. Throws `UnreadableError`. */
export async function readImage(bytes: Uint8Array): Promise<string> {
  const image = sharp(bytes, { limitInputPixels: FILE_LIMITS.pixels, failOn: 'truncated' });
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (width * height > FILE_LIMITS.pixels) throw new UnreadableError('too_much');
  return readPixels(image.autoOrient(), Math.max(width, height));
}

/** Text of an opened picture whose long side is `long` pixels. */
export async function readPixels(image: Sharp, long: number): Promise<string> {
  const side = Math.min(LARGEST, Math.max(SMALLEST, long));
  const prepared = await image
    .flatten({ background: '#ffffff' })
    .grayscale()
    .resize({ width: side, height: side, fit: 'inside' })
    .normalise()
    .withMetadata({ density: 200 })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return recognise(prepared);
}
