import { randomUUID } from 'node:crypto';
import { badRequest } from './api-error.ts';
import { imageSize } from './image-size.ts';
import type { Size } from './image-size.ts';
import type { Media, PhotoSize } from './message.ts';
import type { Store } from './store.ts';
import { limits } from './tables.ts';
import { uniqueId } from './unique-id.ts';

export interface GivenFile {
  bytes: Uint8Array;
  name?: string;
  mime?: string;
}

/** Longest side of the sizes the platform makes of a photo, smallest first; the last one is the largest it keeps. */
const SIDES = [90, 320, 800, 1280];

/** Taken for the picture whose head cannot be read. */
const PLAUSIBLE: Size = { width: 1280, height: 853 };

/** What a smaller size of a photo holds here: nobody who takes the right size ever sees it. */
const THUMBNAIL = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

/** Of a kind: folder and ending of its path, and its type when nobody says. */
const KINDS: Record<string, { folder: string; ending: string; mime: string }> = {
  photo: { folder: 'photos', ending: 'jpg', mime: 'image/jpeg' },
  voice: { folder: 'voice', ending: 'oga', mime: 'audio/ogg' },
  audio: { folder: 'music', ending: 'mp3', mime: 'audio/mpeg' },
  video: { folder: 'videos', ending: 'mp4', mime: 'video/mp4' },
  animation: { folder: 'animations', ending: 'mp4', mime: 'video/mp4' },
  sticker: { folder: 'stickers', ending: 'webp', mime: 'image/webp' },
  video_note: { folder: 'video_notes', ending: 'mp4', mime: 'video/mp4' },
};

/** Keeps the bytes under the ids that `getFile` knows, and gives what a message shows of them. */
export function keepFile(store: Store, kind: string, file: GivenFile): Media {
  const { bytes, name, mime } = file;
  const media: Media = {
    kind,
    file_id: newFileId(kind),
    bytes,
    ...(name === undefined ? {} : { name }),
    ...(mime === undefined ? {} : { mime }),
  };
  const known = KINDS[kind];
  const ending = known?.ending ?? endingOf(name ?? '');
  const path = `${known?.folder ?? 'documents'}/file_${store.files.size}${ending === '' ? '' : `.${ending}`}`;
  const type = mime ?? known?.mime ?? 'application/octet-stream';
  store.files.set(media.file_id, { path, bytes, mime: type, unique: uniqueId(bytes) });
  if (kind === 'photo' || kind === 'sticker') media.sizes = sizesOf(store, media, bytes);
  return media;
}

export const newFileId = (kind: string): string => `${kind}-${randomUUID()}`;

const endingOf = (name: string): string => /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** Ascending, as Telegram gives them: each has ids of its own, and only the last one is the picture itself. */
function sizesOf(store: Store, media: Media, bytes: Uint8Array): PhotoSize[] {
  const full = within(imageSize(bytes) ?? PLAUSIBLE, SIDES.at(-1) ?? 1280);
  const longest = Math.max(full.width, full.height);
  const hasSmaller = media.kind === 'photo' && bytes.length > THUMBNAIL.length + SIDES.length;
  const smaller = hasSmaller ? SIDES.filter((side) => side < longest) : [];
  const made = smaller.map((side, index): PhotoSize => {
    const file_id = newFileId('photo');
    const file_unique_id = uniqueId(bytes, index + 1);
    const path = `thumbnails/file_${store.files.size}.jpg`;
    const thumbnail = new Uint8Array(THUMBNAIL.length + index);
    thumbnail.set(THUMBNAIL);
    store.files.set(file_id, { path, bytes: thumbnail, mime: 'image/jpeg', unique: file_unique_id });
    return { ...within(full, side), file_id, file_unique_id, file_size: thumbnail.length };
  });
  const { file_id } = media;
  return [...made, { ...full, file_id, file_unique_id: uniqueId(bytes), file_size: bytes.length }];
}

function within({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What the platform refuses of a file that the bot uploads. Sizes in bytes; the whole request has its own limit. */
export function checkUpload(kind: string, { bytes }: GivenFile): void {
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (kind !== 'photo') return;
  if (bytes.length > limits.photoBytes) {
    throw badRequest(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${limits.photoBytes} bytes`,
    );
  }
  const size = imageSize(bytes);
  if (!size) throw badRequest('IMAGE_PROCESS_FAILED');
  const { width, height } = size;
  if (width + height > 10_000 || Math.max(width, height) > 20 * Math.min(width, height))
    throw badRequest('PHOTO_INVALID_DIMENSIONS');
}
