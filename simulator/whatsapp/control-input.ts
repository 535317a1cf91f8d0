import { BadInput, only, optionalText } from '../shared/control-server.ts';
import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { headerMime } from '../shared/mime.ts';
import type { FileOptions } from './phone.ts';

/** Of a file taken from the page, decoded. */
const FILE_BYTES = 20 * 1024 * 1024;

/** `base64`, `name`, `mime`, `caption`: all optional, without bytes it is a stock file. */
export function fileIn(body: JsonObject): FileOptions {
  const described: FileOptions = only({
    caption: optionalText(body, 'caption'),
    name: optionalText(body, 'name'),
    mime: optionalText(body, 'mime'),
  });
  const { mime } = described;
  if (mime !== undefined && headerMime(mime) !== mime)
    throw new BadInput('mime must be a media type: image/png');
  const encoded = optionalText(body, 'base64');
  return encoded === undefined ? described : { ...described, bytes: bytesOf(encoded) };
}

function bytesOf(encoded: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64'));
  // Node skips what is not base64 without a word.
  if (bytes.length === 0 || bytes.length < Math.floor((encoded.length * 3) / 4) - 2)
    throw new BadInput('base64 must be the bytes of a file that is not empty');
  if (bytes.length > FILE_BYTES) throw new BadInput(`a file of ${bytes.length} bytes: ${FILE_BYTES} at most`);
  return bytes;
}

/** As in a wa_id. */
export function digits(number: string): string {
  if (!/^\d{7,15}$/.test(number))
    throw new BadInput('a number is digits only, with the country: 221770000009');
  return number;
}

export function userId(id: string): string {
  if (!/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(id))
    throw new BadInput('user_id must be a business-scoped id: SN.13490000000000000009');
  return id;
}

export function degrees(body: JsonObject, name: string, most: number): number {
  const value = body[name];
  if (typeof value !== 'number' || !(Math.abs(value) <= most))
    throw new BadInput(`${name} must be a number from ${-most} to ${most}`);
  return value;
}

/** `items` of an order. */
export function itemsIn({ items }: JsonObject): { product: string; quantity: number; price: number }[] {
  const read = (Array.isArray(items) ? items : []).map((item: unknown) => {
    const { product, quantity, price } = isObject(item) ? item : {};
    return typeof product === 'string' && isAmount(quantity) && isAmount(price)
      ? [{ product, quantity, price }]
      : [];
  });
  if (read.length === 0 || read.some((item) => item.length === 0))
    throw new BadInput('items must be a list of {product, quantity, price}');
  return read.flat();
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0;
