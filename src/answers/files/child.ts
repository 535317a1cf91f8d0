import { readBytes } from './read.ts';

// One file at a time: the parent sends the next when it has the answer, and kills this process when it waits too long.
process.on('message', (message: unknown) => {
  if (!(message instanceof Uint8Array)) return;
  void readBytes(message).then((reading) => process.send?.(reading));
});
// Nobody is left to read for.
process.on('disconnect', () => process.exit());
