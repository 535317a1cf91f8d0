import { crc32, inflateRawSync } from 'node:zlib';
import { ZIP_LIMITS } from './limits.ts';
import { UnreadableError } from './unreadable.ts';

interface Entry {
  name: string;
  encrypted: boolean;
  method: number;
  crc: number;
  compressed: number;
  size: number;
  /** Of its local header. */
  offset: number;
  symlink: boolean;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;

/**
 * The parts of a ZIP that `wanted` chooses, by name. What the directory announces is checked before anything is
 * inflated, and what comes out must be exactly that. Throws `UnreadableError`.
 */
export function unzip(bytes: Uint8Array, wanted: (name: string) => boolean): Map<string, Buffer> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let entries: Entry[];
  try {
    entries = directory(file);
  } catch (error) {
    throw error instanceof UnreadableError ? error : new UnreadableError('broken');
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > ZIP_LIMITS.total || total > ZIP_LIMITS.ratio * file.length)
    throw new UnreadableError('too_much');
  const parts = new Map<string, Buffer>();
  for (const entry of entries) {
    if (
      entry.symlink ||
      /(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[a-z]:|\0/i.test(entry.name) ||
      parts.has(entry.name)
    )
      throw new UnreadableError('broken');
    if (!wanted(entry.name)) continue;
    if (entry.encrypted) throw new UnreadableError('encrypted');
    if (entry.size > ZIP_LIMITS.part) throw new UnreadableError('too_much');
    parts.set(entry.name, inflate(file, entry));
  }
  return parts;
}

/** APPNOTE 4.3.12 and 4.3.16. Zip64 is for larger files than we take. */
function directory(file: Buffer): Entry[] {
  const earliest = Math.max(0, file.length - END_LENGTH - 0xffff);
  let end = file.length - END_LENGTH;
  while (end >= earliest && file.readUInt32LE(end) !== END) end -= 1;
  if (end < earliest) throw new UnreadableError('broken');
  const count = file.readUInt16LE(end + 10);
  if (count > ZIP_LIMITS.entries) throw new UnreadableError('too_much');
  let at = file.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    if (file.readUInt32LE(at) !== CENTRAL) throw new UnreadableError('broken');
    const nameLength = file.readUInt16LE(at + 28);
    const entry: Entry = {
      name: file.toString('utf8', at + 46, at + 46 + nameLength),
      encrypted: (file.readUInt16LE(at + 8) & 1) === 1,
      method: file.readUInt16LE(at + 10),
      crc: file.readUInt32LE(at + 16),
      compressed: file.readUInt32LE(at + 20),
      size: file.readUInt32LE(at + 24),
      offset: file.readUInt32LE(at + 42),
      symlink: ((file.readUInt32LE(at + 38) >>> 16) & 0o170000) === 0o120000,
    };
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
    return entry;
  });
}

function inflate(file: Buffer, { offset, method, compressed, size, crc }: Entry): Buffer {
  try {
    if (file.readUInt32LE(offset) !== LOCAL) throw new Error('no local header');
    const start = offset + 30 + file.readUInt16LE(offset + 26) + file.readUInt16LE(offset + 28);
    const stored = file.subarray(start, start + compressed);
    const out = method === 8 ? inflateRawSync(stored, { maxOutputLength: Math.max(1, size) }) : stored;
    if ((method !== 0 && method !== 8) || out.length !== size || crc32(out) !== crc)
      throw new Error('not what was announced');
    return out;
  } catch {
    throw new UnreadableError('broken');
  }
}

/** A ZIP of these parts, uncompressed: a second reader finds in it what we have checked and nothing else. */
export function zip(parts: ReadonlyMap<string, Uint8Array>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of parts) {
    const path = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(LOCAL, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(0x0800, 6);
    head.writeUInt32LE(crc32(data), 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(path.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(CENTRAL, 0);
    record.writeUInt16LE(20, 4);
    head.copy(record, 6, 4, 30);
    record.writeUInt32LE(offset, 42);
    locals.push(head, path, Buffer.from(data.buffer, data.byteOffset, data.length));
    central.push(record, path);
    offset += 30 + path.length + data.length;
  }
  const end = Buffer.alloc(END_LENGTH);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(
    central.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...central, end]);
}
