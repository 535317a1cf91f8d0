/** One thing a person wrote to us. */
export interface PastMessage {
  /** Epoch milliseconds. */
  at: number;
  /** Their words, or the caption of their file. */
  text?: string;
  /** It came with a file. */
  file: boolean;
}

/** Something a person left for staff, who have not dealt with it. */
export interface WaitingRequest {
  /** Epoch milliseconds. */
  at: number;
  /** Of a form; absent: a message. */
  reference?: string;
}
