import data from '../data/whatsapp-limits.json' with { type: 'json' };

export const limits = data;

export type MediaKind = keyof typeof data.mimes;

export const MEDIA_KINDS: readonly MediaKind[] = ['image', 'audio', 'video', 'document', 'sticker'];

/** `audio/ogg; codecs=opus` is audio/ogg. */
export const bareMime = (mime: string): string => (mime.split(';')[0] ?? '').trim().toLowerCase();

/** A PNG is an image, and may be sent as a document too. */
export function kindsOf(mime: string): MediaKind[] {
  return MEDIA_KINDS.filter((kind) => limits.mimes[kind].includes(bareMime(mime)));
}
