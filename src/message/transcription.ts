/** What was said in a voice message, or why it is not known. */
export type Transcription =
  | { status: 'heard'; text: string }
  /** The audio itself cannot be read: not sound, too long, too large. */
  | { status: 'refused'; reason: string }
  | { status: 'unavailable'; reason: 'refused' | 'timeout' | 'failed' };

/** Speech to text. Never throws. */
export interface Transcriber {
  transcribe(audio: { bytes: Uint8Array; mime?: string }, signal: AbortSignal): Promise<Transcription>;
}
