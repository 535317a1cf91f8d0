import { type Span, type Styled, tidySpans } from './styled.ts';

export interface SplitOptions {
  /** Longest part, its mark included, in the unit of `measure`. */
  limit: number;
  /** Length of a text in the platform's unit; for a whole text never more than the sum over its code points. */
  measure(text: string): number;
  /** Mark of part `i` of `n`, asked from part 2 on; a blank line is put after it. */
  mark(i: number, n: number): Styled;
}

/** How good a place to cut is. */
const PARAGRAPH = 6;
const LINE = 5;
const SENTENCE = 4;
const WORD = 3;
const GRAPHEME = 2;
const CODE_POINT = 1;

const MARK_GAP = '\n\n';
const SENTENCE_ENDS = '.!?…';
const CLOSERS = '»”’"\')]';
const graphemes = new Intl.Segmenter('fr', { granularity: 'grapheme' });

interface Slice {
  start: number;
  end: number;
}

/**
 * Cuts a text into parts that fit the platform's limit.
 *
 * The text is cut into slices whose concatenation is exactly the text. The white space at a cut stays at the end of the slice
 * before it and is trimmed when that slice becomes a part; nothing else is lost, and a slice of white space alone makes
 * no part. Paragraphs are kept whole, then lines, sentences, words, grapheme clusters: a unit is cut only when a
 * part of its own could not hold it (a longer cluster is cut between code points, never in a surrogate pair). A
 * span over a cut is closed before it and opened again after it. Time is linear in the length of the text.
 *
 * A blank text has no parts. Throws `RangeError` when the limit leaves no room beside the mark.
 */
export function split(styled: Styled, options: SplitOptions): Styled[] {
  const { limit, measure, mark } = options;
  const survey = surveyOf(styled.text, measure);
  const whole = [{ start: 0, end: styled.text.length }];
  if (survey.size(0, styled.text.length) <= limit) return dress(styled, shown(whole, survey), mark);

  const lengthOf = (i: number, n: number): number => measure(withGap(mark(i, n)).text);
  let reserve = lengthOf(2, 2);
  for (;;) {
    const slices = shown(cut(survey, limit, limit - reserve), survey);
    let longest = 0;
    for (let i = 2; i <= slices.length; i++) longest = Math.max(longest, lengthOf(i, slices.length));
    if (!(longest > reserve)) return dress(styled, slices, mark);
    reserve = longest;
  }
}

interface Survey {
  text: string;
  /** Rank of cutting before this index; 0 where nothing says it is a good place. */
  rank: Uint8Array;
  /** End of a slice without its trailing white space. */
  trimmed(start: number, end: number): number;
  /** Measure of the slice as a part. */
  size(start: number, end: number): number;
}

function surveyOf(text: string, measure: (text: string) => number): Survey {
  const sums = new Float64Array(text.length + 1);
  const lastInk = new Int32Array(text.length + 1);
  for (let i = 0; i < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(i) ?? 0);
    const sum = (sums[i] ?? 0) + measure(character);
    const ink = isSpace(character) ? (lastInk[i] ?? 0) : i + character.length;
    for (let j = 1; j <= character.length; j++) {
      sums[i + j] = sum;
      lastInk[i + j] = ink;
    }
    i += character.length;
  }
  const trimmed = (start: number, end: number): number => Math.max(start, lastInk[end] ?? 0);
  const size = (start: number, end: number): number => (sums[trimmed(start, end)] ?? 0) - (sums[start] ?? 0);
  return { text, rank: ranksOf(text), trimmed, size };
}

/** White space where a line may be broken: not the no-break spaces of French punctuation. */
function isSpace(character: string): boolean {
  return character !== '\u00a0' && character !== '\u202f' && character !== '\u2007' && /^\s$/.test(character);
}

function ranksOf(text: string): Uint8Array {
  const rank = new Uint8Array(text.length + 1);
  let runStart = -1;
  let lastBreak = -1;
  let breaks = 0;
  for (let i = 0; i <= text.length; i++) {
    const character = text.charAt(i);
    if (character !== '' && isSpace(character)) {
      if (runStart < 0) runStart = i;
      if (character === '\n') {
        breaks++;
        lastBreak = i;
      }
      continue;
    }
    if (runStart < 0) continue;
    // After a line break the indentation belongs to the next line.
    if (breaks > 0) rank[lastBreak + 1] = breaks > 1 ? PARAGRAPH : LINE;
    else if (!extendsCluster(text, i)) rank[i] = endsSentence(text, runStart) ? SENTENCE : WORD;
    runStart = -1;
    breaks = 0;
  }
  return rank;
}

