/** One thing a person wrote to us. */
export interface PastMessage {
  /** Epoch milliseconds. */
  at: number;
  /** Their words, or the caption of their file. */
  text?: string;
  /** It came with a file. */
  file: boolean;
}
