import { UnreadableError } from './unreadable.ts';

/** A page of the web as a tree. Written for pages as they are, in linear time. */
export interface Element {
  tag: string;
  attributes: ReadonlyMap<string, string>;
  children: (Element | string)[];
}

const VOID = new Set(
  'area base br col embed hr img input link meta param source track wbr keygen frame'.split(' '),
);
/** What stands between their tags is not markup. */
const RAW = new Set('script style textarea title noscript iframe xmp noembed noframes'.split(' '));
/** A tag of the key ends those open elements of its list, down to the nearest of its bounds. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  li: ['li'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  tr: ['tr', 'td', 'th'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  thead: ['tr', 'td', 'th'],
  tbody: ['thead', 'tbody', 'tr', 'td', 'th'],
  tfoot: ['tbody', 'tr', 'td', 'th'],
  option: ['option'],
};
const BOUNDS = new Set(['ul', 'ol', 'dl', 'table', 'select', 'body']);
const ENDS_PARAGRAPH = new Set(
  'address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
);
/** Deeper elements are read as if they stood at this depth. */
const DEEPEST = 200;
const MOST_ELEMENTS = 300_000;

const TAG = /<(?:!--|[!?]|(\/?)([a-zA-Z][^\s/>]{0,40}))/g;

/** Throws `UnreadableError` on more elements than any page has. */
export function parseHtml(html: string): Element {
  const root: Element = { tag: 'body', attributes: new Map(), children: [] };
  const open: Element[] = [root];
  const top = (): Element => open.at(-1) ?? root;
  const text = (from: number, to: number): void => {
    if (to > from) top().children.push(decodeEntities(html.slice(from, to)));
  };
  let elements = 0;
  let at = 0;
  while (at < html.length) {
    TAG.lastIndex = at;
    const found = TAG.exec(html);
    if (found === null) {
      text(at, html.length);
      break;
    }
    text(at, found.index);
    const [mark, closing, name] = found;
    if (name === undefined) {
      const end = html.indexOf(mark === '<!--' ? '-->' : '>', found.index + 2);
      at = end === -1 ? html.length : end + (mark === '<!--' ? 3 : 1);
      continue;
    }
    const { attributes, end, selfClosed } = attributesFrom(html, TAG.lastIndex);
    at = end;
    const tag = name.toLowerCase();
    if (closing === '/') close(open, tag);
    else {
      imply(open, tag);
      const element: Element = { tag, attributes, children: [] };
      elements += 1;
      if (elements > MOST_ELEMENTS) throw new UnreadableError('too_much');
      top().children.push(element);
      if (RAW.has(tag)) at = raw(html, at, element);
      else if (!VOID.has(tag) && !selfClosed && open.length < DEEPEST) open.push(element);
    }
  }
  return root;
}

function close(open: Element[], tag: string): void {
  const at = open.findLastIndex((element) => element.tag === tag);
  if (at > 0) open.length = at;
}

/** Ends what the new tag cannot stand in. */
function imply(open: Element[], tag: string): void {
  const ends = Object.hasOwn(ENDS, tag) ? ENDS[tag] : undefined;
  if (ENDS_PARAGRAPH.has(tag) && open.at(-1)?.tag === 'p') open.pop();
  if (ends === undefined) return;
  for (let at = open.length - 1; at > 0; at -= 1) {
    const { tag: name } = open[at] ?? { tag: '' };
    if (BOUNDS.has(name)) return;
    if (ends.includes(name)) open.length = at;
  }
}

function raw(html: string, from: number, element: Element): number {
  const end = new RegExp(`</${element.tag}[\\s/>]`, 'gi');
  end.lastIndex = from;
  const found = end.exec(html);
  const to = found?.index ?? html.length;
  element.children.push(
    element.tag === 'title' ? decodeEntities(html.slice(from, to)) : html.slice(from, to),
  );
  const after = found === null ? -1 : html.indexOf('>', to);
  return after === -1 ? html.length : after + 1;
}

const ATTRIBUTE = /[\s/]*(?:([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?)?/y;

function attributesFrom(
  html: string,
  from: number,
): { attributes: Map<string, string>; end: number; selfClosed: boolean } {
  const attributes = new Map<string, string>();
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(html);
    const name = found?.[1]?.toLowerCase();
    if (name !== undefined && !attributes.has(name))
      attributes.set(name, found?.[2] ?? found?.[3] ?? found?.[4] ?? '');
    const next = Math.max(at, ATTRIBUTE.lastIndex);
    if (html[next] === '>' || next >= html.length)
      return { attributes, end: next + 1, selfClosed: html[next - 1] === '/' };
    at = next === at ? at + 1 : next;
  }
}

/** U+00A0 to U+00FF, in order (HTML 4, 24.2). */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  );
const ENTITIES = new Map<string, string>([
  ...LATIN.map((name, at): [string, string] => [name, String.fromCharCode(0xa0 + at)]),
  ...Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", OElig: 'Œ', oelig: 'œ', Yuml: 'Ÿ', euro: '€' },
    ...{ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„' },
    ...{ hellip: '…', bull: '•', permil: '‰', lsaquo: '‹', rsaquo: '›', trade: '™', minus: '−', le: '≤' },
    ...{ ge: '≥', ne: '≠', rarr: '→', larr: '←', ensp: ' ', emsp: ' ', thinsp: ' ', zwnj: '', zwj: '' },
  }),
]);

export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));?/gi, (all, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES.get(name) ?? all;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
