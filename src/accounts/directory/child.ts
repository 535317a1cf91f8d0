import { readPeopleHere } from './read-people.ts';

// One file, one process: whoever started it ends it.
process.on('message', (message: unknown) => {
  if (message instanceof Uint8Array) void readPeopleHere(message).then((preview) => process.send?.(preview));
});
// Nobody is left to read for.
process.on('disconnect', () => process.exit());
