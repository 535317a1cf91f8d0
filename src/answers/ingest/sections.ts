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

const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Cuts at ATX headings, outside code fences and HTML comments. `firstLine` is the file line of `lines[0]`; `open` the headings above it.
 * `path`: those that are open at the end.
 */
export function cutAtHeadings(
  lines: readonly string[],
  firstLine: number,
  open: Section['path'] = [],
): { sections: Section[]; path: Section['path'] } {
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
  lines.forEach((line, index) => {
    const wasHidden = hidden;
    if (fence === undefined || hidden) {
      const from = hidden ? 0 : line.indexOf('<!--');
      // One that is never closed hides nothing.
      hidden = from >= 0 && !line.includes('-->', line.lastIndexOf('<!--')) && index < lastClosing;
    }
    if (wasHidden) return;
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
      return;
    }
    const heading = fence === undefined ? HEADING.exec(line) : null;
    if (!heading) return;
    close(index);
    start = index;
    met = true;
    const depth = (heading[1] ?? '#').length;
    path = [...path.filter((above) => above.depth < depth), { depth, text: plainText(heading[2] ?? '') }];
  });
  close(lines.length);
  return { sections, path };
}

function withComment(lines: readonly string[], firstLine: number): Pick<Section, 'body' | 'comment'> {
  const body = lines.join('\n');
  const found = /^\s*<!--(.*?)-->/s.exec(body);
  if (!found) return { body: withoutComments(body) };
  const before = body.slice(0, body.indexOf('<!--')).split('\n').length - 1;
  return {
    body: withoutComments(body.slice(found[0].length)),
    comment: { text: (found[1] ?? '').trim(), line: firstLine + before },
  };
}

/** Notes of whoever writes, which nobody else reads. In code they are code. */
const COMMENT =
  /(^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\2|`[^`\n]+`)|(?<=\n\n)[ \t]*<!--[\s\S]*?-->[ \t]*(?:\n+|$)|^[ \t]*<!--[\s\S]*?-->[ \t]*(?:\n|$)|[ \t]*<!--[\s\S]*?-->/gm;

const withoutComments = (body: string): string =>
  body.replace(COMMENT, (_, code?: string) => code ?? '').trim();

/** Private-use characters stand for escaped ones meanwhile, so that no rule below takes them for marks. */
const ESCAPED = /\\([\\`*_{}[\]()#+\-.!|~>])/g;
const HIDDEN = 0xe000;

/** Markdown as the words a person reads, for the index and for excerpts; lists and tables become lines. */
export function plainText(markdown: string): string {
  return markdown
    .replace(ESCAPED, (_, mark: string) => String.fromCharCode(HIDDEN + mark.charCodeAt(0)))
    .replace(/<!--.*?-->/gs, ' ')
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^ {0,3}(?:#{1,6}|>)\s?/gm, '')
    .replace(/^\s*\|?[\s:|-]*-{3,}[\s:|-]*$/gm, '')
    .replace(/^\s*[-*+]\s+/gm, '')
    .replace(/\*\*|__|~~|`+/g, '')
    .replace(/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, '')
    .replace(/[ \t]*\|[ \t]*/g, ' ')
    .replace(/[\ue000-\ue07f]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - HIDDEN))
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}
