import type { Passage } from '../ingest/passage.ts';
import type { QuestionType } from '../retrieval/evidence.ts';
import { answersType, evidenceOf } from '../retrieval/evidence.ts';
import { words } from '../retrieval/fold.ts';
import { grams, root, stem } from '../retrieval/views.ts';
import type { Block, Unit } from './units.ts';
import { unitsOf } from './units.ts';

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
const LIST_WHOLE = 900;
/** Two sentences hold the answer of about nine questions in ten; more only bury it. */
const SENTENCES = 2;

/** The part of a passage that answers, as Markdown, every word taken from the passage in its order. */
export function compose(passage: Passage, asked: Asked): string {
  const whole = passage.kind === 'document' ? SECTION_WHOLE : ENTRY_WHOLE;
  if (passage.text.length <= whole) return passage.text;
  const { blocks, units } = unitsOf(passage.text);
  if (units.length <= 1) return passage.text;
  const scored = scores(units, asked);
  const best = indexOfMax(scored);
  const listed =
    asked.type === 'list' || asked.type === 'procedure' ? bestList(blocks, units, scored) : undefined;
  const block = listed ?? units[best]?.block ?? 0;
  const shown = blocks[block];
  if (shown && shown.kind !== 'sentence')
    return showList(
      shown,
      units.filter((unit) => unit.block === block),
      scored,
      units,
    );
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
  const order = [...chosen].sort((a, b) => a - b);
  return order.reduce((text, index, at) => {
    const unit = units[index];
    if (!unit) return text;
    const before = units[order[at - 1] ?? -1];
    return (
      text +
      (at === 0 ? '' : before?.block === unit.block && index === (order[at - 1] ?? -1) + 1 ? ' ' : '\n\n') +
      unit.markdown
    );
  }, '');
}

function showList(
  block: Block,
  items: readonly Unit[],
  scored: readonly number[],
  all: readonly Unit[],
): string {
  const lead = block.kind === 'item' && block.lead !== undefined ? `${block.lead}\n\n` : '';
  if (block.markdown.length <= LIST_WHOLE) return lead + block.markdown;
  const ranked = items
    .filter((item) => block.kind !== 'row' || !(block.lead ?? '').includes(item.markdown))
    .sort((a, b) => (scored[all.indexOf(b)] ?? 0) - (scored[all.indexOf(a)] ?? 0))
    .slice(0, 5)
    .sort((a, b) => all.indexOf(a) - all.indexOf(b));
  const head = block.kind === 'row' && block.lead !== undefined ? `${block.lead}\n` : lead;
  return head + ranked.map((item) => item.markdown).join('\n');
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

/** Each unit against the question: shared stems and families, spelling, the kind of evidence asked for, place. */
function scores(units: readonly Unit[], asked: Asked): number[] {
  const question = [...new Set(asked.content)].map((form) => ({
    stem: stem(form),
    root: root(stem(form)),
    grams: grams(form),
    weight: asked.weight(form),
  }));
  const mass = Math.max(
    1e-9,
    question.reduce((sum, word) => sum + word.weight, 0),
  );
  return units.map((unit, index) => {
    const forms = words(unit.plain);
    const stems = new Set(forms.map(stem));
    const roots = new Set([...stems].map(root));
    const held = new Set(forms.flatMap(grams));
    let overlap = 0;
    for (const word of question) {
      const spelled = word.grams.filter((gram) => held.has(gram)).length / word.grams.length;
      overlap +=
        word.weight * Math.max(stems.has(word.stem) ? 1 : 0, roots.has(word.root) ? 0.7 : 0, 0.5 * spelled);
    }
    const evidence = answersType(asked.type, evidenceOf(unit.markdown));
    const tooShort = forms.length < 4 ? 0.15 : 0;
    return overlap / mass + 0.3 * evidence + (index === 0 ? 0.12 : 0) - tooShort;
  });
}

function indexOfMax(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? -Infinity) ? index : best), 0);
}
