import type { Entity } from '../phone/phone.ts';

export interface Marked {
  text: string;
  entities: Entity[];
}

const TYPES: Record<string, string> = { '*': 'bold', _: 'italic', '~': 'strikethrough' };

/** Marks count only at the edge of words and hug what they mark: `2*3*4` and `nom_de_fichier` stay as they are. */
const MARK =
  /```([\s\S]+?)```|`([^`\n]+)`|(?<![\p{L}\p{N}])([*_~])(?=[^\s*_~]|[*_~](?!\3))([^\n]*?[^\s])\3(?![\p{L}\p{N}])/gu;

const LINK = /\bhttps?:\/\/[^\s<>]+|\bwww\.[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** WhatsApp's marks (`*bold*`, `_italic_`, `~struck~`, `` `code` ``) and addresses → what it shows, with entities. */
export function readMarkup(source: string): Marked {
  const marked = read(source);
  return { text: marked.text, entities: [...marked.entities, ...linksIn(marked)] };
}

function read(source: string): Marked {
  let text = '';
  let at = 0;
  const entities: Entity[] = [];
  for (const match of source.matchAll(MARK)) {
    const [whole, pre, code, mark, inside = ''] = match;
    text += source.slice(at, match.index);
    at = match.index + whole.length;
    const offset = text.length;
    const raw = pre ?? code;
    const inner = raw === undefined ? read(inside) : { text: raw, entities: [] };
    const type = pre !== undefined ? 'pre' : (TYPES[mark ?? ''] ?? 'code');
    entities.push({ type, offset, length: inner.text.length });
    for (const entity of inner.entities) entities.push({ ...entity, offset: offset + entity.offset });
    text += inner.text;
  }
  return { text: text + source.slice(at), entities };
}

function linksIn({ text, entities }: Marked): Entity[] {
  const verbatim = entities.filter(({ type }) => type === 'pre' || type === 'code');
  return [...text.matchAll(LINK)].flatMap((match) => {
    const offset = match.index;
    // A sentence's own punctuation is not part of the address.
    const length = match[0].replace(/[.,;:!?»)\]]+$/, '').length;
    const isVerbatim = verbatim.some((one) => offset >= one.offset && offset < one.offset + one.length);
    return isVerbatim
      ? []
      : [{ type: match[0].includes('://') || /^www\./.test(match[0]) ? 'url' : 'email', offset, length }];
  });
}
