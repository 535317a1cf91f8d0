import { scrub } from '../lib/scrub.ts';
import type { Block, Inline, Rich } from './rich.ts';

export type SpanType = 'strong' | 'emphasis' | 'strike' | 'code' | 'preformatted' | 'link' | 'quote';

/** A style over a run of characters. Offsets and lengths are UTF-16 units, as JavaScript and Telegram count. */
export interface Span {
  type: SpanType;
  offset: number;
  length: number;
  /** Only on `link`. */
  url?: string;
}

/** A text with its styles beside it. Spans are sorted by offset (outer first) and nest or are apart; they never cross. */
export interface Styled {
  text: string;
  spans: Span[];
}

const RULE = '──────────';
const INDENT = '  ';
/** Deeper lists keep this indentation: a phone shows about 35 characters per line. */
const DEEPEST_INDENT = 6;
/** Widest table that is shown as aligned columns; a wider one would wrap on a phone. */
const WIDEST_TABLE = 34;

interface OpenSpan {
  type: SpanType;
  url?: string;
  /** -1 until something visible is written. */
  start: number;
  /** Opened before the pending list marker, which it therefore covers. */
  coversLead: boolean;
}

interface Draft {
  chunks: string[];
  length: number;
  spans: Span[];
  open: OpenSpan[];
  indent: string;
  /** Line breaks owed before the next visible character. */
  gap: number;
  /** List marker owed at the next visible character, with the indentation of its own line. */
  lead: { indent: string; marker: string } | undefined;
  /** Nothing visible yet in this block: white space is dropped. */
  fresh: boolean;
  /** A line break was written and the indentation is still owed. */
  lineStart: boolean;
}

/**
 * The rich tree as one text with styles. Headings become strong lines, lists `• item` or `1. item`, two-column tables
 * `Libellé : valeur`, other tables aligned columns when narrow and one record per row when wide. Blocks are
 * separated by a blank line. No white space at either end, nor at either end of a span.
 */
export function flatten(rich: Rich): Styled {
  const draft: Draft = {
    chunks: [],
    length: 0,
    spans: [],
    open: [],
    indent: '',
    gap: 0,
    lead: undefined,
    fresh: true,
    lineStart: false,
  };
  writeBlocks(draft, rich, 2);
  const text = draft.chunks.join('').trimEnd();
  return { text, spans: tidySpans(text, draft.spans) };
}

/** Spans clipped to the text, trimmed of white space, without empty ones, outer before inner. */
export function tidySpans(text: string, spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    let start = Math.max(0, span.offset);
    let end = Math.min(text.length, span.offset + span.length);
    while (start < end && isBlank(text, start)) start++;
    while (end > start && isBlank(text, end - 1)) end--;
    if (end > start) out.push({ ...span, offset: start, length: end - start });
  }
  // The sort is stable, so of two spans over the same characters the outer one must come first in `spans`.
  return out.sort((a, b) => a.offset - b.offset || b.length - a.length);
}

const isBlank = (text: string, index: number): boolean => /\s/.test(text.charAt(index));

function writeBlocks(draft: Draft, blocks: readonly Block[], gap: number): void {
  blocks.forEach((block, index) => {
    if (index > 0) separate(draft, gap);
    writeBlock(draft, block);
  });
}

function writeBlock(draft: Draft, block: Block): void {
  switch (block.type) {
    case 'paragraph':
      return writeInlines(draft, block.children);
    case 'heading':
      return styled(draft, { type: 'strong' }, () => writeInlines(draft, block.children));
    case 'quote':
      return styled(draft, { type: 'quote' }, () => writeBlocks(draft, block.children, 2));
    case 'preformatted':
      return styled(draft, { type: 'preformatted' }, () =>
        write(draft, block.value.replace(/^\n+|\s+$/g, '')),
      );
    case 'rule':
      return write(draft, RULE);
    case 'list':
      return block.items.forEach((item, index) => {
        if (index > 0) separate(draft, 1);
        writeItem(draft, block.ordered ? `${String(block.start + index)}. ` : '• ', item);
      });
    case 'table':
      return writeTable(draft, block.header, block.rows);
  }
}

function writeItem(draft: Draft, marker: string, blocks: readonly Block[]): void {
  const outer = draft.indent;
  const owed = draft.lead;
  for (const span of draft.open) if (span.start < 0) span.coversLead = true;
  // An item that starts with a list of its own shows both markers on one line.
  draft.lead = owed ? { ...owed, marker: owed.marker + marker } : { indent: outer, marker };
  draft.indent = outer.length < DEEPEST_INDENT * INDENT.length ? outer + INDENT : outer;
  writeBlocks(draft, blocks, 1);
  draft.indent = outer;
  // An empty item wrote nothing: its own marker goes, the one around it is still owed.
  if (draft.lead) draft.lead = owed;
}

