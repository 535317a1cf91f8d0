/** Where a fence, a code span or a comment may begin. */
const MARK = /`+|~{3,}|<!--/g;
const SPAN = /`[^`\n]+`/y;
const FENCE_LENGTH = 3;

/**
 * Markdown without its HTML comments, which are notes of whoever writes and nobody else reads. In code they are code; one
 * that is never closed is text.
 */
export function withoutComments(markdown: string): string {
  if (!markdown.includes('-->')) return markdown;
  const fences = closings(markdown);
  let out = '';
  let kept = 0;
  MARK.lastIndex = 0;
  for (let found = MARK.exec(markdown); found !== null; found = MARK.exec(markdown)) {
    const [mark] = found;
    if (mark !== '<!--') {
      MARK.lastIndex = afterCode(markdown, found.index, mark, fences);
      continue;
    }
    const end = markdown.indexOf('-->', found.index + 4);
    if (end === -1) break;
    const { from, to } = withBlanks(markdown, found.index, end + 3);
    out += markdown.slice(kept, Math.max(kept, from));
    kept = to;
    MARK.lastIndex = to;
  }
  return out + markdown.slice(kept);
}

/** The end of the code that begins at `at`, or of the mark when it begins none. */
function afterCode(markdown: string, at: number, mark: string, fences: Closings): number {
  const end = at + mark.length;
  if (
    mark.length >= FENCE_LENGTH &&
    /\n {0,3}$/.test(`${at < 4 ? '\n' : ''}${markdown.slice(Math.max(0, at - 4), at)}`)
  ) {
    const closing = fences(mark, end);
    if (closing !== undefined) return closing;
  }
  SPAN.lastIndex = end - 1;
  return mark.startsWith('`') && SPAN.test(markdown) ? SPAN.lastIndex : end;
}

type Closings = (mark: string, from: number) => number | undefined;

/** A fence ends at a line that begins with as many marks. What was once looked for in vain is not looked for again. */
function closings(markdown: string): Closings {
  const vain = new Map<string, number>();
  return (mark, from) => {
    const kind = mark.charAt(0);
    if (mark.length >= (vain.get(kind) ?? Number.POSITIVE_INFINITY)) return undefined;
    for (let at = markdown.indexOf('\n', from); at !== -1; at = markdown.indexOf('\n', at + 1)) {
      let start = at + 1;
      while (start < at + 4 && markdown[start] === ' ') start += 1;
      if (markdown.startsWith(mark, start)) return start + mark.length;
    }
    vain.set(kind, mark.length);
    return undefined;
  };
}

/** A comment that stands alone goes with its line, and with the empty lines after it if one stands before. */
function withBlanks(markdown: string, start: number, end: number): { from: number; to: number } {
  let from = start;
  while (isBlank(markdown[from - 1])) from -= 1;
  let after = end;
  while (isBlank(markdown[after])) after += 1;
  const alone = from === 0 || markdown[from - 1] === '\n';
  if (!alone || (after < markdown.length && markdown[after] !== '\n')) return { from, to: end };
  let to = Math.min(after + 1, markdown.length);
  if (markdown[from - 2] === '\n') while (markdown[to] === '\n') to += 1;
  return { from, to };
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';
