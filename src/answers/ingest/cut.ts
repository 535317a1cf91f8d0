import type { Attributes } from './attributes.ts';
import { parseSectionComment } from './attributes.ts';
import type { Passage } from './passage.ts';
import type { Section } from './sections.ts';
import { cutIntoPassages } from './split.ts';
import type { Slices } from '../retrieval/slices.ts';

export interface Cut {
  /** Path inside `documents/` without extension. */
  document: string;
  title: string;
  /** Of the whole document; a section's own win. */
  attributes: Attributes;
  sections: readonly Section[];
  /** An entry is shown whole up to this length, UTF-16 units; a longer one is cut as any section. */
  longestEntry: number;
  /** A mistake at a line of the file. */
  fault(line: number, message: string): void;
}

/** The passages of a document, from its sections. Every format goes through here. */
export function* cutPassages({
  document,
  title,
  attributes,
  sections,
  longestEntry,
  fault,
}: Cut): Slices<Passage[]> {
  const passages: Passage[] = [];
  for (let at = 0; at < sections.length; at += 1) at += yield* addSection(at);
  const whole = attributes.alternates;
  if (whole !== undefined && passages[0] !== undefined) passages[0].alternates.push(...whole);
  return passages;

  /** Adds the passages of one section; returns how many of the following sections belong to the same entry. */
  function* addSection(at: number): Slices<number> {
    yield;
    const section = sections[at];
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
    const asked = kind !== 'document' || (heading?.text.trimEnd().endsWith('?') ?? false);
    // An entry is shown whole: its own sub-headings stay inside it.
    const all = asked && (heading?.depth ?? 0) > 1 ? innerSections(sections, at) : [];
    const together = [
      section.body,
      ...all.map((part) => `**${part.path.at(-1)?.text ?? ''}**\n\n${part.body}`),
    ]
      .join('\n\n')
      .trim();
    const entry = asked && together.length <= longestEntry;
    const inner = entry ? all : [];
    const body = entry ? together : section.body;
    if (body === '') {
      if (Object.keys(own).length > 0)
        fault(section.line, `The section "${last ?? title}" has attributes but no text.`);
      return inner.length;
    }
    const effectiveDate = own.effectiveDate ?? attributes.effectiveDate;
    const language = own.language ?? attributes.language;
    for (const text of entry ? [body] : yield* cutIntoPassages(body)) {
      passages.push({
        id: `${document}#${passages.length + 1}`,
        document,
        documentTitle: title,
        ...(path.length > 0 && { section: path.join(' › ') }),
        ...(section.page !== undefined && { page: section.page }),
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
  let end = at + 1;
  while (end < all.length && (all[end]?.path.at(-1)?.depth ?? 0) > depth) end += 1;
  return all.slice(at + 1, end);
}

const sameWords = (a: string, b: string): boolean => a.toLowerCase().trim() === b.toLowerCase().trim();
