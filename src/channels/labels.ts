import { scrub } from '../lib/scrub.ts';

/** A label on one line. Throws on one without a character to read. */
export function labelOf(label: string): string {
  const text = scrub(label).replace(/\s+/g, ' ').trim();
  if (text === '') throw new RangeError('A button has no label: write what the person will read on it.');
  return text;
}

const graphemes = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/** A label of at most `limit` UTF-16 units, cut between clusters and marked as cut. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > limit - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
