import { plainText } from '../ingest/sections.ts';

/** Longest excerpt of a source, in UTF-16 units (the contract of `Source`). */
const LONGEST = 500;

/** Plain text of what was said, cut at a word with an ellipsis, never inside a surrogate pair. */
export function excerpt(markdown: string): string {
  const plain = plainText(markdown);
  if (plain.length <= LONGEST) return plain;
  const space = plain.lastIndexOf(' ', LONGEST - 1);
  const cut = plain.slice(0, space > LONGEST / 2 ? space : LONGEST - 2);
  return `${cut.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}
