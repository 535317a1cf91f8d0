import type { DocumentFormat, Extracted } from '../../message/library.ts';
import type { Attributes } from '../ingest/attributes.ts';
import { systemClock } from '../../lib/clock.ts';
import { describeProblem, readMarkdown } from '../ingest/documents.ts';
import { passagesOf } from '../ingest/pages.ts';
import type { Passage, Problem } from '../ingest/passage.ts';
import { createPace } from '../retrieval/slices.ts';

const pace = createPace(systemClock);

/**
 * The passages of a document that was read, or what a person must correct in it. `attributes` win over its own.
 * A long one takes its time, and lets everything else go on.
 */
export async function documentPassages(
  document: string,
  format: DocumentFormat,
  read: Extract<Extracted, { ok: true }>,
  attributes: Attributes,
): Promise<{ passages: Passage[]; problems: Problem[] }> {
  if (format !== 'markdown')
    return { passages: await pace.run(passagesOf(document, read, attributes)), problems: [] };
  const markdown = Buffer.from(read.pages[0] ?? '');
  const { passages, problems } = await pace.run(readMarkdown(`${document}.md`, markdown));
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
