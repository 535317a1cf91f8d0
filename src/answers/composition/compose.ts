import type { Passage } from '../ingest/passage.ts';
import type { QuestionType } from '../retrieval/evidence.ts';
import { goesBack, limits } from './links.ts';
import type { Block, Unit } from './units.ts';
import { unitsOf } from './units.ts';
import { indexOfMax, scores, setApart } from './scores.ts';

/** What the question asked, as the search understood it. */
export interface Asked {
  /** Folded content words. */
  content: readonly string[];
  type: QuestionType | undefined;
  /** Importance of a folded word in the collection. */
  weight(form: string): number;
}

/** An entry is shown whole up to this length, a section of a document up to SECTION_WHOLE (UTF-16 units). */
const ENTRY_WHOLE = 1200;
const SECTION_WHOLE = 450;
/** A list or table that holds the answer is shown whole up to this length. */
const LIST_WHOLE = 1200;
/** A table of so few rows is read at a glance. */
const SHORT_TABLE = 4;
const MOST_ROWS = 5;
/** Two sentences hold the answer of about nine questions in ten; more only bury it. */
const SENTENCES = 2;

/** The part of a passage that answers, as Markdown, every word taken from the passage in its order. */
export function compose(passage: Passage, asked: Asked): string {
  const { blocks, units, chosen } = choose(passage, asked);
  return chosen === 'all' ? passage.text : render(blocks, units, chosen);
}

/** What `compose` left out, in the same form; empty: nothing. */
export function composeRest(passage: Passage, asked: Asked): string {
  const { blocks, units, chosen } = choose(passage, asked);
  if (chosen === 'all') return '';
  return render(blocks, units, new Set([...units.keys()].filter((index) => !chosen.has(index))));
}

interface Choice {
  blocks: Block[];
  units: Unit[];
  /** Indexes of units. */
  chosen: ReadonlySet<number> | 'all';
}

function choose(passage: Passage, asked: Asked): Choice {
  const whole = passage.kind === 'document' ? SECTION_WHOLE : ENTRY_WHOLE;
  if (passage.text.length <= whole) return { blocks: [], units: [], chosen: 'all' };
  const { blocks, units } = unitsOf(passage.text);
  if (units.length <= 1) return { blocks, units, chosen: 'all' };
  const scored = scores(units, asked);
  const best = indexOfMax(scored);
  const wantsList = asked.type === 'list' || asked.type === 'procedure';
  const listed = wantsList ? bestList(blocks, units, scored) : undefined;
  const index = listed ?? units[best]?.block ?? 0;
  const block = blocks[index];
  if (block && block.kind !== 'sentence') {
    return { blocks, units, chosen: fromList(block, index, { units, scored, asked, wantsList }) };
  }
  return { blocks, units, chosen: sentencesAround(best, { blocks, units, scored }) };
}

/** The sentence that answers, the one that completes it, and those without which they say something else. */
function sentencesAround(
  best: number,
  { blocks, units, scored }: { blocks: readonly Block[]; units: readonly Unit[]; scored: readonly number[] },
): Set<number> {
  const chosen = new Set([best]);
  while (chosen.size < Math.min(SENTENCES, units.length)) {
    // The sentence beside the best one usually completes it.
    const rest = scored.map((score, index) =>
      chosen.has(index) || units[index]?.kind !== 'sentence'
        ? -1
        : score + (chosen.has(index - 1) ? 0.15 : chosen.has(index + 1) ? 0.05 : 0),
    );
    const next = indexOfMax(rest);
    if ((rest[next] ?? -1) < 0) break;
    chosen.add(next);
  }
  for (const index of [...chosen]) {
    const unit = units[index];
    const before = units[index - 1];
    const after = units[index + 1];
    if (unit && before?.block === unit.block && goesBack(unit.plain)) chosen.add(index - 1);
    if (unit && after?.block === unit.block && limits(after.plain)) chosen.add(index + 1);
    // "Il faut :" says nothing without its list.
    const list = after === undefined || after.block === unit?.block ? undefined : after.block;
    if (unit && list !== undefined && (blocks[list]?.lead ?? '') === unit.markdown) {
      for (const [at, { block }] of units.entries()) if (block === list) chosen.add(at);
    }
  }
  return chosen;
}

interface Of {
  units: readonly Unit[];
  scored: readonly number[];
  asked: Asked;
  wantsList: boolean;
}

function fromList(block: Block, index: number, { units, scored, asked, wantsList }: Of): Set<number> {
  const own = [...units.keys()].filter((at) => units[at]?.block === index);
  if (block.kind === 'row' && own.length > SHORT_TABLE && !wantsList) {
    const rows = own.flatMap((at) => units[at] ?? []);
    const apart = setApart(rows, asked);
    const named = own.filter((_, at) => apart[at]);
    if (named.length > 0 && named.length <= MOST_ROWS) return new Set(named);
  }
  if (block.markdown.length <= LIST_WHOLE) return new Set(own);
  if (!wantsList)
    return new Set(own.toSorted((a, b) => (scored[b] ?? 0) - (scored[a] ?? 0)).slice(0, MOST_ROWS));
  // Steps and papers come in an order, and none of them may be skipped.
  let length = 0;
  return new Set(own.filter((at) => (length += units[at]?.markdown.length ?? 0) <= LIST_WHOLE));
}

/** The chosen units in their order: sentences that follow each other in one paragraph, a list with its lead, rows under their header. */
function render(blocks: readonly Block[], units: readonly Unit[], chosen: ReadonlySet<number>): string {
  const parts: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const own = [...units.keys()].filter((at) => units[at]?.block === index);
    const said = own.filter((at) => chosen.has(at));
    if (said.length === 0) continue;
    const text = (at: number): string => units[at]?.markdown ?? '';
    if (block.kind === 'sentence') {
      for (const [place, at] of said.entries()) {
        const follows = place > 0 && said[place - 1] === at - 1;
        const glue = units[at]?.goesOn ? ' ' : '\n';
        parts.push(follows ? `${parts.pop() ?? ''}${glue}${text(at)}` : text(at));
      }
      continue;
    }
    const all = said.length === own.length;
    if (block.kind === 'row') {
      parts.push(all ? block.markdown : [block.lead ?? '', ...said.map(text)].join('\n'));
      continue;
    }
    const before = units[(own[0] ?? 0) - 1];
    const led =
      block.lead !== undefined && !(before?.markdown === block.lead && chosen.has((own[0] ?? 0) - 1));
    parts.push(...(led ? [block.lead ?? ''] : []), all ? block.markdown : said.map(text).join('\n'));
  }
  return parts.join('\n\n');
}

/** The list with the best item or the best announcing line, when it holds anything asked for. */
function bestList(
  blocks: readonly Block[],
  units: readonly Unit[],
  scored: readonly number[],
): number | undefined {
  let found: { block: number; score: number } | undefined;
  blocks.forEach((block, index) => {
    if (block.kind === 'sentence') return;
    const own = units.flatMap((unit, at) =>
      unit.block === index || (unit.block === index - 1 && block.lead !== undefined) ? [scored[at] ?? 0] : [],
    );
    const score = Math.max(0, ...own) + 0.1 * Math.min(5, own.length);
    if (!found || score > found.score) found = { block: index, score };
  });
  return found?.block;
}
