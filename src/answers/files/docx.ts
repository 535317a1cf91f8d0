import mammoth from 'mammoth';
import { parseHtml } from './html.ts';
import type { Element } from './html.ts';
import { markdownOf } from './html-markdown.ts';
import { cellsOf, gridOf } from './html-table.ts';
import { isAround, textOf, wordsOf } from './html-text.ts';
import { withNotesApart } from './note-mark.ts';
import { tidy } from './text.ts';
import { unzip, zip } from './zip.ts';
import { UnreadableError } from './unreadable.ts';

/** The parts that hold words and their shape; pictures, macros and embedded files are never inflated. */
const PARTS =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|word\/(?:document|styles|numbering|footnotes|endnotes|comments)\d*\.xml|word\/_rels\/[\w.-]+\.xml\.rels)$/;

/** Text of a DOCX: paragraphs, lists and table rows in order. Throws `UnreadableError`. */
export const readDocx = async (bytes: Uint8Array): Promise<string> =>
  tidy(plainOf(parseHtml(await html(bytes))));

/** The same with its headings, lists and tables, as Markdown. `title`: its paragraph of that style. Throws `UnreadableError`. */
export async function readDocxMarkdown(bytes: Uint8Array): Promise<{ title?: string; markdown: string }> {
  const root = parseHtml(await html(bytes));
  const titles = root.children.flatMap((one) =>
    typeof one !== 'string' && one.attributes.get('class') === TITLE ? [tidy(textOf(one))] : [],
  );
  const title = titles.find((one) => one !== '' && one.length <= LONGEST_TITLE);
  return { ...(title !== undefined && { title }), markdown: markdownOf(root) };
}

const TITLE = 'title';
/** Longer, it is a text in large letters. UTF-16 units. */
const LONGEST_TITLE = 500;

async function html(bytes: Uint8Array): Promise<string> {
  const parts = unzip(bytes, (name) => PARTS.test(name));
  if (!parts.has('[Content_Types].xml') || !parts.has('word/document.xml'))
    throw new UnreadableError('unsupported');
  // No word processor writes a document type; only an entity bomb needs one.
  for (const part of parts.values())
    if (/<!(?:DOCTYPE|ENTITY)/i.test(part.toString('latin1'))) throw new UnreadableError('broken');
  for (const [name, part] of parts) {
    const xml = part.toString();
    if (HIDDEN.test(xml)) parts.set(name, Buffer.from(struck(xml)));
  }
  const { value } = await mammoth.convertToHtml(
    { buffer: zip(parts) },
    { externalFileAccess: false, styleMap: [`p[style-name='Title'] => h1.${TITLE}:fresh`] },
  );
  return value;
}

const HIDDEN = /<w:(?:vanish|dstrike)[\s/>]/;
/** What is hidden, or struck out twice, as struck out once, which the converter knows. */
const struck = (xml: string): string =>
  xml
    .replace(/<w:strike\s+w:val="(?:0|false|off)"\s*\/>/g, '')
    .replace(/<(\/?)w:(?:vanish|dstrike)(?=[\s/>])/g, '<$1w:strike');

const isBlock = (tag: string): boolean => /^(?:p|h[1-6]|ul|ol)$/.test(tag);

/** The words as they stand: an empty line between paragraphs, a line for a row or an item. */
function plainOf(element: Element): string {
  let text = '';
  let words = '';
  const flush = (): void => {
    text += withNotesApart(words).replace(/[^\S\n]+/g, ' ');
    words = '';
  };
  for (const child of element.children) {
    if (typeof child === 'string') words += child.replace(/\s+/g, ' ');
    else if (isAround(child)) continue;
    else if (child.tag === 'br') words += '\n';
    else if (child.tag === 'table') {
      flush();
      const lines = gridOf(cellsOf(child)).map((row) => row.map((cell) => cell.trim()).join(' | '));
      text += `\n\n${lines.join('\n')}\n\n`;
    } else if (child.tag === 'li') {
      flush();
      text += `\n- ${plainOf(child).trim()}`;
    } else if (isBlock(child.tag)) {
      flush();
      text += `\n\n${plainOf(child)}\n\n`;
    } else words += wordsOf(child);
  }
  flush();
  return text;
}
