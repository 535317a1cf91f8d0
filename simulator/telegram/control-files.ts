import { BadInput, only, optionalText } from '../shared/control-server.ts';
import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import type { FileOptions } from './phone.ts';
import { limits } from './tables.ts';

/**
 * The files of a control request: `base64`, `name`, `mime` and `caption` at the top for one, or `files`, a list of such
 * objects, for an album; the caption at the top is then the first file's. Without any, one stock file.
 */
export function filesIn(body: JsonObject): FileOptions[] {
  const { files } = body;
  if (files === undefined) return [fileIn(body)];
  if (!Array.isArray(files) || files.length === 0 || !files.every(isObject))
    throw new BadInput('files must be a list of {base64, name, mime, caption}');
  const caption = only({ caption: optionalText(body, 'caption') });
  return files.map((file, index) => ({ ...(index === 0 ? caption : {}), ...fileIn(file) }));
}

function fileIn(body: JsonObject): FileOptions {
  const described = only({
    caption: optionalText(body, 'caption'),
    name: optionalText(body, 'name'),
    mime: optionalText(body, 'mime'),
  });
  const encoded = optionalText(body, 'base64');
  return encoded === undefined ? described : { ...described, bytes: bytesOf(encoded) };
}

function bytesOf(encoded: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64'));
  // Node skips what is not base64 without a word.
  if (bytes.length === 0 || bytes.length < Math.floor((encoded.length * 3) / 4) - 2)
    throw new BadInput('base64 must be the bytes of a file that is not empty');
  if (bytes.length > limits.downloadBytes)
    throw new BadInput(`a file of ${bytes.length} bytes: a bot can fetch ${limits.downloadBytes} at most`);
  return bytes;
}
