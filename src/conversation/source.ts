import type { TextKey } from '../desk/desk.ts';
import type { Source } from '../message/answer.ts';
import { text } from '../message/rich.ts';
import type { Block, Inline, Rich } from '../message/rich.ts';
import { longDate, write } from './texts.ts';
import type { Voice } from './texts.ts';

/**
 * Where an answer comes from: the desk's `answer_source` (`answer_own_source` for a document the person sent) with `{title}`, `{section}`, `{page}`, `{date}`.
 * A value this source lacks goes with the words that introduce it, so that one text suits every source:
 * "Source : {title}, {section} (au {date})" without a date is "Source : Guide, Montants".
 */
export function sourceLine(voice: Voice, source: Source): Rich {
  const values: Record<string, string> = {
    title: source.title,
    section: source.section === undefined || source.section === source.title ? '' : source.section,
    page: source.page === undefined ? '' : String(source.page),
    date: longDate(source.effectiveDate, voice.language),
  };
  return writeKnown(voice, source.own ? 'answer_own_source' : 'answer_source', values);
}

/** A text of the desk with the values that are known; an unknown one ("") goes with the words that introduce it. */
export function writeKnown(voice: Voice, key: TextKey, values: Values): Rich {
  return fillKnown(voice, voice.texts[0]?.texts[key] ?? [], values);
}

/** The same for any text of the desk. */
export function fillKnown(voice: Voice, rich: Rich, values: Values): Rich {
  return write(voice, keepBlocks(rich, values), values);
}

type Values = Readonly<Record<string, string>>;

function keepBlocks(blocks: Rich, values: Values): Rich {
  return blocks.flatMap((block): Block[] => {
    switch (block.type) {
      case 'paragraph':
      case 'heading': {
        const children = keepLines(block.children, values);
        return children.length === 0 ? [] : [{ ...block, children }];
      }
      case 'quote': {
        const children = keepBlocks(block.children, values);
        return children.length === 0 ? [] : [{ ...block, children }];
      }
      case 'list': {
        const items = block.items.map((item) => keepBlocks(item, values)).filter((item) => item.length > 0);
        return items.length === 0 ? [] : [{ ...block, items }];
      }
      default:
        return [block];
    }
  });
}

function keepLines(nodes: readonly Inline[], values: Values): Inline[] {
  const lines = linesOf(nodes).flatMap((line) => {
    const kept = keepKnown(line, values);
    return kept === undefined ? [] : [kept];
  });
  return lines.flatMap((line, at) => (at === 0 ? line : [text('\n'), ...line]));
}

function linesOf(nodes: readonly Inline[]): Inline[][] {
  const lines: Inline[][] = [[]];
  for (const node of nodes) {
    const parts: Inline[] = node.type === 'text' ? node.value.split('\n').map(text) : [node];
    for (const [at, part] of parts.entries()) {
      if (at > 0) lines.push([]);
      if (part.type !== 'text' || part.value !== '') lines.at(-1)?.push(part);
    }
  }
  return lines;
}

/** One line without its missing values; undefined when it had nothing else to tell. */
function keepKnown(line: readonly Inline[], values: Values): Inline[] | undefined {
  const has = line.map((node) => holds(node, values));
  if (has.includes('missing') && !has.includes('value')) return undefined;
  const kept: Inline[] = [];
  let introduction: Inline[] = [];
  let afterMissing = false;
  for (const [at, node] of line.entries()) {
    if (has[at] === 'missing') {
      introduction = [];
      afterMissing = true;
    } else if (has[at] === 'words') {
      introduction.push(afterMissing ? withoutStart(node, kept.length === 0) : node);
      afterMissing = false;
    } else {
      kept.push(
        ...introduction,
        'children' in node ? { ...node, children: keepLines(node.children, values) } : node,
      );
      introduction = [];
      afterMissing = false;
    }
  }
  return [...kept, ...introduction];
}

function holds(node: Inline, values: Values): 'value' | 'missing' | 'words' {
  if (node.type === 'placeholder') {
    return Object.hasOwn(values, node.name) && values[node.name]?.trim() === '' ? 'missing' : 'value';
  }
  if (!('children' in node)) return 'words';
  const inside = node.children.map((child) => holds(child, values));
  if (inside.includes('value')) return 'value';
  return inside.includes('missing') ? 'missing' : 'words';
}

/** What closed the missing value, or separated it from the first one that is there. */
function withoutStart(node: Inline, atStart: boolean): Inline {
  if (node.type !== 'text') return node;
  return text(node.value.replace(atStart ? /^[^\p{L}\p{N}]+/u : /^[)\]»”"]+/u, ''));
}
