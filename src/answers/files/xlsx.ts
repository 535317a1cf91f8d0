import { scrub } from '../../lib/scrub.ts';
import { decodeEntities, parseHtml } from './html.ts';
import type { Element } from './html.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import { shifted, withNotesApart } from './note-mark.ts';
import { formatCode, shownNumber } from './number-format.ts';
import { UnreadableError } from './unreadable.ts';

/** A sheet as it is shown: without the lines and columns that are hidden. */
export interface Sheet {
  name: string;
  rows: string[][];
}

type Parts = ReadonlyMap<string, Buffer>;

interface Book {
  strings: readonly string[];
  /** By style: the format of its numbers, and whether its text is struck out. */
  styles: readonly { code: string | undefined; struck: boolean }[];
  since1904: boolean;
}

const MOST_COLUMNS = 500;

/** The sheets of a workbook that are not hidden, in order. Throws `UnreadableError`. */
export function sheetsOf(parts: Parts): Sheet[] {
  const xml = (name: string): string => parts.get(name)?.toString() ?? '';
  const workbook = parseHtml(xml('xl/workbook.xml'));
  const targets = new Map(
    all(parseHtml(xml('xl/_rels/workbook.xml.rels')), 'relationship').map((one) => [
      attribute(one, 'id'),
      attribute(one, 'target'),
    ]),
  );
  const book: Book = {
    strings: [...elements(xml('xl/sharedStrings.xml'), 'si')].map(({ element }) => richText(element)),
    styles: stylesOf(parseHtml(xml('xl/styles.xml'))),
    since1904: all(workbook, 'workbookpr').some((one) => isOn(attribute(one, 'date1904'))),
  };
  const sheets = all(workbook, 'sheet');
  if (sheets.length === 0) throw new UnreadableError('broken');
  return sheets
    .filter((sheet) => !/hidden/i.test(attribute(sheet, 'state')))
    .flatMap((sheet) => {
      const target = targets.get(attribute(sheet, 'id')) ?? '';
      const part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
      // A sheet may be a chart.
      return parts.has(part) ? [{ name: attribute(sheet, 'name'), rows: rowsOf(xml(part), book) }] : [];
    });
}

const isOn = (value: string): boolean => value === '1' || value === 'true';
const nameOf = ({ tag }: Element): string => tag.slice(tag.indexOf(':') + 1);

/** With or without the prefix of its namespace. */
function attribute({ attributes }: Element, name: string): string {
  for (const [key, value] of attributes) if (key.endsWith(`:${name}`)) return decodeEntities(value);
  return decodeEntities(attributes.get(name) ?? '');
}

function all(element: Element, name: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : nameOf(child) === name ? [child] : all(child, name),
  );
}

/** Elements of this name one after the other, never the tree of a whole sheet. */
function* elements(xml: string, name: string): Generator<{ element: Element; end: number }> {
  const opening = new RegExp(`<((?:\\w{1,20}:)?)${name}(?=[\\s/>])`, 'g');
  for (let found = opening.exec(xml); found !== null; found = opening.exec(xml)) {
    const head = xml.indexOf('>', found.index);
    if (head === -1) return;
    const closing = `</${found[1] ?? ''}${name}>`;
    const close = xml[head - 1] === '/' ? head + 1 : xml.indexOf(closing, head);
    if (close === -1) return;
    const end = xml[head - 1] === '/' ? close : close + closing.length;
    const [element] = parseHtml(xml.slice(found.index, end)).children;
    if (element !== undefined && typeof element !== 'string') yield { element, end };
    opening.lastIndex = end;
  }
}

function stylesOf(styles: Element): Book['styles'] {
  const own = new Map(
    all(styles, 'numfmt').map((one) => [Number(attribute(one, 'numfmtid')), attribute(one, 'formatcode')]),
  );
  const struck = all(styles, 'fonts').flatMap((fonts) => all(fonts, 'font').map(isStruck));
  return all(styles, 'cellxfs').flatMap((formats) =>
    all(formats, 'xf').map((one) => ({
      code: formatCode(Number(attribute(one, 'numfmtid')), own),
      struck: struck[Number(attribute(one, 'fontid'))] ?? false,
    })),
  );
}

