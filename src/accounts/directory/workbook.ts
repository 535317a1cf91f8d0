import { IMPORT_LIMITS } from './limits.ts';

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const END_LENGTH = 22;

/**
 * Whether what a workbook announces of itself may be unpacked (APPNOTE 4.3.12 and 4.3.16): the library that unpacks it
 * gives each part as much room as is announced there and no more. Zip64 is for larger files than we take.
 */
export function checkWorkbook(bytes: Uint8Array): 'ok' | 'broken' | 'too_much' {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    let end = file.length - END_LENGTH;
    while (end >= 0 && file.readUInt32LE(end) !== END) end -= 1;
    if (end < 0) return 'broken';
    const parts = file.readUInt16LE(end + 8);
    // One reader counts the parts on this disk, another those in all.
    if (parts !== file.readUInt16LE(end + 10)) return 'broken';
    if (parts > IMPORT_LIMITS.parts) return 'too_much';
    let at = file.readUInt32LE(end + 16);
    let total = 0;
    for (let part = 0; part < parts; part += 1) {
      const encrypted = (file.readUInt16LE(at + 8) & 1) === 1;
      if (file.readUInt32LE(at) !== CENTRAL || encrypted) return 'broken';
      total += file.readUInt32LE(at + 24);
      at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
    }
    return total > IMPORT_LIMITS.unzipped ? 'too_much' : 'ok';
  } catch {
    return 'broken';
  }
}
