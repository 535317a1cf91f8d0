import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** `sha256=` and 64 hex digits, any case; a list, another algorithm or a cut value is no signature. */
const SHAPE = /^sha256=([0-9a-f]{64})$/i;

/** Is this body, byte for byte, signed with the application's secret (`X-Hub-Signature-256`)? Constant time, never throws. */
export function isSigned(body: Buffer, header: string | string[] | undefined, secret: string): boolean {
  const given = typeof header === 'string' ? SHAPE.exec(header)?.[1] : undefined;
  if (given === undefined || secret === '') return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', secret).update(body).digest());
}

/** Constant time whatever the lengths: both sides are hashed first. An absent or empty word never matches. */
export function sameWord(given: string | undefined, expected: string): boolean {
  const equal = timingSafeEqual(hash(given ?? ''), hash(expected));
  return given !== undefined && expected !== '' && equal;
}

const hash = (value: string): Buffer => createHash('sha256').update(value).digest();
