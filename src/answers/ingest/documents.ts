import type { Attributes } from './attributes.ts';
import { parseFrontMatter } from './attributes.ts';
import { cutPassages } from './cut.ts';
import type { Passage, Problem } from './passage.ts';
import type { Slices } from '../retrieval/slices.ts';
import { finished } from '../retrieval/slices.ts';
import { cutAtHeadings } from './sections.ts';
import { fileTitle } from './title.ts';

export interface Documents {
  passages: Passage[];
  problems: Problem[];
}

/** Documents that cannot be used; the message names the file, the line, and what to write instead. */
export class DocumentsError extends Error {}

export const NO_TEXT = 'The file holds no text: write some, or remove it.';

export const describeProblem = (problem: Problem): string =>
  `${problem.file}, line ${problem.line}: ${problem.message}`;

/** A person writes no longer line; a machine may, and nobody reads it. UTF-16 units. */
const LONGEST_LINE = 10_000;
/** Longer, what stands under a question is a chapter: it is cut as any section. UTF-16 units. */
const LONGEST_ENTRY = 10_000;

/** One file in UTF-8, at once. `file` is its path under the documents folder, with `/`. */
export const parseFile = (file: string, bytes: Uint8Array): Documents =>
  finished(readMarkdown(file, new TextDecoder().decode(bytes)));

/** The same with pauses. `called`: its title when it does not say one. */
export function* readMarkdown(file: string, text: string, called?: string): Slices<Documents> {
  const problems: Problem[] = [];
  const fault = (line: number, message: string) => problems.push({ file, line, message });
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', ' ')
    .split('\n');
  yield;
  const long = lines.findIndex((line) => line.length > LONGEST_LINE);
  if (long !== -1) {
    fault(long + 1, 'The line is longer than 10,000 characters: break it into paragraphs.');
    return { passages: [], problems };
  }
  const document = file.replace(/\.md$/i, '');
  let attributes: Attributes = {};
  let first = 0;
  if (lines[0]?.trimEnd() === '---') {
    const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
    if (end === -1) fault(1, 'The front matter opened by "---" is never closed: add a line "---" after it.');
    else {
      const read = parseFrontMatter(lines.slice(1, end).join('\n'), 2);
      attributes = read.attributes;
      for (const { line, message } of read.faults) fault(line, message);
      first = end + 1;
    }
  }
  const { sections } = yield* cutAtHeadings(lines.slice(first), first + 1);
  const headline = sections.find((section) => section.path.length > 0)?.path[0]?.text;
  const title =
    attributes.title ??
    (headline === undefined || headline === '' ? (called ?? fileTitle(document)) : headline);
  const passages = yield* cutPassages({
    document,
    title,
    attributes,
    sections,
    longestEntry: LONGEST_ENTRY,
    fault,
  });
  if (passages.length === 0 && problems.length === 0) fault(1, NO_TEXT);
  return { passages, problems };
}
