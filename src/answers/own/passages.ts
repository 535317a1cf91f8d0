import type { SessionDocument } from '../../message/answer.ts';
import type { Passage } from '../ingest/passage.ts';
import { headingOf, literal, reflow } from '../ingest/plain.ts';
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
    const blocks = blocksOf(page, document.kind);
    blocks.forEach((block, at) => {
      const title = at + 1 < blocks.length ? headingOf(block) : undefined;
      const text = literal(title ?? block);
      if (title !== undefined || open.length + text.length > TOGETHER) close();
      if (title !== undefined) heading = title;
      open = open === '' ? text : `${open}\n\n${text}`;
    });
    close();
  });
  return passages;
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
