import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The desk's own set goes on here: its folder may be read-only. */
export const questionSetFile = (data: string): string => join(data, 'questions.jsonl');

/**
 * A question in the words of staff, for `guichet eval`: whoever asks it must get this document. Words of people are never
 * in this file: nothing would delete them with the rest.
 */
export function addToSet(
  data: string,
  { id, source, question }: { id: string; source: string; question: string },
): void {
  const file = questionSetFile(data);
  const before = readSet(file);
  const line = JSON.stringify({ id: `inbox-${id}`, question, answerable: true, source, style: 'inbox' });
  // A line cut short by a crash must not swallow the next one.
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  appendFileSync(file, `${gap}${line}\n`, { mode: 0o600, flush: true });
}

function readSet(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
