export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface Decoded {
  text: string;
  encoding: Encoding;
  /** UTF-8 had been read as windows-1252 and saved so ("TÃ©lÃ©phone"); `text` is what was meant. */
  repaired: boolean;
}

/** A text file of a spreadsheet, in whatever encoding its program writes. Never throws. */
export function decode(bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  const meant = /Ã[\u0080-\u00bf\u0152-\u2122]/.test(text) ? undouble(text) : undefined;
  return { text: meant ?? text, encoding, repaired: meant !== undefined };
}

/** Undefined: it is not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const wide = zeros(bytes.subarray(0, 1_024));
  return wide ?? (utf8(bytes) === undefined ? 'windows-1252' : 'utf-8');
}

/** UTF-16 without its mark: half of the bytes of a European text are zero. */
function zeros(sample: Uint8Array): Encoding | undefined {
  const counts = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) counts[at % 2] = (counts[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = counts;
  const enough = sample.length * 0.3;
  return sample.length < 4 ? undefined : odd > enough ? 'utf-16le' : even > enough ? 'utf-16be' : undefined;
}

const windows1252 = new TextDecoder('windows-1252');
const toByte = new Map(
  Array.from({ length: 256 }, (_, byte) => [windows1252.decode(Uint8Array.of(byte)), byte]),
);

function undouble(text: string): string | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = toByte.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return utf8(Uint8Array.from(bytes));
}
