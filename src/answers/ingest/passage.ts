export type PassageKind = 'document' | 'faq' | 'redirect';
export type PassageStatus = 'confirmed' | 'a_confirmer' | 'demonstration';

/** The unit that is searched, shown and cited. */
export interface Passage {
  /** `<document>#<n>`, n counted from 1 inside the document. */
  id: string;
  /** Path inside `documents/` without extension, `/` as separator. */
  document: string;
  documentTitle: string;
  /** Heading path under the document title, `A › B`; absent for text above the first heading. */
  section?: string;
  /** Page of the file it begins on, from 1; absent: the file has no pages. */
  page?: number;
  /** What the title field indexes and what a suggestion shows: a question, or the heading path with the document title. */
  title: string;
  /** Other phrasings of the title. */
  alternates: string[];
  /** Markdown, without its own heading. */
  text: string;
  kind: PassageKind;
  status: PassageStatus;
  /** YYYY-MM-DD. */
  effectiveDate?: string;
  /** BCP 47. */
  language?: string;
}

/** Something a person must correct in a file of `documents/`. */
export interface Problem {
  /** Path relative to the documents folder. */
  file: string;
  /** Counted from 1. */
  line: number;
  message: string;
}
