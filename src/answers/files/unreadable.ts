export type Unreadable = 'too_large' | 'unsupported' | 'encrypted' | 'broken' | 'empty' | 'too_much';

/** Thrown by a reader that knows why it stops. */
export class UnreadableError extends Error {
  readonly reason: Unreadable;

  constructor(reason: Unreadable) {
    super(`The file cannot be read: ${reason}.`);
    this.name = 'UnreadableError';
    this.reason = reason;
  }
}
