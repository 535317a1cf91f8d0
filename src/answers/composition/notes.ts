import type { Passage, PassageStatus } from '../ingest/passage.ts';
import { words } from '../retrieval/fold.ts';

/** What is added under an answer from a passage of this status: a desk's words, Markdown. */
export type Notes = Partial<Record<PassageStatus, string>>;

/** The body with what must be known of its passages, once, and not where it says so itself. */
export function withNotes(body: string, passages: readonly Passage[], notes: Notes = {}): string {
  const said = ` ${words(body).join(' ')} `;
  const wanted = passages.flatMap(({ kind, status }) => (kind === 'redirect' ? [] : (notes[status] ?? [])));
  const missing = [...new Set(wanted)].filter((note) => note !== '' && !said.includes(beginning(note)));
  return [body, ...missing].join('\n\n');
}

/** "À confirmer auprès de nous" is said by whatever is "à confirmer auprès de" somebody. */
const beginning = (note: string): string => ` ${words(note).slice(0, 3).join(' ')} `;
