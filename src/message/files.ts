import type { Kept } from './answer.ts';
import type { MediaKind } from './event.ts';

/** What became of one file a person sent. */
export type FileOutcome =
  | Kept
  /** A voice message, as words. */
  | { status: 'heard'; text: string }
  /** Kept for staff; nothing here reads it. */
  | { status: 'stored' }
  /** `gone`: the platform has it no more. `untrusted`: not what the platform promised. `no_room`: our disk is full. */
  | { status: 'refused'; reason: 'gone' | 'untrusted' | 'no_room' };

export interface ReadFile {
  kind: MediaKind;
  name?: string;
  outcome: FileOutcome;
}
