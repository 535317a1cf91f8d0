import { withoutComments } from './comments.ts';
import { headingLine, isRule } from './marks.ts';
import type { Slices } from '../retrieval/slices.ts';

/** A Markdown file cut at its headings. */
export interface Section {
  /** Headings from the first level down; empty for the text above the first heading. */
  path: { depth: number; text: string }[];
  /** File line of the heading, counted from 1. */
  line: number;
  /** Page it begins on, from 1, in a file with pages. */
  page?: number;
  /** Markdown below the heading, without HTML comments. */
  body: string;
  /** Inside of an HTML comment standing right under the heading, and its line. */
  comment?: { text: string; line: number };
}

/** Between two pauses. */
const LINES_AT_ONCE = 200;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Cuts at ATX headings, outside code fences and HTML comments. `firstLine` is the file line of `lines[0]`; `open` the headings above it.
 * `path`: those that are open at the end.
 */
export function* cutAtHeadings(
  lines: readonly string[],
  firstLine: number,
  open: Section['path'] = [],
): Slices<{ sections: Section[]; path: Section['path'] }> {
  const sections: Section[] = [];
  let path = open;
  /** Line 0 is a heading only once one was met. */
  let met = false;
  let start = 0;
  let fence: string | undefined;
  let hidden = false;
  const lastClosing = lines.findLastIndex((line) => line.includes('-->'));
  const close = (end: number) => {
    const headed = path.length > 0;
    const from = met ? start + 1 : start;
    const section = withComment(lines.slice(from, end), firstLine + from);
    if ((headed && met) || section.body !== '') sections.push({ path, line: firstLine + start, ...section });
  };
  for (const [index, line] of lines.entries()) {
    if (index % LINES_AT_ONCE === 0) yield;
    const wasHidden = hidden;
    if (fence === undefined || hidden) {
      const from: number = hidden ? 0 : line.indexOf('<!--');
      // One that is never closed hides nothing.
      hidden = from >= 0 && !line.includes('-->', line.lastIndexOf('<!--')) && index < lastClosing;
    }
    if (wasHidden) continue;
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
      continue;
    }
    const heading = fence === undefined ? headingLine(line) : undefined;
    if (!heading) continue;
    close(index);
    start = index;
    met = true;
    const { depth, text } = heading;
    path = [...path.filter((above) => above.depth < depth), { depth, text: plainText(text) }];
  }
  close(lines.length);
  return { sections, path };
}

function withComment(lines: readonly string[], firstLine: number): Pick<Section, 'body' | 'comment'> {
  const body = lines.join('\n');
  const start = body.search(/\S/);
  const end = start !== -1 && body.startsWith('<!--', start) ? body.indexOf('-->', start + 4) : -1;
  if (end === -1) return { body: withoutComments(body).trim() };
  const before = body.slice(0, start).split('\n').length - 1;
  return {
    body: withoutComments(body.slice(end + 3)).trim(),
    comment: { text: body.slice(start + 4, end).trim(), line: firstLine + before },
  };
}

/** Private-use characters stand for escaped ones meanwhile, so that no rule below takes them for marks. */
const ESCAPED = /\\([\\`*_{}[\]()#+\-.!|~>])/g;
const HIDDEN = 0xe000;

/** The address may hold parentheses of its own. Nothing here may begin inside another: `[a](` a thousand times is read once. */
const LINK = /!?\[([^[\]\n]{0,1000})\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,2000}){0,4}\)/g;

/** Markdown as the words a person reads, for the index and for excerpts; lists and tables become lines. */
export function plainText(markdown: string): string {
  return withoutComments(
    markdown.replace(ESCAPED, (_, mark: string) => String.fromCharCode(HIDDEN + mark.charCodeAt(0))),
  )
    .replace(LINK, '$1')
    .split('\n')
    .map((line) =>
      isRule(line) ? '' : line.replace(/^ {0,3}(?:#{1,6}|>)\s?/, '').replace(/^\s*[-*+]\s+/, ''),
    )
    .join('\n')
    .replace(/\*\*|__|~~|`+/g, '')
    .replace(/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, '')
    .replace(/[ \t|]+/g, ' ')
    .replace(/[\ue000-\ue07f]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - HIDDEN))
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}
