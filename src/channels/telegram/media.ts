import { scrubName } from '../../lib/scrub.ts';
import type { MediaKind, MediaRef } from '../../message/event.ts';
import { child, type Fields, fieldsOf, integerIn, listIn, stringIn } from '../fields.ts';

/** Field of a message → kind of media. First match wins: an animation also has `document`, a venue also `location`. */
const KINDS: [field: string, kind: MediaKind][] = [
  ['animation', 'video'],
  ['live_photo', 'photo'],
  ['document', 'document'],
  ['voice', 'voice'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['video_note', 'video'],
  ['sticker', 'sticker'],
  ['venue', 'location'],
  ['location', 'location'],
];

export function mediaOf(message: Fields): MediaRef | undefined {
  const sizes = listIn(message, 'photo')
    .map(fieldsOf)
    .filter((size) => size !== undefined);
  const largest = sizes.reduce<Fields | undefined>(
    (best, size) => (best && area(best) > area(size) ? best : size),
    undefined,
  );
  if (largest) return { kind: 'photo', ...describe(largest) };
  for (const [field, kind] of KINDS) {
    const found = child(message, field);
    if (found) return { kind, ...describe(found) };
  }
  return undefined;
}

const area = (size: Fields): number => (integerIn(size, 'width') ?? 0) * (integerIn(size, 'height') ?? 0);

function describe(file: Fields): Omit<MediaRef, 'kind'> {
  const ref = stringIn(file, 'file_id');
  const name = scrubName(stringIn(file, 'file_name') ?? '');
  const mime = stringIn(file, 'mime_type');
  const bytes = integerIn(file, 'file_size');
  return {
    ...(ref === undefined ? {} : { ref: scrubName(ref) }),
    ...(name === '' ? {} : { name }),
    ...(mime === undefined ? {} : { mime: scrubName(mime) }),
    ...(bytes === undefined || bytes < 0 ? {} : { bytes }),
  };
}
