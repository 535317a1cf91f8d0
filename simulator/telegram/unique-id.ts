import { createHash } from 'node:crypto';

/** The same for the same bytes, whoever sends them and as often as they like; no good for a download. */
export const uniqueId = (bytes: Uint8Array, size = 0): string =>
  `AQAD${createHash('sha256').update(bytes).digest('base64url').slice(0, 11)}${size}`;
