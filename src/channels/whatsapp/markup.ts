import type { Span, Styled } from '../../message/styled.ts';

/** What WhatsApp reads as a style, and how the same character is shown when it must not be one. */
const MARKS = { strong: '*', emphasis: '_', strike: '~' } as const;
const LOOKALIKES: Readonly<Record<string, string>> = { '*': '∗', _: '＿', '~': '∼', '`': '‵', '>': '›' };
const PERCENT: Readonly<Record<string, string>> = { '*': '%2A', _: '%5F', '~': '%7E', '`': '%60' };
const MONO = '```';

/**
 * A styled text as WhatsApp writes it: `*bold*` `_italic_` `~strike~`, monospace and quotes. A style is written line by
 * line, and left out where WhatsApp would not read it (inside a word). What people wrote never becomes a style: a
 * pair of marks that would is shown with look-alikes (percent-encoded in an address), and a lone mark, such as that
 * of `*144#`, stays as it is even at the price of a style of ours on its line.
 */
export function toMarkup(styled: Styled): string {
  const { text } = styled;
  const monos = monosOf(styled);
  const inMono = flagged(text.length, monos);
  const inUrl = flagged(text.length, urlsOf(text));
  let pieces = piecesOf(styled, monos);
  for (;;) {
    const lines = linesOf(text, pieces, monos, { inMono, inUrl }, quotesOf(styled));
    for (const line of lines) neutralise(line);
    const clash = new Set(lines.flatMap((line, at) => clashesOn(line).map((mark) => `${String(at)}${mark}`)));
    if (clash.size === 0) return write(lines);
    const lineAt = lineNumbers(text);
    pieces = pieces.filter((piece) => !clash.has(`${String(lineAt[piece.start] ?? 0)}${piece.mark}`));
  }
}

interface Piece {
  mark: string;
  start: number;
  end: number;
}

interface Token {
  char: string;
  /** `own`: a mark of ours. `mono`: nothing in it is read as a mark. */
  role: 'own' | 'mono' | 'url' | 'text';
}

const isWord = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);
const isBlank = (character: string): boolean => character === '' || /\s/.test(character);

/** A mark inside a word is no mark. */
function isApart(text: string, start: number, end: number): boolean {
  return !isWord(text.charAt(start - 1)) && !isWord(text.charAt(end));
}

function monosOf({ text, spans }: Styled): Piece[] {
  const pieces: Piece[] = [];
  for (const span of spans) {
    if (span.type !== 'code' && span.type !== 'preformatted') continue;
    const end = span.offset + span.length;
    const taken = pieces.at(-1)?.end ?? -1;
    if (span.offset > taken && isApart(text, span.offset, end))
      pieces.push({ mark: MONO, start: span.offset, end });
  }
  return pieces;
}

/** Our bold, italic and strike, cut at line ends and around monospace. Outer before inner. */
function piecesOf({ text, spans }: Styled, monos: readonly Piece[]): Piece[] {
  return spans.flatMap((span) => {
    if (span.type !== 'strong' && span.type !== 'emphasis' && span.type !== 'strike') return [];
    const mark = MARKS[span.type];
    return runs(text, span, monos)
      .filter(({ start, end }) => isApart(text, start, end))
      .map(({ start, end }) => ({ mark, start, end }));
  });
}

