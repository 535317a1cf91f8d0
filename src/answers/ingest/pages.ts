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

/**
 * The passages of a file that was read: a heading holds until the next, over the pages between. `called`: its title when
 * neither the attributes nor the file say one.
 */
export function* passagesOf(
  document: string,
  read: Extract<Extracted, { ok: true }>,
  attributes: Attributes,
  called = fileTitle(document),
): Slices<Passage[]> {
  let open: Section['path'] = [];
  const sections: Section[] = [];
  const first = new Set<Section['path'][number]>();
  for (const [index, page] of read.pages.entries()) {
    const cut = yield* cutAtHeadings(page.split('\n'), 1, open);
    open = cut.path;
    for (const section of cut.sections) {
      if (sections.length % 200 === 0) yield;
      sections.push(read.paged ? { ...section, page: index + 1 } : section);
      for (const heading of section.path) if (heading.depth === 1) first.add(heading);
    }
  }
  const [only, ...others] = first;
  const headline = others.length === 0 ? only?.text : undefined;
  const title = [attributes.title, headline, read.title, called].find(
    (one) => one !== undefined && one !== '',
  );
  return yield* cutPassages({
    document,
    title: title ?? document,
    attributes,
    sections,
    longestEntry: LONGEST_ENTRY,
    fault: () => undefined,
  });
}