const isStruck = (font: Element): boolean =>
  all(font, 'strike').some((one) => !/^(?:0|false)$/.test(attribute(one, 'val')));

/** Words of a string, run by run; what tells how to pronounce them is left out. */
function richText(element: Element): string {
  const words = (one: Element): string =>
    one.children
      .map((child) => {
        if (typeof child === 'string') return nameOf(one) === 't' ? child : '';
        if (nameOf(child) === 'rph' || (nameOf(child) === 'r' && isStruck(child))) return '';
        const raised = all(child, 'vertalign').map((align) => attribute(align, 'val'))[0];
        if (nameOf(child) !== 'r' || raised === undefined) return words(child);
        return raised === 'superscript' ? shifted(words(child), 'raised') : words(child);
      })
      .join('');
  return scrub(withNotesApart(words(element)));
}

function rowsOf(xml: string, book: Book): string[][] {
  const hidden = hiddenColumns(xml);
  const merged = mergedCells(xml);
  const rows: string[][] = [];
  let number = 0;
  for (const { element: row } of elements(xml, 'row')) {
    number = Number(attribute(row, 'r')) || number + 1;
    const texts: string[] = [];
    let column = -1;
    for (const cell of all(row, 'c')) {
      column = columnOf(attribute(cell, 'r')) ?? column + 1;
      if (column >= MOST_COLUMNS) break;
      texts[column] = cellText(cell, book);
    }
    // What stands in several lines stands in each of them.
    for (const range of merged.starting.get(number) ?? []) range.text = texts[range.column] ?? '';
    for (const range of merged.going(number)) texts[range.column] = range.text;
    if (isOn(attribute(row, 'hidden')) || attribute(row, 'ht') === '0') continue;
    rows.push(Array.from(texts, (text) => text ?? '').filter((_, at) => !hidden.has(at)));
    if (rows.length > DOCUMENT_LIMITS.rows) throw new UnreadableError('too_much');
  }
  return rows;
}

/** "AB12" → 27. */
function columnOf(reference: string): number | undefined {
  const letters = /^\$?([A-Z]{1,3})\$?\d/i.exec(reference)?.[1]?.toUpperCase();
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function hiddenColumns(xml: string): Set<number> {
  const hidden = new Set<number>();
  for (const { element } of elements(xml, 'cols'))
    for (const column of all(element, 'col')) {
      if (!isOn(attribute(column, 'hidden')) && attribute(column, 'width') !== '0') continue;
      const last = Math.min(MOST_COLUMNS, Number(attribute(column, 'max')));
      for (let at = Number(attribute(column, 'min')); at <= last; at += 1) hidden.add(at - 1);
    }
  return hidden;
}

interface Range {
  column: number;
  last: number;
  text: string;
}

/** Cells over several lines. */
function mergedCells(xml: string) {
  const starting = new Map<number, Range[]>();
  for (const { element } of elements(xml, 'mergeCell')) {
    const [from = '', to = ''] = attribute(element, 'ref').split(':');
    const [first, last] = [from, to].map((one) => Number(/\d{1,7}$/.exec(one)?.[0] ?? 0));
    const column = columnOf(from);
    if (column === undefined || column >= MOST_COLUMNS || !first || !last || last <= first) continue;
    starting.set(first, [...(starting.get(first) ?? []), { column, last, text: '' }]);
  }
  let open: Range[] = [];
  return {
    starting,
    /** Those that go on in this line; lines come in order. */
    going(line: number): Range[] {
      open = [...open.filter(({ last }) => last >= line), ...(starting.get(line) ?? [])];
      return open;
    },
  };
}

function cellText(cell: Element, { strings, styles, since1904 }: Book): string {
  const style = styles[Number(attribute(cell, 's') || '0')];
  if (style?.struck === true) return '';
  const held = all(cell, 'v')[0]?.children[0];
  const value = typeof held === 'string' ? held : '';
  switch (attribute(cell, 't')) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'inlineStr':
      return all(cell, 'is').map(richText).join('');
    case 'str':
      return scrub(value);
    case 'b':
      return value === '1' ? 'oui' : 'non';
    case 'e':
      return '';
    case 'd':
      return value.slice(0, 10).split('-').reverse().join('/');
    default:
      return value.trim() === '' ? '' : shownNumber(Number(value), style?.code, since1904);
  }
}
