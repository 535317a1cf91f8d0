import { createHash, timingSafeEqual } from 'node:crypto';

/** Constant time whatever the lengths: both sides are hashed first. A missing or repeated header never matches. */
export function sameSecret(given: string | string[] | undefined, expected: string): boolean {
  const known = typeof given === 'string';
  const equal = timingSafeEqual(digest(known ? given : ''), digest(expected));
  return known && expected !== '' && equal;
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
