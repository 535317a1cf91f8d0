import type { SessionDocument } from '../../message/answer.ts';
import { readCsv } from '../files/table.ts';
import type { Passage } from '../ingest/passage.ts';
import { headingOf, literal, reflow } from '../ingest/plain.ts';
import { plainText } from '../ingest/sections.ts';
import { splitPassages } from '../ingest/split.ts';

export type OwnPassage = Passage;

/** Blocks are put together up to this length (UTF-16 units): the answer of a bill is its amount, not the bill. */
const TOGETHER = 300;

/** The passages of a file somebody sent: its words as Markdown that shows them as they are. */
export function ownPassages(document: SessionDocument, language: string): OwnPassage[] {
  const passages: OwnPassage[] = [];
  const paged = document.kind === 'pdf' && document.pages.length > 1;
  let heading: string | undefined;
  document.pages.forEach((page, index) => {
    let open = '';
    const close = (): void => {
      for (const text of splitPassages(open)) {
        passages.push({
          id: `${document.id}#${passages.length + 1}`,
          document: document.id,
          documentTitle: '',
          ...(heading !== undefined && { section: heading }),
          title: heading ?? '',
          alternates: [],
          text,
          kind: 'document',
          status: 'confirmed',
          language,
          ...(paged && { page: index + 1 }),
        });
      }
      open = '';
    };
    const table = document.kind === 'text' ? tableOf(page) : undefined;
    const blocks = blocksOf(table ?? page, document.kind);
    blocks.forEach((block, at) => {
      const title = at + 1 < blocks.length ? headingOf(block) : undefined;
      // What a table became is Markdown already.
      const text = table === undefined ? literal(title ?? block) : (title ?? block);
      if (title !== undefined || open.length + text.length > TOGETHER) close();
      if (title !== undefined) heading = table === undefined ? title : plainText(title);
      open = open === '' ? text : `${open}\n\n${text}`;
    });
    close();
  });
  return passages;
}

/** A cell apart from the next: no sentence has as many of these in each of its lines. */
const SEPARATORS = [';', '\t', '|'];
const LEAST_ROWS = 3;

/** Lines that all have the same number of cells, as a Markdown table. */
function tableOf(page: string): string | undefined {
  const lines = page.split(/\r?\n/).filter((line) => line.trim() !== '');
  const isTable = SEPARATORS.some((separator) => {
    const counts = new Set(lines.map((line) => line.replace(/"[^"]*"/g, '').split(separator).length));
    return counts.size === 1 && !counts.has(1);
  });
  if (!isTable || lines.length < LEAST_ROWS) return undefined;
  try {
    return readCsv(Buffer.from(page));
  } catch {
    // A quote that never ends: the lines are shown as they are.
    return undefined;
  }
}

/** Paragraphs of a page. Lines that a page's width broke are one again. */
function blocksOf(page: string, kind: SessionDocument['kind']): string[] {
  const marked = kind === 'text' ? page.replace(/\*\*([^*\n]+)\*\*/g, '$1') : page;
  return marked
    .replace(/^(#{1,6} .*)$/gm, '\n$1\n')
    .split(/\n{2,}/)
    .map((block) => (kind === 'pdf' || kind === 'image' ? reflow(block) : block).trim())
    .filter((block) => block !== '');
}
