import { utf8 } from '../../lib/decode.ts';
import { scrub } from '../../lib/scrub.ts';
import { headingOf, inline, literal, partOf, reflow } from '../ingest/plain.ts';
import { holdsControls } from './kind.ts';
import { UnreadableError } from './unreadable.ts';

/** TXT and Markdown: UTF-8, UTF-16 with its mark, else the Windows code page of western Europe. Throws `UnreadableError`. */
export function readText(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (holdsControls(text)) throw new UnreadableError('unsupported');
  return tidy(text);
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return utf8(bytes) ?? new TextDecoder('windows-1252').decode(bytes);
}

/** Plain text of one page: no control or repeated space, at most one empty line between paragraphs. */
export function tidy(text: string): string {
  return scrub(text.replace(/\f/g, '\n\n'))
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Plain text as Markdown: a short line alone is a heading, broken lines are joined. */
export function textMarkdown(text: string): string {
  const blocks = text.split(/\n{2,}/).filter((block) => block.trim() !== '');
  return blocks
    .map((block, at) => {
      const part = block.includes('\n') ? undefined : partOf(block);
      const title = at + 1 < blocks.length ? headingOf(block) : undefined;
      if (part !== undefined) return `${'#'.repeat(1 + part)} ${inline(block)}`;
      // The first is what the text is called; the others stand below it.
      return title === undefined ? literal(reflow(block)) : `${at === 0 ? '#' : '##'} ${inline(title)}`;
    })
    .join('\n\n');
}
