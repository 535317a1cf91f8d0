import type { FileKind, Outgoing } from './phone.ts';

/** Bytes; what a Telegram bot can fetch, and what the desk reads. */
export const FILE_LIMIT = 20 * 1024 * 1024;

/** Pixels of the longest side, and bytes under which a JPEG goes as it is. */
const PHOTO_SIDE = 1600;
const PHOTO_AS_IT_IS = 400_000;

export type Problem = 'empty' | 'tooBig' | 'noPicture';

export class FileProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem);
    this.problem = problem;
  }
}

/** As the real applications do: photos leave as JPEG of a reasonable size, all the rest as it is. Throws FileProblem. */
export async function prepare(kind: FileKind, file: File): Promise<Outgoing> {
  if (file.size === 0) throw new FileProblem('empty');
  if (file.size > FILE_LIMIT) throw new FileProblem('tooBig');
  const named = { name: file.name, mime: file.type === '' ? 'application/octet-stream' : file.type };
  if (kind !== 'photo' && kind !== 'sticker') return { ...named, base64: await base64Of(file) };
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) throw new FileProblem('noPicture');
  const type = kind === 'photo' ? 'image/jpeg' : 'image/webp';
  const asItIs = file.type === type && (kind === 'sticker' || file.size <= PHOTO_AS_IT_IS);
  const sent = asItIs ? file : await drawn(picture, kind === 'photo' ? PHOTO_SIDE : 512, type);
  picture.close();
  const name = asItIs ? file.name : file.name.replace(/(\.\w+)?$/, kind === 'photo' ? '.jpg' : '.webp');
  return { name, mime: type, base64: await base64Of(sent) };
}

async function drawn(picture: ImageBitmap, side: number, type: string): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new FileProblem('noPicture'))), type, 0.85);
  });
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new FileProblem('empty'));
    reader.readAsDataURL(blob);
  });
}
