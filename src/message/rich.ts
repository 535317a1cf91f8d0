/**
 * The rich text tree: what desk texts and answers become before a channel renders them.
 * Placeholders are nodes of the tree, so a value (a name, an amount) can never turn into markup.
 */
export type Inline =
  | { type: 'text'; value: string }
  | { type: 'placeholder'; name: string }
  | { type: 'strong' | 'emphasis' | 'strike'; children: Inline[] }
  | { type: 'code'; value: string }
  | { type: 'link'; url: string; children: Inline[] };

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; depth: number; children: Inline[] }
  | { type: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { type: 'quote'; children: Block[] }
  | { type: 'preformatted'; value: string }
  | { type: 'table'; header: Inline[][]; rows: Inline[][][] }
  | { type: 'rule' };

export type Rich = Block[];

export const text = (value: string): Inline => ({ type: 'text', value });
export const paragraph = (...children: Inline[]): Block => ({ type: 'paragraph', children });

/** A plain string as a tree: nothing in it is read as markup; blank lines separate paragraphs. */
export function plain(value: string): Rich {
  return value
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => paragraph(text(part)));
}

/**
 * Puts values into the placeholders of a tree. A placeholder whose value is empty disappears together with
 * the space before it, so "Bienvenue {first_name} !" reads well for somebody without a first name; after a
 * middle dot the whole part goes ("{title} · {section}" without a section is the title alone).
 * A name that is not in `values` is left visible as `{name}`: a desk's mistake must not hide text.
 */
export function fill(rich: Rich, values: Readonly<Record<string, string>>): Rich {
  return rich.map((block) => fillBlock(block, values));
}

function fillBlock(block: Block, values: Readonly<Record<string, string>>): Block {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return { ...block, children: fillInlines(block.children, values) };
    case 'list':
      return { ...block, items: block.items.map((item) => fill(item, values)) };
    case 'quote':
      return { ...block, children: fill(block.children, values) };
    case 'table':
      return {
        ...block,
        header: block.header.map((cell) => fillInlines(cell, values)),
        rows: block.rows.map((row) => row.map((cell) => fillInlines(cell, values))),
      };
    case 'preformatted':
    case 'rule':
      return block;
  }
}

function fillInlines(nodes: Inline[], values: Readonly<Record<string, string>>): Inline[] {
  const out: Inline[] = [];
  for (const node of nodes) {
    if (node.type === 'placeholder') {
      const value = Object.hasOwn(values, node.name) ? (values[node.name] ?? '') : `{${node.name}}`;
      if (value !== '') out.push(text(value));
      else {
        const last = out.at(-1);
        if (last?.type === 'text')
          out[out.length - 1] = text(last.value.replace(/(?: · [^·\n]*|[ \u00a0])$/, ''));
      }
    } else if ('children' in node) out.push({ ...node, children: fillInlines(node.children, values) });
    else out.push(node);
  }
  return out;
}
