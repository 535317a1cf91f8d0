import type { FileKind } from './phone.ts';

/** Middle of Dakar, in degrees: the browser's own place is nobody's business here. */
export const SAMPLE_PLACE = { latitude: 14.6937, longitude: -17.4441 };

const SAMPLES: Record<FileKind, { name: string; mime: string }> = {
  photo: { name: 'carte-fictive.jpg', mime: 'image/jpeg' },
  document: { name: 'attestation-fictive.pdf', mime: 'application/pdf' },
  voice: { name: 'note-vocale-fictive.ogg', mime: 'audio/ogg; codecs=opus' },
  sticker: { name: 'autocollant-fictif.webp', mime: 'image/webp' },
};

/** An invented file of this kind. Rejects when the desk cannot be reached. */
export async function sampleFile(kind: FileKind): Promise<File> {
  const { name, mime } = SAMPLES[kind];
  const response = await fetch(`/samples/${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new File([await response.arrayBuffer()], name, { type: mime });
}
