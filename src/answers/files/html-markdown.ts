import { inline, literal } from '../ingest/plain.ts';
import type { Element } from './html.ts';
import { cellsOf, gridOf } from './html-table.ts';
import { BLOCKS, isAround, textOf, wordsOf } from './html-text.ts';
import { withNotesApart } from './note-mark.ts';
import { tableMarkdown } from './table-markdown.ts';

/** The main text of a page of the web: headings, paragraphs, lists and tables, as Markdown. */
export function pageMarkdown(root: Element): { title?: string; markdown: string } {
  const named = find(root, 'title');
  const title = named === undefined ? '' : textOf(named).trim();
  const main = mainOf(root);
  const markdown = markdownOf(main);
  return { ...(title !== '' && { title }), markdown };
}

/** The same of a piece of HTML that is all text, as a converter writes it. */
export function markdownOf(element: Element): string {
  const out: string[] = [];
  block(element, out, '');
  return out
    .filter((part) => part.trim() !== '')
    .join('\n\n')
    .trim();
}

/** `main` says where the text is; else the articles, when they hold most of it; else everything. */
function mainOf(root: Element): Element {
  const main = find(root, 'main') ?? findBy(root, ({ attributes }) => attributes.get('role') === 'main');
  if (main !== undefined && textOf(main).length > 0) return main;
  const articles = all(root, 'article');
  const held = articles.reduce((sum, one) => sum + textOf(one).length, 0);
  return held > 0.5 * textOf(root).length ? { tag: 'div', attributes: new Map(), children: articles } : root;
}

/** Adds the blocks of an element; `indent` stands before each line of a list inside another. */
function block(element: Element, out: string[], indent: string): void {
  let words = '';
  const flush = (): void => {
    const text = withNotesApart(words)
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .trim();
    if (text !== '') out.push(literal(text));
    words = '';
  };
  for (const child of element.children) {
    if (typeof child === 'string') {
      words += child.replace(/\s+/g, ' ');
      continue;
    }
    if (isAround(child)) continue;
    if (child.tag === 'br') words += '\n';
    else if (isHeading(child)) {
      flush();
      const text = inline(textOf(child));
      if (text !== '') out.push(`${'#'.repeat(Number(child.tag[1]))} ${text}`);
    } else if (child.tag === 'ul' || child.tag === 'ol' || child.tag === 'menu') {
      flush();
      out.push(list(child, indent));
    } else if (child.tag === 'table') {
      flush();
      table(child, out, indent);
    } else if (child.tag === 'dl') {
      flush();
      out.push(definitions(child));
    } else if (child.tag === 'pre') {
      flush();
      out.push(literal(textOf(child)));
    } else if (BLOCKS.has(child.tag) || holdsBlocks(child)) {
      flush();
      block(child, out, indent);
    } else words += wordsOf(child);
  }
  flush();
}

const isHeading = ({ tag }: Element): boolean => /^h[1-6]$/.test(tag);

const holdsBlocks = (element: Element): boolean =>
  element.children.some(
    (child) => typeof child !== 'string' && (BLOCKS.has(child.tag) || isHeading(child) || holdsBlocks(child)),
  );

function list(element: Element, indent: string): string {
  let n = 0;
  const lines: string[] = [];
  for (const item of element.children) {
    if (typeof item === 'string' || isAround(item)) continue;
    n += 1;
    const mark = element.tag === 'ol' ? `${n}. ` : '- ';
    const inside = `${indent}${' '.repeat(mark.length)}`;
    const parts: string[] = [];
    block(item, parts, inside);
    const [first = '', ...rest] = parts.filter((part) => part.trim() !== '');
    if (first === '') continue;
    lines.push(indent + mark + first.trimStart().replace(/\n\s*/g, ' '));
    // A list inside brings its own indent.
    for (const part of rest)
      lines.push(/^\s*(?:-|\d+\.) /.test(part) ? part : inside + part.replace(/\n\s*/g, ' '));
  }
  return lines.join('\n');
}

function definitions(element: Element): string {
  const lines: string[] = [];
  for (const child of element.children) {
    if (typeof child === 'string' || isAround(child)) continue;
    if (child.tag === 'div') lines.push(definitions(child));
    else if (child.tag === 'dt') lines.push(`- ${inline(textOf(child))} :`);
    else if (lines.length > 0) lines[lines.length - 1] += ` ${inline(textOf(child))}`;
  }
  return lines.join('\n');
}

function table(element: Element, out: string[], indent: string): void {
  const rows = cellsOf(element);
  const grid = gridOf(rows);
  const widest = Math.max(0, ...grid.map(({ length }) => length));
  // One column, or a table in a table: the page is laid out with it, it is no table.
  if (widest < 2 || rows.some((row) => row.some((cell) => find(cell, 'table') !== undefined))) {
    for (const cell of rows.flat()) block(cell, out, indent);
    return;
  }
  const caption = find(element, 'caption');
  if (caption !== undefined) out.push(inline(textOf(caption)));
  out.push(tableMarkdown(grid));
}

const find = (element: Element, tag: string): Element | undefined =>
  findBy(element, (one) => one.tag === tag);

function findBy(element: Element, is: (element: Element) => boolean): Element | undefined {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    const found = is(child) ? child : findBy(child, is);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Elements of this tag, not those inside another such. */
function all(element: Element, tag: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : child.tag === tag ? [child] : all(child, tag),
  );
}
