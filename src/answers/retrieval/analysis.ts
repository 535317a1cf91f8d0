import type { Passage } from '../ingest/passage.ts';
import { plainText } from '../ingest/sections.ts';
import type { Cells } from './cells.ts';
import { cellsOf } from './cells.ts';
import type { QuestionType } from './evidence.ts';
import { evidenceOf, questionType } from './evidence.ts';
import { words } from './fold.ts';
import type { Named } from './institutions.ts';
import { acronyms } from './institutions.ts';
import type { LanguageData } from './language.ts';
import type { GrowingLexicon } from './lexicon.ts';
import type { Slices } from './slices.ts';

/** One document, read once: everything that does not depend on the other documents. */
export interface Analysed {
  passages: readonly Passage[];
  /** Content forms of passage n, titles before the text: `body[offsets[n] … offsets[n + 1])`. */
  body: Uint32Array;
  offsets: Uint32Array;
  /** Words of each title, stop words included. */
  headings: Uint32Array[];
  /** What each title asks for. */
  types: (QuestionType | undefined)[];
  evidence: Uint8Array;
  /** Each title and alternate phrasing, word for word. */
  phrasings: string[][];
  /** Tables of each passage. */
  cells: (Cells | undefined)[];
  /** Acronyms of each passage. */
  named: Named[];
}

export function* analyse(
  passages: readonly Passage[],
  lexicon: GrowingLexicon,
  { stopWords, patterns }: LanguageData,
): Slices<Analysed> {
  const bodies: Uint32Array[] = [];
  const offsets = new Uint32Array(passages.length + 1);
  const headings: Uint32Array[] = [];
  const types: Analysed['types'] = [];
  const evidence = new Uint8Array(passages.length);
  const phrasings: string[][] = [];
  const cells: Analysed['cells'] = [];
  const named: Analysed['named'] = [];
  for (const [index, passage] of passages.entries()) {
    const nameless = isFileNumber(passage.title, passage.document);
    const heading = nameless ? [] : words(passage.title);
    const about =
      nameless || passage.title.startsWith(passage.documentTitle) ? [] : words(passage.documentTitle);
    const read = [...about, ...heading, ...words(plainText(passage.text))];
    const body = lexicon.add(read.filter((word) => !stopWords.has(word)));
    bodies.push(body);
    offsets[index + 1] = (offsets[index] ?? 0) + body.length;
    headings.push(lexicon.add(heading));
    types.push(questionType(heading, patterns));
    evidence[index] = evidenceOf(passage.text);
    cells.push(cellsOf(passage.text, stopWords));
    phrasings.push([heading.join(' '), ...passage.alternates.map((text) => words(text).join(' '))]);
    // "Cotisations à l'IPRES et à l'IPM" over "Quel taux à l'IPRES ?": the nearer heading says whose it is.
    const own = acronyms(passage.title);
    const around = acronyms(passage.documentTitle);
    const title = own.size > 0 || around.size > 1 ? own : around;
    const any = acronyms(passage.text);
    named.push({ title, any: title.size === 0 ? any : new Set([...title, ...any]) });
    yield;
  }
  const body = new Uint32Array(offsets[passages.length] ?? 0);
  bodies.forEach((ids, index) => {
    body.set(ids, offsets[index]);
  });
  return { passages, body, offsets, headings, types, evidence, phrasings, cells, named };
}

/** A title made from the name of a numbered file ("scan-0012") says nothing of what is in it. */
function isFileNumber(title: string, document: string): boolean {
  const name = words(document.split('/').at(-1) ?? '').join(' ');
  return /\d/.test(name) && words(title).join(' ') === name;
}
