import type { SessionDocument } from '../../message/answer.ts';
import type { Passage } from '../ingest/passage.ts';
import { splitPassages } from '../ingest/split.ts';

export interface OwnPassage extends Passage {
  /** Counted from 1; absent: the file has no pages. */
  page?: number;
}

/** Blocks are put together up to this length (UTF-16 units): the answer of a bill is its amount, not the bill. */
const TOGETHER = 300;
const LONGEST_HEADING = 80;

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

/** A shorter line was ended on purpose, unless the next goes on in lower case. */
const BROKEN_FROM = 40;
const BROKEN_FROM_LOWER = 20;

function reflow(block: string): string {
  return block.split('\n').reduce((text, line) => {
    const last = text.slice(text.lastIndexOf('\n') + 1);
    if (/\p{L}-$/u.test(last) && /^\p{Ll}/u.test(line)) return text.slice(0, -1) + line;
    const from = /^[\p{Ll}(]/u.test(line) ? BROKEN_FROM_LOWER : /^[\d«]/.test(line) ? BROKEN_FROM : Infinity;
    const goesOn = last.length >= from && !/[.!?:;|]$/.test(last);
    return text === '' ? line : `${text}${goesOn ? ' ' : '\n'}${line}`;
  }, '');
}

/** A short line alone that announces what follows, without a value of its own. */
function headingOf(block: string): string | undefined {
  const marked = /^#{1,6} +(.+?)\s*#*$/.exec(block)?.[1];
  if (marked !== undefined) return marked;
  const plain =
    block.length <= LONGEST_HEADING &&
    !/\n|[.,;:!?]$|[:|]\s|^[-•*]|\d$/.test(block) &&
    /\p{L}{3}/u.test(block) &&
    !/\d ?(?:%|f\b|fcfa|cfa)/i.test(block);
  return plain ? block : undefined;
}

/** Marks of Markdown that are only characters here: nothing a person's file says becomes a link or an emphasis. Lists stay. */
const literal = (text: string): string =>
  text
    .replace(/[\\`*_[\]~|]/g, '\\$&')
    .replace(/^(\s*)([#>+])/gm, '$1\\$2')
    .replace(/^(\s*)[•·▪] /gm, '$1- ');
