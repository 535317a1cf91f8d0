import { isRow, isRule } from '../ingest/marks.ts';
import { plainText } from '../ingest/sections.ts';
import { sentences } from '../ingest/split.ts';

/** The smallest piece of a passage that can be said alone. */
export interface Unit {
  markdown: string;
  plain: string;
  kind: 'sentence' | 'item' | 'row';
  /** Index of its block: sentences of a paragraph, items of a list, rows of a table. */
  block: number;
  /** A sentence that stands on the line of the one before it. */
  goesOn?: true;
}

export interface Block {
  kind: Unit['kind'];
  markdown: string;
  /** Line that announces a list ("Pièces à fournir :"), or the header of a table. */
  lead?: string;
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;
const HEADING = /^ {0,3}#{1,6}\s/;

/** Cuts Markdown into blocks and their units, in order. */
export function unitsOf(markdown: string): { blocks: Block[]; units: Unit[] } {
  const blocks: Block[] = [];
  const units: Unit[] = [];
  let open: Unit['kind'] | undefined;
  const add = (text: string, kind: Unit['kind'], goesOn = false) => {
    const plain = plainText(text);
    const block = blocks.length - 1;
    if (plain !== '') units.push({ markdown: text.trim(), plain, kind, block, ...(goesOn && { goesOn }) });
  };
  const start = (kind: Unit['kind']) => {
    const before = blocks.at(-1);
    const announced = kind === 'item' && before?.kind === 'sentence' && /[:：]\s*$/.test(before.markdown);
    const lead = announced ? before.markdown.split('\n').at(-1)?.trim() : undefined;
    blocks.push({ kind, markdown: '', ...(lead !== undefined && { lead: sentences(lead).at(-1) ?? lead }) });
    open = kind;
  };
  for (const line of markdown.split('\n')) {
    if (line.trim() === '') {
      if (open === 'sentence' || open === 'row') open = undefined;
      continue;
    }
    const kind = ITEM.test(line)
      ? 'item'
      : isRow(line)
        ? 'row'
        : open === 'item' && /^\s{2,}\S/.test(line)
          ? 'item'
          : 'sentence';
    if (open !== kind || HEADING.test(line)) start(kind);
    const block = blocks.at(-1);
    if (!block) continue;
    block.markdown += (block.markdown === '' ? '' : '\n') + line;
    if (kind === 'row' && (isRule(line) || block.lead === undefined)) {
      block.lead = block.lead === undefined ? line : `${block.lead}\n${line}`;
    } else if (kind === 'item' && !ITEM.test(line)) {
      const last = units.at(-1);
      if (last)
        Object.assign(last, {
          markdown: `${last.markdown} ${line.trim()}`,
          plain: `${last.plain} ${plainText(line)}`,
        });
    } else if (kind === 'sentence')
      for (const [at, sentence] of sentences(line).entries()) add(sentence, kind, at > 0);
    else add(line, kind);
    // A heading is a block of its own: nothing is joined to it.
    if (HEADING.test(line)) open = undefined;
  }
  return { blocks, units };
}
