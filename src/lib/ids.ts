import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A new row id: UUID version 7, so ids sort by the millisecond they were made in. */
export type NewId = () => string;

const BLOCK = 16 * 256;
let block = Buffer.alloc(0);
let at = 0;

/** Random bytes drawn a block at a time: a system call for each id costs more than the row it names. */
function random(): Uint8Array {
  if (at >= block.length) {
    block = randomBytes(BLOCK);
    at = 0;
  }
  at += 16;
  return block.subarray(at - 16, at);
}

export const newId: NewId = () => v7({ rng: random });
