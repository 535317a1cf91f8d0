import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The desk's own set goes on here: its folder may be read-only. */
export const questionSetFile = (data: string): string => join(data, 'questions.jsonl');

/**
 * Questions that staff answered, for `guichet eval`: whoever asks them again must get this document. A group is added once.
 */
export function addToSet(
  data: string,
  { group, source, questions }: { group: string; source: string; questions: readonly string[] },
): void {
  const file = questionSetFile(data);
  const before = readSet(file);
  const lines = questions
    .map((question, at) => ({ id: `inbox-${group}-${String(at + 1)}`, question }))
    .filter(({ id }) => !before.includes(`"id":"${id}"`))
    .map((row) => JSON.stringify({ ...row, answerable: true, source, style: 'inbox' }));
  // A line cut short by a crash must not swallow the next one.
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  if (lines.length > 0) appendFileSync(file, `${gap}${lines.join('\n')}\n`, { mode: 0o600, flush: true });
}

function readSet(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
