import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Vectors of passages on disk, found by a digest of their text. Only the digests are in memory (16 bytes each); a
 * question reads the vectors of its candidates. A file per model; what another model made is deleted.
 */
export interface Vectors {
  has(key: string): boolean;
  get(key: string): Promise<Float32Array | undefined>;
  /** Vectors of another length than those kept replace them all. */
  add(entries: readonly { key: string; vector: Float32Array }[]): Promise<void>;
  /** Forgets the others: passages that are gone leave nothing behind. */
  keepOnly(keys: ReadonlySet<string>): Promise<void>;
  readonly size: number;
  close(): Promise<void>;
}

const KEY_BYTES = 16;
const MAGIC = Buffer.from('GVEC');
/** Magic, then the length of a vector (little endian), then nothing yet. */
const HEADER_BYTES = 16;

export const keyOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * KEY_BYTES);

export async function openVectors(folder: string, model: string): Promise<Vectors> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = keyOf(model);
  for (const other of await readdir(folder)) {
    if (/\.(?:keys|f32)$/.test(other) && !other.startsWith(name)) await rm(join(folder, other));
  }
  const keys = await openFile(join(folder, `${name}.keys`));
  const data = await openFile(join(folder, `${name}.f32`));
  let { places, length, next } = await readKeys(keys, data);
  /** Writes follow each other. */
  let writing: Promise<void> = Promise.resolve();

  async function reset(to: number): Promise<void> {
    places = new Map();
    next = 0;
    length = to;
    await data.truncate(0);
    await keys.truncate(0);
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    header.writeUInt32LE(to, MAGIC.length);
    await keys.write(header, 0, HEADER_BYTES, 0);
  }

  async function read(place: number): Promise<Buffer | undefined> {
    const bytes = Buffer.alloc(length * 4);
    const { bytesRead } = await data.read(bytes, 0, bytes.length, place * bytes.length);
    return bytesRead === bytes.length ? bytes : undefined;
  }

  /** The key last: a crash between leaves no key before its vector. */
  async function write(key: string, bytes: Buffer, place: number, over: boolean): Promise<void> {
    const at = HEADER_BYTES + place * KEY_BYTES;
    if (over) await keys.write(Buffer.alloc(KEY_BYTES), 0, KEY_BYTES, at);
    await data.write(bytes, 0, bytes.length, place * bytes.length);
    await keys.write(Buffer.from(key, 'hex'), 0, KEY_BYTES, at);
    places.set(key, place);
  }

  async function add(entries: Parameters<Vectors['add']>[0]): Promise<void> {
    for (const { key, vector } of entries) {
      if (vector.length !== length) await reset(vector.length);
      if (places.has(key)) continue;
      const bytes = Buffer.alloc(length * 4);
      vector.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
      await write(key, bytes, next, false);
      next += 1;
    }
  }

  async function keepOnly(wanted: ReadonlySet<string>): Promise<void> {
    const kept = [...places].filter(([key]) => wanted.has(key)).sort(([, a], [, b]) => a - b);
    if (kept.length === next) return;
    for (const key of places.keys()) if (!wanted.has(key)) places.delete(key);
    // Each moves down over what is gone, or over what has already moved.
    let free = 0;
    for (const [key, place] of kept) {
      const bytes = place === free ? undefined : await read(place);
      if (bytes) await write(key, bytes, free, true);
      free += 1;
    }
    next = free;
    await data.truncate(next * length * 4);
    await keys.truncate(HEADER_BYTES + next * KEY_BYTES);
  }

  /** Not behind the writes, which may be long: what moved while it was read is read where it is now. */
  async function get(key: string): Promise<Float32Array | undefined> {
    for (;;) {
      const place = places.get(key);
      if (place === undefined) return undefined;
      const before = length;
      const bytes = await read(place);
      if (places.get(key) !== place || length !== before) continue;
      if (!bytes) return undefined;
      const vector = Float32Array.from({ length: before }, (_, at) => bytes.readFloatLE(at * 4));
      return vector.every(Number.isFinite) ? vector : undefined;
    }
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => (writing = writing.then(work, work));

  return {
    has: (key) => places.has(key),
    get,
    add: (entries) => inTurn(() => add(entries)),
    keepOnly: (wanted) => inTurn(() => keepOnly(wanted)),
    get size() {
      return places.size;
    },
    async close() {
      await writing.catch(() => undefined);
      await keys.close();
      await data.close();
    },
  };
}

const openFile = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDWR | constants.O_CREAT, 0o600);

/** What both files hold whole; anything else is begun anew. */
async function readKeys(
  keys: FileHandle,
  data: FileHandle,
): Promise<{ places: Map<string, number>; length: number; next: number }> {
  const bytes = await keys.readFile();
  const places = new Map<string, number>();
  const length =
    bytes.length >= HEADER_BYTES && bytes.subarray(0, MAGIC.length).equals(MAGIC)
      ? bytes.readUInt32LE(MAGIC.length)
      : 0;
  if (length === 0) return { places, length, next: 0 };
  const { size } = await data.stat();
  const next = Math.min(
    Math.floor((bytes.length - HEADER_BYTES) / KEY_BYTES),
    Math.floor(size / (length * 4)),
  );
  for (let at = 0; at < next; at += 1) {
    const key = bytes.toString('hex', HEADER_BYTES + at * KEY_BYTES, HEADER_BYTES + (at + 1) * KEY_BYTES);
    if (!/^0+$/.test(key) && !places.has(key)) places.set(key, at);
  }
  return { places, length, next };
}
