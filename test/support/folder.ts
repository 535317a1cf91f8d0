import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whenOver } from './over.ts';

/** A folder of its own for one test, or for what the tests of a file share; removed at its end. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'guichet-test-'));
  whenOver(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}
