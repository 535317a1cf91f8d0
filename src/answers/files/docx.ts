import mammoth from 'mammoth';
import { parseHtml } from './html.ts';
import { markdownOf } from './html-markdown.ts';
import { tidy } from './text.ts';
import { unzip, zip } from './zip.ts';
import { UnreadableError } from './unreadable.ts';

/** The parts that hold words and their shape; pictures, macros and embedded files are never inflated. */
const PARTS =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|word\/(?:document|styles|numbering|footnotes|endnotes|comments)\d*\.xml|word\/_rels\/[\w.-]+\.xml\.rels)$/;

/** Text of a DOCX: paragraphs, lists and table rows in order. Throws `UnreadableError`. */
export const readDocx = async (bytes: Uint8Array): Promise<string> => tidy(htmlText(await html(bytes)));

/** The same with its headings, lists and tables, as Markdown. Throws `UnreadableError`. */
export const readDocxMarkdown = async (bytes: Uint8Array): Promise<string> =>
  markdownOf(parseHtml(await html(bytes)));

async function html(bytes: Uint8Array): Promise<string> {
  const parts = unzip(bytes, (name) => PARTS.test(name));
  if (!parts.has('[Content_Types].xml') || !parts.has('word/document.xml'))
    throw new UnreadableError('unsupported');
  // No word processor writes a document type; only an entity bomb needs one.
  for (const part of parts.values())
    if (/<!(?:DOCTYPE|ENTITY)/i.test(part.toString('latin1'))) throw new UnreadableError('broken');
  const { value } = await mammoth.convertToHtml(
    { buffer: zip(parts) },
    { externalFileAccess: false, styleMap: ["p[style-name='Title'] => h1:fresh"] },
  );
  return value;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/** Words of the HTML that mammoth writes, which knows no attribute with `>`, script or style. */
function htmlText(html: string): string {
  let text = '';
  let inCell = false;
  for (const [, closing = '', tag = '', words = ''] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*>|([^<]+)/g)) {
    if (tag === '') {
      text += words
        .replace(/&(\w+);/g, (entity, name: string) =>
          Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? entity) : entity,
        )
        .replace(/\s+/g, ' ');
    } else if (tag === 'td' || tag === 'th') {
      inCell = closing === '';
      if (!inCell) text += ' | ';
    } else if (tag === 'tr') text = closing === '' ? text : `${text.replace(/[ |]+$/, '')}\n`;
    else if (tag === 'br') text += inCell ? ' ' : '\n';
    else if (tag === 'li') text += closing === '' ? '\n- ' : '';
    else if (/^(?:p|h[1-6]|ul|ol|table)$/.test(tag)) text += inCell ? ' ' : '\n\n';
  }
  return text.replace(/\n- \s+/g, '\n- ');
}