function writeTable(draft: Draft, header: Inline[][], rows: Inline[][][]): void {
  const titles = header.map(plainText);
  const table = [titles, ...rows.map((row) => row.map(plainText))];
  const columns = Math.max(...table.map((row) => row.length));
  if (columns <= 1)
    return writeBlock(draft, { type: 'list', ordered: false, start: 1, items: rows.map(asItem) });
  if (columns === 2) {
    styled(draft, { type: 'strong' }, () => writePair(draft, header[0] ?? [], header[1] ?? []));
    for (const row of rows) {
      separate(draft, 1);
      writePair(draft, row[0] ?? [], row[1] ?? []);
    }
    return;
  }
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...table.map((row) => width(row[column]))),
  );
  const linked = [header, ...rows].some((row) => row.some((cell) => cell.some(hasLink)));
  if (!linked && widths.reduce((sum, each) => sum + each + 2, -2) <= WIDEST_TABLE) {
    const lines = table.map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return styled(draft, { type: 'preformatted' }, () => write(draft, lines.join('\n').trim()));
  }
  rows.forEach((row, index) => {
    if (index > 0) separate(draft, 2);
    styled(draft, { type: 'strong' }, () => writeInlines(draft, row[0] ?? []));
    row.slice(1).forEach((cell, column) => {
      separate(draft, 1);
      if (plainText(cell) !== '') writePair(draft, header[column + 1] ?? [], cell);
    });
  });
}

const asItem = (row: Inline[][]): Block[] => row.map((children) => ({ type: 'paragraph', children }));
const width = (cell: string | undefined): number => Array.from(cell ?? '').length;
const pad = (cell: string, to: number): string => cell + ' '.repeat(Math.max(0, to - width(cell)));
const hasLink = (node: Inline): boolean =>
  node.type === 'link' || ('children' in node && node.children.some(hasLink));

function writePair(draft: Draft, label: Inline[], value: Inline[]): void {
  writeInlines(draft, label);
  const shown = plainText(label);
  if (shown !== '' && plainText(value) !== '') write(draft, shown.endsWith(':') ? ' ' : ' : ');
  writeInlines(draft, value);
}

function plainText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'placeholder') return `{${node.name}}`;
      return 'children' in node ? plainText(node.children) : node.value;
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

function writeInlines(draft: Draft, nodes: readonly Inline[]): void {
  for (const node of joinTwins(nodes)) {
    switch (node.type) {
      case 'text':
        write(draft, node.value);
        break;
      case 'placeholder':
        write(draft, `{${node.name}}`);
        break;
      case 'code':
        styled(draft, { type: 'code' }, () => write(draft, node.value));
        break;
      case 'link':
        writeLink(draft, node.url, node.children);
        break;
      default:
        styled(draft, { type: node.type }, () => writeInlines(draft, node.children));
    }
  }
}

/** Neighbours of one style become one node, so they make one span. */
function joinTwins(nodes: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const node of nodes) {
    const last = out.at(-1);
    if (
      last &&
      (node.type === 'strong' || node.type === 'emphasis' || node.type === 'strike') &&
      last.type === node.type
    )
      out[out.length - 1] = { type: node.type, children: [...last.children, ...node.children] };
    else out.push(node);
  }
  return out;
}

function writeLink(draft: Draft, url: string, children: readonly Inline[]): void {
  const label = plainText(children) === '' ? [{ type: 'text', value: url } as const] : children;
  if (url === '') writeInlines(draft, label);
  else styled(draft, { type: 'link', url }, () => writeInlines(draft, label));
}

/** Runs `body` inside a span. The same style inside itself (strong in a heading, a quote in a quote) adds nothing. */
function styled(draft: Draft, style: { type: SpanType; url?: string }, body: () => void): void {
  if (draft.open.some((span) => span.type === style.type)) return body();
  const span: OpenSpan = { ...style, start: -1, coversLead: false };
  // Reserved before the children add theirs, so that the outer of two equal spans stays first.
  const slot = draft.spans.push({ ...style, offset: 0, length: 0 }) - 1;
  draft.open.push(span);
  body();
  draft.open.pop();
  if (span.start >= 0)
    draft.spans[slot] = { ...style, offset: span.start, length: draft.length - span.start };
}

function separate(draft: Draft, breaks: number): void {
  draft.gap = draft.fresh ? Math.max(draft.gap, breaks) : breaks;
  draft.fresh = true;
}

function write(draft: Draft, value: string): void {
  let text = scrub(value);
  const preformatted = draft.open.at(-1)?.type === 'preformatted';
  if (draft.fresh && !preformatted) text = text.trimStart();
  if (text === '' || (draft.fresh && text.trim() === '')) return;
  if (draft.fresh) startLine(draft);
  for (const span of draft.open) if (span.start < 0) span.start = draft.length;
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (index > 0) {
      put(draft, '\n');
      draft.lineStart = true;
    }
    if (line === '') return;
    if (draft.lineStart) put(draft, draft.indent);
    draft.lineStart = false;
    put(draft, line);
  });
}

function startLine(draft: Draft): void {
  if (draft.length > 0) put(draft, '\n'.repeat(draft.gap));
  const lead = draft.lead;
  put(draft, lead ? lead.indent : draft.indent);
  if (lead) {
    for (const span of draft.open) if (span.start < 0 && span.coversLead) span.start = draft.length;
    put(draft, lead.marker);
  }
  draft.lead = undefined;
  draft.gap = 0;
  draft.fresh = false;
  draft.lineStart = false;
}

function put(draft: Draft, text: string): void {
  draft.chunks.push(text);
  draft.length += text.length;
}
