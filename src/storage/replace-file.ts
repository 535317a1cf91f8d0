import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a private file whole or not at all, whenever the process dies, and on disk when it returns. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const part = `${file}.part`;
  const written = openSync(part, 'w', 0o600);
  try {
    writeFileSync(written, content);
    fsyncSync(written);
  } finally {
    closeSync(written);
  }
  renameSync(part, file);
  syncFolder(dirname(file));
}

function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    // Windows opens no folder; its renames need no help.
    return;
  }
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
