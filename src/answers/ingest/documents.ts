import type { Attributes } from './attributes.ts';
import { parseFrontMatter } from './attributes.ts';
import { cutPassages } from './cut.ts';
import type { Passage, Problem } from './passage.ts';
import { cutAtHeadings } from './sections.ts';
import { fileTitle } from './title.ts';

export interface Documents {
  passages: Passage[];
  problems: Problem[];
}

/** Documents that cannot be used; the message names the file, the line, and what to write instead. */
export class DocumentsError extends Error {}

export const describeProblem = (problem: Problem): string =>
  `${problem.file}, line ${problem.line}: ${problem.message}`;

/** One file. `file` is its path under the documents folder, with `/`. */
export function parseFile(file: string, bytes: Uint8Array): Documents {
  const problems: Problem[] = [];
  const fault = (line: number, message: string) => problems.push({ file, line, message });
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    fault(1, 'The file is not UTF-8 text: save it again with the UTF-8 encoding.');
    return { passages: [], problems };
  }
  const lines = content
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', ' ')
    .split('\n');
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
  const { sections } = cutAtHeadings(lines.slice(first), first + 1);
  const headline = sections.find((section) => section.path.length > 0)?.path[0]?.text;
  const title =
    attributes.title ?? (headline === undefined || headline === '' ? fileTitle(document) : headline);
  const passages = cutPassages({
    document,
    title,
    attributes,
    sections,
    longestEntry: Number.POSITIVE_INFINITY,
    fault,
  });
  if (passages.length === 0 && problems.length === 0)
    fault(1, 'The file holds no text: write some, or remove it.');
  return { passages, problems };
}
