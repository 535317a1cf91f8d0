import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'tesseract.js';
import { createWorker } from 'tesseract.js';
import { FILE_LIMITS } from './limits.ts';
import { tidy } from './text.ts';

/** Lines read with less confidence (0 to 100) are the pattern of a shirt, not words. */
const LINE_CONFIDENCE = 50;
/** LSTM only: the installed data holds nothing else. */
const LSTM = 1;

let worker: Promise<Worker> | undefined;

/** French text of a picture that sharp has prepared; empty when there is none. Everything it needs is installed: no network. */
export async function recognise(picture: Buffer): Promise<string> {
  worker ??= start();
  const ready = await worker;
  const looked = ready.recognize(picture, {}, { text: false, blocks: true });
  const paragraphs = await Promise.race([
    looked.then(({ data }) => (data.blocks ?? []).flatMap((block) => block.paragraphs)),
    setTimeout(FILE_LIMITS.pictureMs, undefined),
  ]);
  if (paragraphs === undefined) {
    // Nothing stops it in the middle but its end.
    worker = undefined;
    await ready.terminate();
    return '';
  }
  return tidy(
    paragraphs
      .map(({ lines }) =>
        lines
          .filter((line) => line.confidence >= LINE_CONFIDENCE && /[\p{L}\p{N}]{2}/u.test(line.text))
          .map((line) => line.text.trim())
          .join('\n'),
      )
      .join('\n\n'),
  );
}

function start(): Promise<Worker> {
  const data = dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/fra/package.json'));
  return createWorker('fra', LSTM, {
    langPath: join(data, '4.0.0_best_int'),
    gzip: true,
    cacheMethod: 'none',
    // The call that failed rejects too; unset, the error would be thrown at the process.
    errorHandler: () => undefined,
  });
}
