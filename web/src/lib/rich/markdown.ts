/** The little Markdown that answers are written in, as a tree for components: nothing is ever turned into HTML text. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'em'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; inside: Inline[] };

export type Block =
  { kind: 'paragraph' | 'heading'; inside: Inline[] } | { kind: 'list'; ordered: boolean; items: Inline[][] };

const BULLET = /^\s*[-*•]\s+(.*)$/;
const NUMBER = /^\s*\d{1,3}[.)]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;

/** Blocks of a short answer: paragraphs, headings, one-level lists. What is not recognised stays visible as text. */
export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  const endParagraph = (): void => {
    if (lines.length > 0) blocks.push({ kind: 'paragraph', inside: parseInline(lines.join('\n')) });
    lines = [];
  };
  for (const line of source.split(/\r?\n/)) {
    const heading = HEADING.exec(line)?.[1];
    const bullet = BULLET.exec(line)?.[1];
    const item = bullet ?? NUMBER.exec(line)?.[1];
    if (line.trim() === '') endParagraph();
    else if (heading !== undefined) {
      endParagraph();
      blocks.push({ kind: 'heading', inside: parseInline(heading) });
    } else if (item !== undefined) {
      endParagraph();
      addItem(blocks, bullet === undefined, parseInline(item));
    } else lines.push(line);
  }
  endParagraph();
  return blocks;
}

function addItem(blocks: Block[], ordered: boolean, item: Inline[]): void {
  const last = blocks.at(-1);
  if (last?.kind === 'list' && last.ordered === ordered) last.items.push(item);
  else blocks.push({ kind: 'list', ordered, items: [item] });
}

const INLINE =
  /\*\*(?<strong>\S(?:.*?\S)?)\*\*|`(?<code>[^`\n]+)`|\[(?<label>[^\]\n]+)\]\((?<href>[^()\s]+)\)|(?<![\p{L}\p{N}*_])[*_](?<em>[^\s*_](?:[^*_\n]*[^\s*_])?)[*_](?![\p{L}\p{N}*_])/u;

function parseInline(source: string): Inline[] {
  const out: Inline[] = [];
  let rest = source;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index > 0) out.push({ kind: 'text', text: rest.slice(0, found.index) });
    out.push(inlineOf(found));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest !== '') out.push({ kind: 'text', text: rest });
  return out;
}

function inlineOf(found: RegExpExecArray): Inline {
  const { strong, code, label, href, em } = found.groups ?? {};
  if (strong !== undefined) return { kind: 'strong', inside: parseInline(strong) };
  if (code !== undefined) return { kind: 'code', text: code };
  if (em !== undefined) return { kind: 'em', inside: parseInline(em) };
  if (label !== undefined && href !== undefined && /^(https?:|mailto:|tel:)/i.test(href)) {
    return { kind: 'link', href, inside: parseInline(label) };
  }
  return { kind: 'text', text: found[0] };
}
