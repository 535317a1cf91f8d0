import type { Slices } from '../retrieval/slices.ts';
import { finished } from '../retrieval/slices.ts';
import { isRow, isRule } from './marks.ts';

/** A passage keeps one idea and stays readable on a phone: between these lengths, in UTF-16 units. */
export const PASSAGE_MIN = 800;
export const PASSAGE_MAX = 1200;

// A full stop ends a sentence before a capital, but not after an initial ("M. Diop", but "63 000 F." and "CSS." do) nor before a number ("art. 5").
// "!" and "?" stand after a space in French, and a closing quotation mark may follow.
const SENTENCE_END =
  /(?<=(?:(?:[^\s\p{Lu}]|\p{Lu}{2}|\d\s?\p{Lu})[.…]|[!?])(?:\s?[»”")])?)\s+(?=(?:[«“"(]\s?)?\p{Lu})/u;

/** Sentences of one paragraph, in order; joined with a space they give the paragraph back. */
export function sentences(paragraph: string): string[] {
  return paragraph.split(SENTENCE_END).filter((part) => part.trim() !== '');
}

interface Unit {
  text: string;
  /** What stands between this unit and the one before. */
  glue: string;
  /** Of a row: the header of its table, repeated where a passage begins in the middle of it. */
  head?: string;
}

/** A header that leaves no room for rows is not repeated. UTF-16 units. */
const LONGEST_HEAD = 400;

function* units(markdown: string): Generator<Unit> {
  for (const block of blocksOf(markdown)) {
    let glue = '\n\n';
    const lines = block.split('\n');
    const head = headOf(lines);
    for (const [at, line] of lines.entries()) {
      const whole = line.length <= PASSAGE_MAX && (/^\s*([-*+|>]|\d+[.)])/.test(line) || line.length < 200);
      for (const text of whole ? [line] : stretches(line).flatMap(sentences)) {
        for (const piece of hardCut(text, PASSAGE_MAX)) {
          yield { text: piece, glue, ...(head !== undefined && at > 1 && isRow(line) && { head }) };
          glue = ' ';
        }
      }
      glue = '\n';
    }
  }
}

/** What stands between empty lines, one after the other: a text may be megabytes. */
function* blocksOf(markdown: string): Generator<string> {
  let from = 0;
  for (const { 0: gap, index } of markdown.matchAll(/\n{2,}/g)) {
    if (/\S/.test(markdown.slice(from, index))) yield markdown.slice(from, index);
    from = index + gap.length;
  }
  if (/\S/.test(markdown.slice(from))) yield markdown.slice(from);
}

/** Sentences are looked for in so much of a line at once. UTF-16 units. */
const STRETCH = 20_000;
const stretches = (line: string): string[] => (line.length > STRETCH ? hardCut(line, STRETCH) : [line]);

function headOf([first = '', second = '']: readonly string[]): string | undefined {
  const head = `${first}\n${second}`;
  return isRow(first) && isRule(second) && head.length <= LONGEST_HEAD ? head : undefined;
}

/** A "sentence" longer than a passage (a list without full stops, hostile text) is cut at spaces, or anywhere. */
function hardCut(text: string, most: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > most) {
    const space = text.slice(from, from + most + 1).lastIndexOf(' ');
    let at = from + (space > most / 2 ? space : most);
    if (/[\uD800-\uDBFF]/.test(text.charAt(at - 1))) at -= 1;
    pieces.push(text.slice(from, at));
    from = text[at] === ' ' ? at + 1 : at;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

const begins = ({ head, text }: Unit): string =>
  head === undefined || head.length + 1 + text.length > PASSAGE_MAX ? text : `${head}\n${text}`;

/**
 * Cuts a section into passages at sentence ends, without overlap: words are kept, in order, once each, but for the header
 * of a table that is cut.
 */
export function* cutIntoPassages(markdown: string): Slices<string[]> {
  if (markdown.length <= PASSAGE_MAX) return markdown.trim() === '' ? [] : [markdown.trim()];
  const passages: string[] = [];
  let current = '';
  for (const unit of units(markdown)) {
    yield;
    const longer = current === '' ? unit.text : current + unit.glue + unit.text;
    const paragraphEnds = unit.glue === '\n\n' && current.length >= PASSAGE_MIN;
    if (current !== '' && (longer.length > PASSAGE_MAX || paragraphEnds)) {
      passages.push(current);
      current = begins(unit);
    } else current = longer;
  }
  if (current !== '') passages.push(current);
  return passages;
}

/** The same at once: for what is small. */
export const splitPassages = (markdown: string): string[] => finished(cutIntoPassages(markdown));
