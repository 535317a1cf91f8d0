import type { Extracted } from '../../message/library.ts';
import type { Attributes } from './attributes.ts';
import { cutPassages } from './cut.ts';
import type { Passage } from './passage.ts';
import type { Slices } from '../retrieval/slices.ts';
import { cutAtHeadings } from './sections.ts';
import type { Section } from './sections.ts';
import { fileTitle } from './title.ts';

/** Longer, what stands under a question in a file is a chapter, not an answer. UTF-16 units. */
const LONGEST_ENTRY = 2_400;

/** The passages of a file that was read: a heading holds until the next, over the pages between. */
export function* passagesOf(
  document: string,
  read: Extract<Extracted, { ok: true }>,
  attributes: Attributes,
): Slices<Passage[]> {
  let open: Section['path'] = [];
  const sections: Section[] = [];
  for (const [index, page] of read.pages.entries()) {
    const cut = yield* cutAtHeadings(page.split('\n'), 1, open);
    open = cut.path;
    for (const section of cut.sections) sections.push(read.paged ? { ...section, page: index + 1 } : section);
  }
  const [only, ...others] = new Set(sections.flatMap(({ path }) => path.filter(({ depth }) => depth === 1)));
  const headline = others.length === 0 ? only?.text : undefined;
  const title = [attributes.title, headline, read.title].find((one) => one !== undefined && one !== '');
  return yield* cutPassages({
    document,
    title: title ?? fileTitle(document),
    attributes,
    sections,
    longestEntry: LONGEST_ENTRY,
    fault: () => undefined,
  });
}
