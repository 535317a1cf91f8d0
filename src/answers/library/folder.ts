import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { DocumentFormat } from '../../message/library.ts';
import type { Attributes } from '../ingest/attributes.ts';
import { parseFrontMatter } from '../ingest/attributes.ts';
import type { Problem } from '../ingest/passage.ts';
import { formatOf, idOfFile, isForeign } from './format.ts';

/** A document of the desk's folder. */
export interface FolderFile {
  /** Path under `documents/` without extension, with `/`. */
  id: string;
  /** The same with its extension. */
  file: string;
  path: string;
  format: DocumentFormat;
}

export interface Folder {
  files: FolderFile[];
  /** What stops the desk: no documents at all. */
  problems: Problem[];
  /** Files that are not answered from, and why; the others are. */
  warnings: Problem[];
}

/** The documents of a desk, in the order of their paths. A missing folder is a problem, not an exception. */
export async function readFolder(path: string): Promise<Folder> {
  const names = await filesUnder(path);
  const problem = (file: string, message: string): Problem => ({ file, line: 1, message });
  if (names === undefined) {
    const message = 'There is no documents folder here: create it and put documents in it.';
    return { files: [], problems: [problem('.', message)], warnings: [] };
  }
  const warnings: Problem[] = [];
  const byId = new Map<string, FolderFile>();
  for (const name of names) {
    const file = name.split(sep).join('/');
    const format = formatOf(file);
    if (format === undefined) {
      if (isForeign(file))
        warnings.push(problem(file, 'This format is not read: save it as PDF, DOCX, XLSX, HTML or text.'));
      continue;
    }
    const id = idOfFile(file);
    const other = byId.get(id);
    // A Markdown file is the one that somebody wrote by hand.
    const loser = other === undefined ? undefined : format === 'markdown' ? other.file : file;
    if (loser !== undefined)
      warnings.push(
        problem(
          loser,
          `Another file has the same name, ${other?.file === loser ? file : (other?.file ?? '')}: rename one of them.`,
        ),
      );
    if (loser !== file) byId.set(id, { id, file, path: join(path, name), format });
  }
  const files = [...byId.values()];
  const problems =
    files.length === 0
      ? [problem('.', 'The documents folder holds no document: nothing can be answered.')]
      : [];
  return { files, problems, warnings };
}

async function filesUnder(path: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.startsWith('~$'))
      .map((entry) => relative(path, join(entry.parentPath, entry.name)))
      .sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

/** What `rapport.pdf.yaml` beside `rapport.pdf` says of it, in the words of a front matter. */
export async function besideFile({
  path,
  file,
}: FolderFile): Promise<{ attributes: Attributes; problems: Problem[]; text: string }> {
  const text = await readFile(`${path}.yaml`, 'utf8').catch(() => '');
  const { attributes, faults } = parseFrontMatter(text, 1);
  return { attributes, text, problems: faults.map((fault) => ({ file: `${file}.yaml`, ...fault })) };
}