function runs(text: string, span: Span, monos: readonly Piece[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const end = span.offset + span.length;
  const add = (from: number, to: number): void => {
    let start = from;
    let stop = to;
    while (start < stop && isBlank(text.charAt(start))) start++;
    while (stop > start && isBlank(text.charAt(stop - 1))) stop--;
    if (stop > start) found.push({ start, end: stop });
  };
  const holes = monos.filter((mono) => mono.end > span.offset && mono.start < end);
  let from = span.offset;
  for (const hole of [...holes, { start: end, end }]) {
    for (let at = from; at < hole.start;) {
      const lineEnd = text.indexOf('\n', at);
      const to = lineEnd === -1 ? hole.start : Math.min(lineEnd, hole.start);
      add(at, to);
      at = to + 1;
    }
    from = Math.max(from, hole.end);
  }
  return found;
}

const urlsOf = (text: string): Piece[] =>
  [...text.matchAll(/https?:\/\/[^\s<>]+/gi)].map((match) => ({
    mark: '',
    start: match.index,
    end: match.index + match[0].length,
  }));

function flagged(length: number, pieces: readonly Piece[]): Uint8Array {
  const flags = new Uint8Array(length);
  for (const { start, end } of pieces) flags.fill(1, start, end);
  return flags;
}

const quotesOf = ({ spans }: Styled): Span[] => spans.filter((span) => span.type === 'quote');

function lineNumbers(text: string): Uint32Array {
  const numbers = new Uint32Array(text.length + 1);
  let line = 0;
  for (let at = 0; at <= text.length; at++) {
    numbers[at] = line;
    if (text.charAt(at) === '\n') line++;
  }
  return numbers;
}

function linesOf(
  text: string,
  pieces: readonly Piece[],
  monos: readonly Piece[],
  { inMono, inUrl }: { inMono: Uint8Array; inUrl: Uint8Array },
  quotes: readonly Span[],
): Token[][] {
  const opens = new Map<number, string>();
  const closes = new Map<number, string>();
  for (const { mark, start, end } of [...pieces, ...monos]) {
    opens.set(start, (opens.get(start) ?? '') + mark);
    // The outer style closes last.
    closes.set(end, mark + (closes.get(end) ?? ''));
  }
  const lines: Token[][] = [];
  let line: Token[] = [];
  const own = (marks: string | undefined): void => {
    for (const char of marks ?? '') line.push({ char, role: 'own' });
  };
  for (let at = 0; at <= text.length; at++) {
    const startsLine = at === 0 || text.charAt(at - 1) === '\n';
    if (startsLine && inMono[at] !== 1) {
      const quoted = quotes.some((span) => span.offset <= at && at < span.offset + span.length);
      if (quoted) own('> ');
    }
    own(closes.get(at));
    own(opens.get(at));
    const char = text.charAt(at);
    if (at === text.length || char === '\n') {
      lines.push(line);
      line = [];
    } else line.push({ char, role: inMono[at] === 1 ? 'mono' : inUrl[at] === 1 ? 'url' : 'text' });
  }
  return lines;
}

const isStray = (token: Token): boolean => token.role === 'text' || token.role === 'url';

function canOpen(line: readonly Token[], at: number): boolean {
  return !isWord((line[at - 1]?.char ?? '').slice(-1)) && !isBlank(line[at + 1]?.char ?? '');
}

function canClose(line: readonly Token[], at: number): boolean {
  return !isBlank(line[at - 1]?.char ?? '') && !isWord((line[at + 1]?.char ?? '').slice(0, 1));
}

function positions(line: readonly Token[], mark: string): number[] {
  return line.flatMap((token, at) => (token.char === mark && token.role !== 'mono' ? [at] : []));
}

/** Pairs that people wrote lose their meaning and keep their look. */
function neutralise(line: Token[]): void {
  const first = line.find((token) => !isBlank(token.char));
  const second = first && line[line.indexOf(first) + 1];
  if (first?.char === '>' && first.role === 'text' && isBlank(second?.char ?? '')) replace(first);
  for (const token of line) if (token.char === '`' && token.role !== 'own') replace(token);
  for (const mark of Object.values(MARKS)) {
    const strays = positions(line, mark).filter((at) => {
      const token = line[at];
      return token !== undefined && isStray(token);
    });
    const openers = strays.filter((at) => canOpen(line, at));
    const closers = strays.filter((at) => canClose(line, at));
    const firstOpener = openers[0] ?? Number.POSITIVE_INFINITY;
    const lastCloser = closers.at(-1) ?? Number.NEGATIVE_INFINITY;
    for (const at of openers) if (lastCloser > at + 1) replace(line[at]);
    for (const at of closers) if (firstOpener < at - 1) replace(line[at]);
  }
}

function replace(token: Token | undefined): void {
  if (!token) return;
  token.char = (token.role === 'url' ? PERCENT : LOOKALIKES)[token.char] ?? token.char;
}

/** Marks of ours that a stray one would pair with. */
function clashesOn(line: readonly Token[]): string[] {
  return Object.values(MARKS).filter((mark) => {
    const all = positions(line, mark);
    const own = all.filter((at) => line[at]?.role === 'own');
    const firstOwn = own[0];
    const lastOwn = own.at(-1);
    if (firstOwn === undefined || lastOwn === undefined) return false;
    return all.some(
      (at) =>
        line[at]?.role !== 'own' &&
        ((canOpen(line, at) && at < lastOwn) || (canClose(line, at) && at > firstOwn)),
    );
  });
}

function write(lines: readonly Token[][]): string {
  return lines.map((line) => line.map((token) => token.char).join('')).join('\n');
}
