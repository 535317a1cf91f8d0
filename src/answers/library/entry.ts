import { stringify } from 'yaml';
import { headingLine } from '../ingest/marks.ts';
import { inline } from '../ingest/plain.ts';

/** An answer that staff wrote for citizens. */
export interface Entry {
  /** The question it answers. */
  title: string;
  /** Other ways of asking it. */
  alternates?: readonly string[];
  /** Markdown. */
  body: string;
  by: string;
  why?: string;
}

/** A Markdown document of one entry: headings in its body do not cut it. */
export function entryMarkdown({ title, alternates = [], body }: Entry): string {
  const front = stringify({ kind: 'faq', title: oneLine(title), alternates: alternates.map(oneLine) });
  const text = body
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => withoutHeading(line))
    .join('\n')
    .replace(/<!--/g, '<\\!--');
  return `---\n${front}---\n\n# ${inline(title)}\n\n${text.trim()}\n`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function withoutHeading(line: string): string {
  const heading = headingLine(line);
  return heading === undefined ? line : `**${heading.text}**`;
}
