import { clipWords } from '../../lib/clip.ts';
import { plainText } from '../ingest/sections.ts';

/** Longest excerpt of a source, in UTF-16 units (the contract of `Source`). */
const LONGEST = 500;

/** Plain text of what was said, cut at a word with an ellipsis. */
export const excerpt = (markdown: string): string => clipWords(plainText(markdown), LONGEST);
