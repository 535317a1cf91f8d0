import type { DocumentFormat } from '../../message/library.ts';
import type { Lacking } from './lacking.ts';
import { readBytes } from './read.ts';
import { readDocument } from './read-document.ts';

// One file at a time: the parent sends the next when it has the answer, and kills this process when it waits too long.
process.on('message', (message: Uint8Array | { bytes: Uint8Array; format: DocumentFormat }) => {
  const reading =
    message instanceof Uint8Array ? readBytes(message) : readDocument(message.bytes, message.format);
  void reading.then(
    (read) => process.send?.(read),
    (error: unknown) => process.send?.({ lacks: String(error) } satisfies Lacking),
  );
});
// Nobody is left to read for.
process.on('disconnect', () => process.exit());
