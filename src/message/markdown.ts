import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { ListItem, Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { paragraph, plain, text } from './rich.ts';
import type { Block, Inline, Rich } from './rich.ts';

/**
 * Longest source read as Markdown; the parser is quadratic on hostile input, so what is longer is shown as it is
 * written. Eight full messages of any platform.
 */
const MAX_SOURCE = 32_768;
/** Runs of `*`, `_`, `~` and single `[` in one block: 1,000 take about 0.1 s, 8,000 take 9 s. */
const MAX_MARKS = 1_000;
/** Quotes and lists opened on one line: 4,096 of them take a second and nest as deep. */
const STACKED_CONTAINERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){12}/m;
/** Deeper content keeps its words and loses its structure, so that nobody after us recurses without end. */
const MAX_DEPTH = 20;

const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
const PLACEHOLDER = /\{([a-z_]+)\}/g;

const syntax = [
  gfm(),
  {
    // Raw HTML, reference definitions and footnotes stay visible words; four leading spaces are never code.
    disable: {
      null: [
        'htmlFlow',
        'htmlText',
        'definition',
        'codeIndented',
        'gfmFootnoteCall',
        'gfmFootnoteDefinition',
        'gfmPotentialFootnoteCall',
      ],
    },
  },
];
const toTree = [gfmFromMarkdown()];

/**
 * Markdown (CommonMark with GitHub's tables, strike-through, task lists and bare links) as a rich text tree.
 * Line breaks inside a paragraph are kept as "\n"; `{name}` becomes a placeholder. Never throws.
 */
export function parseMarkdown(source: string): Rich {
  if (isHostile(source)) return plain(source);
  return blocks(fromMarkdown(source, { extensions: syntax, mdastExtensions: toTree }).children, 0);
}

function isHostile(source: string): boolean {
  if (source.length > MAX_SOURCE || STACKED_CONTAINERS.test(source)) return true;
  return source.split(/\n[ \t]*\n/).some((part) => (part.match(/[*_~]+|\[/g)?.length ?? 0) > MAX_MARKS);
}

function blocks(nodes: readonly RootContent[], depth: number): Block[] {
  return nodes.flatMap((node) => block(node, depth));
}

function block(node: RootContent, depth: number): Block[] {
  if (depth > MAX_DEPTH) return [paragraph(text(words(node)))];
  switch (node.type) {
    case 'paragraph':
      return [paragraph(...inlines(node.children, depth))];
    case 'heading':
      return [{ type: 'heading', depth: node.depth, children: inlines(node.children, depth) }];
    case 'blockquote':
      return [{ type: 'quote', children: blocks(node.children, depth + 1) }];
    case 'list':
      return [
        {
          type: 'list',
          ordered: node.ordered === true,
          start: node.start ?? 1,
          items: node.children.map((item) => listItem(item, depth + 1)),
        },
      ];
    case 'code':
      // A fence with nothing in it but its first line: those words are all there is to show.
      return [
        { type: 'preformatted', value: node.value || [node.lang, node.meta].filter(Boolean).join(' ') },
      ];
    case 'table':
      return [table(node, depth)];
    case 'thematicBreak':
      return [{ type: 'rule' }];
    default:
      return [paragraph(text(words(node)))];
  }
}

function listItem(item: ListItem, depth: number): Block[] {
  const content = blocks(item.children, depth);
  if (typeof item.checked !== 'boolean') return content;
  const box = text(item.checked ? '☑ ' : '☐ ');
  const [first, ...rest] = content;
  return first?.type === 'paragraph'
    ? [paragraph(...merge([box, ...first.children])), ...rest]
    : [paragraph(box), ...content];
}

function table(node: Table, depth: number): Block {
  const [header = [], ...rows] = node.children.map((row) =>
    row.children.map((cell) => inlines(cell.children, depth)),
  );
  return { type: 'table', header, rows };
}

function inlines(nodes: readonly PhrasingContent[], depth: number): Inline[] {
  return merge(nodes.flatMap((node) => inline(node, depth + 1)));
}

function inline(node: PhrasingContent, depth: number): Inline[] {
  if (depth > MAX_DEPTH) return [text(words(node))];
  switch (node.type) {
    case 'text':
      return withPlaceholders(node.value);
    case 'strong':
    case 'emphasis':
      return [{ type: node.type, children: inlines(node.children, depth) }];
    case 'delete':
      return [{ type: 'strike', children: inlines(node.children, depth) }];
    case 'inlineCode':
      return [{ type: 'code', value: node.value }];
    case 'break':
      return [text('\n')];
    case 'link': {
      const children = inlines(node.children, depth);
      return SAFE_LINK.test(node.url) ? [{ type: 'link', url: node.url, children }] : children;
    }
    default:
      return [text(words(node))];
  }
}

function withPlaceholders(value: string): Inline[] {
  // split() with one capture group alternates: text, name, text, name, text…
  return value
    .split(PLACEHOLDER)
    .map((part, at): Inline => (at % 2 === 1 ? { type: 'placeholder', name: part } : text(part)))
    .filter((node) => node.type !== 'text' || node.value !== '');
}

function merge(nodes: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const node of nodes) {
    const last = out.at(-1);
    if (node.type === 'text' && last?.type === 'text') out[out.length - 1] = text(last.value + node.value);
    else out.push(node);
  }
  return out;
}

/** The words of a node in order, without recursion: also what an image (its alternative text) or an unknown node becomes. */
function words(root: Nodes): string {
  const out: string[] = [];
  const stack: Nodes[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if ('value' in node) out.push(node.value);
    else if ('alt' in node) out.push(node.alt ?? '');
    else if (node.type === 'break') out.push('\n');
    if ('children' in node) stack.push(...node.children.toReversed());
    if (node.type === 'paragraph' || node.type === 'heading') out.push(out.length === 0 ? '' : '\n');
  }
  return out.join('').trim();
}
