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

const ROW = /^\s*\|/;
const RULE = /^\s*\|?[\s:|-]*-{3,}[\s:|-]*$/;
/** A header that leaves no room for rows is not repeated. UTF-16 units. */
const LONGEST_HEAD = 400;

function units(markdown: string): Unit[] {
  const out: Unit[] = [];
  for (const block of markdown.split(/\n{2,}/)) {
    if (block.trim() === '') continue;
    let glue = '\n\n';
    const lines = block.split('\n');
    const head = headOf(lines);
    for (const [at, line] of lines.entries()) {
      const whole = line.length <= PASSAGE_MAX && (/^\s*([-*+|>]|\d+[.)])/.test(line) || line.length < 200);
      for (const text of whole ? [line] : sentences(line)) {
        for (const piece of hardCut(text)) {
          out.push({ text: piece, glue, ...(head !== undefined && at > 1 && ROW.test(line) && { head }) });
          glue = ' ';
        }
      }
      glue = '\n';
    }
  }
  return out;
}

function headOf([first = '', second = '']: readonly string[]): string | undefined {
  const head = `${first}\n${second}`;
  return ROW.test(first) && RULE.test(second) && head.length <= LONGEST_HEAD ? head : undefined;
}

/** A "sentence" longer than a passage (a list without full stops, hostile text) is cut at spaces, or anywhere. */
function hardCut(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > PASSAGE_MAX) {
    const space = rest.lastIndexOf(' ', PASSAGE_MAX);
    let at = space > PASSAGE_MAX / 2 ? space : PASSAGE_MAX;
    if (/[\uD800-\uDBFF]/.test(rest.charAt(at - 1))) at -= 1;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^ /, '');
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

const begins = ({ head, text }: Unit): string =>
  head === undefined || head.length + 1 + text.length > PASSAGE_MAX ? text : `${head}\n${text}`;

/**
 * Cuts a section into passages at sentence ends, without overlap: words are kept, in order, once each, but for the header
 * of a table that is cut.
 */
export function splitPassages(markdown: string): string[] {
  if (markdown.length <= PASSAGE_MAX) return markdown.trim() === '' ? [] : [markdown.trim()];
  const passages: string[] = [];
  let current = '';
  for (const unit of units(markdown)) {
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
