import type { DocumentFormat, Extracted } from '../../message/library.ts';
import type { Attributes } from '../ingest/attributes.ts';
import { describeProblem, parseFile } from '../ingest/documents.ts';
import { passagesOf } from '../ingest/pages.ts';
import type { Passage, Problem } from '../ingest/passage.ts';

/** The passages of a document that was read, or what a person must correct in it. `attributes` win over its own. */
export function documentPassages(
  document: string,
  format: DocumentFormat,
  read: Extract<Extracted, { ok: true }>,
  attributes: Attributes,
): { passages: Passage[]; problems: Problem[] } {
  if (format !== 'markdown') return { passages: passagesOf(document, read, attributes), problems: [] };
  const { passages, problems } = parseFile(`${document}.md`, Buffer.from(read.pages[0] ?? ''));
  const { title, effectiveDate } = attributes;
  return {
    problems,
    passages: passages.map((passage) => ({
      ...passage,
      ...(title !== undefined && retitled(passage, title)),
      ...(effectiveDate !== undefined && { effectiveDate }),
    })),
  };
}

/** A passage under another title of its document. */
function retitled(passage: Passage, title: string): Pick<Passage, 'documentTitle' | 'title'> {
  const { documentTitle } = passage;
  return {
    documentTitle: title,
    title:
      passage.title === documentTitle || passage.title.startsWith(`${documentTitle} › `)
        ? title + passage.title.slice(documentTitle.length)
        : passage.title,
  };
}

export const problemSentence = (problems: readonly Problem[]): string =>
  problems
    .slice(0, 3)
    .map((problem) => describeProblem(problem))
    .join(' ');
