import type { DocumentFormat, Extracted } from '../../message/library.ts';
import type { Attributes } from '../ingest/attributes.ts';
import { systemClock } from '../../lib/clock.ts';
import { describeProblem, readMarkdown } from '../ingest/documents.ts';
import { passagesOf } from '../ingest/pages.ts';
import type { Passage, Problem } from '../ingest/passage.ts';
import { fileTitle } from '../ingest/title.ts';
import { createPace } from '../retrieval/slices.ts';
import { idOfFile } from './format.ts';

const pace = createPace(systemClock);

/**
 * The passages of a document that was read, or what a person must correct in it. `attributes` win over its own; `file` names
 * it when nothing else does (its id, without).
 * A long one takes its time, and lets everything else go on.
 */
export async function documentPassages(
  document: string,
  format: DocumentFormat,
  read: Extract<Extracted, { ok: true }>,
  attributes: Attributes,
  file = document,
): Promise<{ passages: Passage[]; problems: Problem[] }> {
  const called = fileTitle(file === document ? document : idOfFile(file));
  if (format !== 'markdown')
    return { passages: await pace.run(passagesOf(document, read, attributes, called)), problems: [] };
  const { passages, problems } = await pace.run(readMarkdown(`${document}.md`, read.pages[0] ?? '', called));
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
