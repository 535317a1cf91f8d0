import type { Line } from './pdf-lines.ts';
import { tableAt } from './pdf-table.ts';
import { inline, literal, partOf, reflow } from '../ingest/plain.ts';

/** What is written this much larger than most of the text is a heading. */
const LARGER = 1.15;
const LONGEST_HEADING = 150;
const DEEPEST = 4;

/** Pages as Markdown: headings by size or by their words ("Article 5"), lines joined, what repeats on each page left out. */
export function linesMarkdown(pages: readonly (readonly Line[])[]): string[] {
  const repeated = repeatedLines(pages);
  const kept = pages.map((lines) =>
    lines
      .filter(({ text }, at) => !repeated.has(edgeKey(text)) && !isPageNumber(text, at, lines))
      .map((line) => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim() })),
  );
  const levels = levelsOf(kept.flat());
  return kept.map((lines) => pageMarkdown(lines, levels));
}

function pageMarkdown(lines: readonly Line[], levels: ReadonlyMap<number, number>): string {
  const out: string[] = [];
  let block: string[] = [];
  let heading: { level: number; text: string; size: number } | undefined;
  const flush = (): void => {
    if (block.length > 0) out.push(literal(reflow(block.join('\n'))));
    if (heading !== undefined) out.push(`${'#'.repeat(heading.level)} ${inline(heading.text)}`);
    block = [];
    heading = undefined;
  };
  /** Lines before this one are said. */
  let from = 0;
  for (const [at, { text, size, cells }] of lines.entries()) {
    if (at < from) continue;
    const table = cells === undefined ? undefined : tableAt(lines, at);
    if (table !== undefined) {
      flush();
      out.push(table.markdown);
      from = at + table.length;
      continue;
    }
    const large = levels.get(rounded(size));
    const level =
      text === '' || text.length > LONGEST_HEADING || !/\p{L}{2}/u.test(text)
        ? undefined
        : (large ?? (levels.size === 0 ? partOf(text) : undefined));
    if (level === undefined) {
      if (heading !== undefined || text === '') flush();
      if (text !== '') block.push(text);
    } else if (heading !== undefined && large !== undefined && heading.size === rounded(size)) {
      // A title over two lines.
      heading.text += ` ${text}`;
    } else {
      flush();
      heading = { level, text, size: rounded(size) };
    }
  }
  flush();
  return out.join('\n\n');
}

const rounded = (size: number): number => Math.round(2 * size) / 2;

/** Sizes that are headings, the largest first: 1, 2… */
function levelsOf(lines: readonly Line[]): Map<number, number> {
  const characters = new Map<number, number>();
  for (const { text, size } of lines)
    characters.set(rounded(size), (characters.get(rounded(size)) ?? 0) + text.length);
  const [body = 0] = [...characters].sort((a, b) => b[1] - a[1])[0] ?? [];
  const larger = [...characters.keys()]
    .filter((size) => body > 0 && size >= LARGER * body)
    .sort((a, b) => b - a);
  return new Map(larger.map((size, at) => [size, Math.min(at + 1, DEEPEST)]));
}

/** Lines at the edge of a page that are looked at for what repeats. */
const EDGE = 2;
const edgeKey = (text: string): string => text.replace(/\d+/g, '0').replace(/\s+/g, ' ').trim().toLowerCase();

/** Heads and feet: the same line, but for numbers, at the edge of most pages of three or more. */
function repeatedLines(pages: readonly (readonly Line[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const lines of pages) {
    const filled = lines.map(({ text }) => edgeKey(text)).filter((key) => key !== '');
    // On a page of a few lines, what stands at its edge is its text.
    if (filled.length <= 2 * EDGE) continue;
    for (const key of new Set([...filled.slice(0, EDGE), ...filled.slice(-EDGE)]))
      counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, n]) => n >= 3 && n > 0.6 * pages.length).map(([key]) => key));
}

function isPageNumber(text: string, at: number, lines: readonly Line[]): boolean {
  if (!/^(?:page ?)?[-–]? ?\d{1,4} ?(?:[-–/] ?\d{0,4})?$/i.test(text.replace(/\s+/g, ' ').trim()))
    return false;
  const filled = lines.flatMap((line, index) => (line.text.trim() === '' ? [] : [index]));
  return filled.length > 1 && (at === filled[0] || at === filled.at(-1));
}
