import data from '../data/whatsapp-limits.json' with { type: 'json' };

export const limits = data;

const STILL_STICKER_BYTES = 100 * 1024;

export type MediaKind = keyof typeof data.mimes;

export const MEDIA_KINDS: readonly MediaKind[] = ['image', 'audio', 'video', 'document', 'sticker'];

export const isMediaKind = (kind: string): kind is MediaKind => Object.hasOwn(limits.mimes, kind);

/** `audio/ogg; codecs=opus` is audio/ogg. */
export const bareMime = (mime: string): string => (mime.split(';')[0] ?? '').trim().toLowerCase();

/** WebP with an ANIM flag in its VP8X header: five times as large as one that stands still. */
const isAnimated = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(12, 16)).toString('latin1') === 'VP8X' && ((bytes[20] ?? 0) & 2) !== 0;

export function limitOf(kind: MediaKind, bytes: Uint8Array): number {
  return kind === 'sticker' && !isAnimated(bytes) ? STILL_STICKER_BYTES : limits.bytes[kind];
}

/** A PNG is an image, and may be sent as a document too. */
export function kindsOf(mime: string): MediaKind[] {
  return MEDIA_KINDS.filter((kind) => limits.mimes[kind].includes(bareMime(mime)));
}
