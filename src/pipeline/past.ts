import type { PastMessage } from '../message/personal.ts';
import type { Runtime } from './runtime.ts';

/** What the person wrote last, the newest first. */
export async function wordsOf(
  { personal, sealer }: Pick<Runtime, 'personal' | 'sealer'>,
  personId: string | undefined,
  most: number,
): Promise<PastMessage[]> {
  if (personId === undefined) return [];
  const rows = await personal.words(personId, most);
  return rows.map(({ kind, inbox_seq, part, body_sealed, at }) => {
    const place = `messages|body|${String(inbox_seq)}|${String(part)}`;
    const { text } = JSON.parse(sealer.open(body_sealed, place)) as { text?: string };
    return { at, file: kind === 'media', ...(text === undefined ? {} : { text }) };
  });
}
