import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Attributes } from './attributes.ts';
import { parseFrontMatter, parseSectionComment } from './attributes.ts';
import type { Passage, Problem } from './passage.ts';
import type { Section } from './sections.ts';
import { cutAtHeadings } from './sections.ts';
import { splitPassages } from './split.ts';

export interface Documents {
  passages: Passage[];
  problems: Problem[];
}

/** Reads every `.md` under `folder`, in the order of their paths. A missing folder is a problem, not an exception. */
export async function readDocuments(folder: string): Promise<Documents> {
  const passages: Passage[] = [];
  const problems: Problem[] = [];
  const files = await markdownFiles(folder);
  if (files === undefined) {
    return {
      passages,
      problems: [
        {
          file: '.',
          line: 1,
          message: 'There is no documents folder here: create it and put Markdown files in it.',
        },
      ],
    };
  }
  if (files.length === 0)
    problems.push({
      file: '.',
      line: 1,
      message: 'The documents folder holds no .md file: nothing can be answered.',
    });
  const readings = await Promise.all(files.map((file) => readFile(join(folder, file))));
  readings.forEach((bytes, index) => {
    const file = files[index] ?? '';
    const read = parseFile(file.split(sep).join('/'), bytes);
    passages.push(...read.passages);
    problems.push(...read.problems);
  });
  return { passages, problems };
}

/** Everything a person should correct in the documents of a desk, in reading order. Empty: the folder is valid. */
export async function checkDocuments(folder: string): Promise<Problem[]> {
  return (await readDocuments(folder)).problems;
}

/** Documents that cannot be used; the message names the file, the line, and what to write instead. */
export class DocumentsError extends Error {}

export const describeProblem = (problem: Problem): string =>
  `${problem.file}, line ${problem.line}: ${problem.message}`;

async function markdownFiles(folder: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.md$/i.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

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
  const sections = cutAtHeadings(lines.slice(first), first + 1);
  const headline = sections.find((section) => section.path.length > 0)?.path[0]?.text;
  const title =
    attributes.title ?? (headline === undefined || headline === '' ? fileTitle(document) : headline);
  const passages: Passage[] = [];
  for (let at = 0; at < sections.length; at += 1) at += addSection(sections, at);
  const whole = attributes.alternates;
  if (whole !== undefined && passages[0] !== undefined) passages[0].alternates.push(...whole);
  if (passages.length === 0 && problems.length === 0)
    fault(1, 'The file holds no text: write some, or remove it.');
  return { passages, problems };

  /** Adds the passages of one section; returns how many of the following sections belong to the same entry. */
  function addSection(all: readonly Section[], at: number): number {
    const section = all[at];
    if (section === undefined) return 0;
    let own: Attributes = {};
    if (section.comment && section.path.length > 0) {
      const read = parseSectionComment(section.comment.text, section.comment.line);
      own = read?.attributes ?? {};
      for (const { line, message } of read?.faults ?? []) fault(line, message);
    }
    // The first heading often repeats the title: it is not a section then.
    const path = section.path
      .map((part) => part.text)
      .filter((text, index) => text !== '' && !(index === 0 && sameWords(text, title)));
    const last = path.at(-1);
    const heading = section.path.at(-1);
    const kind = own.kind ?? attributes.kind ?? 'document';
    const entry = kind !== 'document' || (heading?.text.trimEnd().endsWith('?') ?? false);
    // An entry is shown whole: its own sub-headings stay inside it.
    const inner = entry && (heading?.depth ?? 0) > 1 ? innerSections(all, at) : [];
    const body = [section.body, ...inner.map((part) => `**${part.path.at(-1)?.text ?? ''}**\n\n${part.body}`)]
      .join('\n\n')
      .trim();
    if (body === '') {
      if (Object.keys(own).length > 0)
        fault(section.line, `The section "${last ?? title}" has attributes but no text.`);
      return inner.length;
    }
    const effectiveDate = own.effectiveDate ?? attributes.effectiveDate;
    const language = own.language ?? attributes.language;
    for (const text of entry ? [body] : splitPassages(body)) {
      passages.push({
        id: `${document}#${passages.length + 1}`,
        document,
        documentTitle: title,
        ...(path.length > 0 && { section: path.join(' › ') }),
        title: entry ? (own.title ?? last ?? title) : (own.title ?? [title, ...path].join(' › ')),
        alternates: [...(own.alternates ?? [])],
        text,
        kind: kind === 'document' && entry ? 'faq' : kind,
        status: own.status ?? attributes.status ?? 'confirmed',
        ...(effectiveDate !== undefined && { effectiveDate }),
        ...(language !== undefined && { language }),
      });
    }
    return inner.length;
  }
}

function innerSections(all: readonly Section[], at: number): Section[] {
  const depth = all[at]?.path.at(-1)?.depth ?? 0;
  const rest = all.slice(at + 1);
  const end = rest.findIndex((section) => (section.path.at(-1)?.depth ?? 0) <= depth);
  return end === -1 ? rest : rest.slice(0, end);
}

const sameWords = (a: string, b: string): boolean => a.toLowerCase().trim() === b.toLowerCase().trim();

const fileTitle = (document: string): string => {
  const name = (document.split('/').at(-1) ?? document).replace(/[-_]+/g, ' ').trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
};
