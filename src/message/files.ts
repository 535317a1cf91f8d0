import type { Kept } from './answer.ts';
import type { MediaKind } from './event.ts';

/** What became of one file a person sent. */
export type FileOutcome =
  | Kept
  /** A voice message, as words. */
  | { status: 'heard'; text: string }
  /** Kept for staff; nothing here reads it. */
  | { status: 'stored' }
  /**
   * `gone`: the platform has it no more. `untrusted`: not what the platform promised. `not_received`: it could not be
   * fetched, or not be kept.
   */
  | { status: 'refused'; reason: 'gone' | 'untrusted' | 'not_received' };

export interface ReadFile {
  /** Its name on our disk; absent: it is not there. */
  id?: string;
  kind: MediaKind;
  name?: string;
  outcome: FileOutcome;
}
