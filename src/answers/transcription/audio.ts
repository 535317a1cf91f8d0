export interface Audio {
  /** The endpoint tells formats apart by the name's ending. */
  name: string;
  type: string;
}

/** First bytes in hexadecimal. Telegram sends Ogg, WhatsApp Ogg or AMR, phones M4A. */
const FORMATS: readonly (readonly [RegExp, string, string])[] = [
  [/^4f676753/, 'ogg', 'audio/ogg'],
  [/^(?:494433|ff(?:fb|fa|f3|f2|e3))/, 'mp3', 'audio/mpeg'],
  [/^.{8}66747970/, 'm4a', 'audio/mp4'],
  [/^52494646.{8}57415645/, 'wav', 'audio/wav'],
  [/^664c6143/, 'flac', 'audio/flac'],
  [/^1a45dfa3/, 'webm', 'audio/webm'],
  [/^2321414d52/, 'amr', 'audio/amr'],
  [/^fff[19]/, 'aac', 'audio/aac'],
];

/** The format of a recording by its content, never by what the sender says. Undefined: no sound we know. */
export function audioOf(bytes: Uint8Array): Audio | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  const found = FORMATS.find(([magic]) => magic.test(head));
  return found && { name: `voice.${found[1]}`, type: found[2] };
}
