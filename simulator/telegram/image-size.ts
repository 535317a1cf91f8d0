export interface Size {
  width: number;
  height: number;
}

/** Pixels of a JPEG, PNG, GIF or WebP, as its head says; undefined when it is none of them. */
export function imageSize(bytes: Uint8Array): Size | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (data.readUInt32BE(0) === 0x89504e47)
      return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
    const four = data.toString('latin1', 0, 4);
    if (four === 'GIF8') return { width: data.readUInt16LE(6), height: data.readUInt16LE(8) };
    if (four === 'RIFF' && data.toString('latin1', 8, 12) === 'WEBP') return webpSize(data);
    if (data.readUInt16BE(0) === 0xffd8) return jpegSize(data);
  } catch {
    // Shorter than its own head: no picture.
  }
  return undefined;
}

function webpSize(data: Buffer): Size | undefined {
  switch (data.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = data.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** Walks the segments to the frame header (SOF0–SOF15, but DHT, JPG and DAC, which share their range). */
function jpegSize(data: Buffer): Size | undefined {
  let at = 2;
  while (data.readUInt8(at) === 0xff) {
    const marker = data.readUInt8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7) };
    if (marker === 0xd9 || marker === 0xda) return undefined;
    at += 2 + data.readUInt16BE(at + 2);
  }
  return undefined;
}