/** Does this character join the space before it into one cluster (a combining accent typed after a space)? */
function extendsCluster(text: string, index: number): boolean {
  const code = text.codePointAt(index) ?? 0;
  if (code < 0x300) return false;
  const pair = graphemes.segment(` ${String.fromCodePoint(code)}`);
  return pair.containing(0)?.segment.length !== 1;
}

function endsSentence(text: string, end: number): boolean {
  let i = end - 1;
  while (i > 0 && CLOSERS.includes(text.charAt(i))) i--;
  return SENTENCE_ENDS.includes(text.charAt(i));
}

/** Slices in order; the first has `first` to fill, the others `next` (the mark takes the rest). */
function cut(survey: Survey, first: number, next: number): Slice[] {
  const slices: Slice[] = [];
  let start = 0;
  let room = first;

  const flush = (end: number): void => {
    slices.push({ start, end });
    start = end;
    room = next;
  };
  const place = (from: number, to: number, rank: number): void => {
    if (survey.size(start, to) <= room) return;
    if (survey.size(from, to) <= next) {
      flush(from);
      return;
    }
    if (rank === CODE_POINT)
      throw new RangeError(`A limit of ${String(first)} leaves no room for the text of a part.`);
    for (const unit of unitsOf(survey, from, to, rank - 1)) place(unit.start, unit.end, rank - 1);
  };

  for (const unit of unitsOf(survey, 0, survey.text.length, PARAGRAPH))
    place(unit.start, unit.end, PARAGRAPH);
  flush(survey.text.length);
  return slices;
}

function* unitsOf(survey: Survey, from: number, to: number, rank: number): Generator<Slice> {
  const { text } = survey;
  if (rank === GRAPHEME) {
    for (const { index, segment } of graphemes.segment(text.slice(from, to)))
      yield { start: from + index, end: from + index + segment.length };
    return;
  }
  let start = from;
  for (let i = from + 1; i <= to; i++) {
    const ends = rank === CODE_POINT ? !isLowSurrogateOfPair(text, i) : (survey.rank[i] ?? 0) >= rank;
    if (i < to && !ends) continue;
    yield { start, end: i };
    start = i;
  }
}

function isLowSurrogateOfPair(text: string, index: number): boolean {
  return (text.codePointAt(index - 1) ?? 0) > 0xffff;
}

/** Slices with something to show, without their trailing white space. */
function shown(slices: Slice[], survey: Survey): Slice[] {
  return slices
    .map(({ start, end }) => ({ start, end: survey.trimmed(start, end) }))
    .filter(({ start, end }) => end > start && survey.text.slice(start, end).trim() !== '');
}

function withGap(mark: Styled): Styled {
  return mark.text === '' ? mark : { text: mark.text + MARK_GAP, spans: mark.spans };
}

/** Gives every slice its mark and its share of the spans. */
function dress(styled: Styled, slices: Slice[], mark: SplitOptions['mark']): Styled[] {
  const parts = slices.map(({ start, end }, index) => {
    const head = index === 0 ? { text: '', spans: [] } : withGap(mark(index + 1, slices.length));
    return {
      head: head.text.length,
      text: head.text + styled.text.slice(start, end),
      spans: [...head.spans],
    };
  });
  const spans = [...styled.spans].sort((a, b) => a.offset - b.offset || b.length - a.length);
  let earliest = 0;
  for (const span of spans) {
    while (earliest < slices.length && (slices[earliest]?.end ?? 0) <= span.offset) earliest++;
    for (let i = earliest; i < slices.length; i++) {
      const slice = slices[i];
      const part = parts[i];
      if (!slice || !part || slice.start >= span.offset + span.length) break;
      part.spans.push(clip(span, slice, part.head));
    }
  }
  return parts.map((part) => ({ text: part.text, spans: tidySpans(part.text, part.spans) }));
}

function clip(span: Span, slice: Slice, shift: number): Span {
  const start = Math.max(span.offset, slice.start);
  const end = Math.min(span.offset + span.length, slice.end);
  return { ...span, offset: shift + start - slice.start, length: end - start };
}
