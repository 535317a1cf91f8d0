import { shifted, withNotesApart } from './note-mark.ts';

/** Words as a page places them: `x` and `y` of their left foot, lengths in points. */
export interface Item {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  endsLine: boolean;
}

/** A line of a page and the height of its letters, in points; an empty one leaves room. */
export interface Line {
  text: string;
  size: number;
  /** What stands on it apart from each other, when there is more than one. */
  cells?: readonly Cell[];
}

export interface Cell {
  text: string;
  from: number;
  to: number;
}

/** Wider than this many heights, what lies between two words is no space. */
const APART = 1.5;
/** Smaller than this part of the height of its line and raised by so much of it, a number is a note. */
const SMALLER = 0.8;
const RAISED = 0.15;

/** Lines as they stand; an empty line where the page leaves more than a line's height. */
export function linesOf(items: Iterable<Item>): Line[] {
  const lines: Line[] = [];
  let open: Item[] = [];
  const close = (): void => {
    lines.push(lineOf(open));
    open = [];
  };
  let above: Item | undefined;
  for (const item of items) {
    if (isWord(item)) {
      const begun = open.some(isWord);
      const height = begun ? Math.max(item.height, above?.height ?? 0) : item.height;
      const far = above === undefined ? 0 : Math.abs(above.y - item.y);
      // Two columns of one line, or a line that the file does not end.
      if (far > (begun ? 0.7 : 1.8) * height) close();
      above = item;
    }
    open.push(item);
    if (item.endsLine) close();
  }
  close();
  return lines;
}

const isWord = ({ text }: Item): boolean => text.trim() !== '';

function lineOf(items: readonly Item[]): Line {
  const words = items.filter(isWord);
  const size = words.reduce((most, { height }) => Math.max(most, height), 0);
  const foot = words.find(({ height }) => height === size)?.y ?? 0;
  const shown = (item: Item): string =>
    item.height < SMALLER * size && item.y - foot > RAISED * size ? shifted(item.text, 'raised') : item.text;
  const text = withNotesApart(items.map((item) => (isWord(item) ? shown(item) : item.text)).join(''));
  const cells: Cell[] = [];
  for (const item of words) {
    const last = cells.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : item.x - last.to;
    if (last === undefined || gap > APART * size || item.x < last.from)
      cells.push({ text: shown(item), from: item.x, to: item.x + item.width });
    else {
      last.text += (gap > 0.15 * size ? ' ' : '') + shown(item);
      last.to = item.x + item.width;
    }
  }
  if (cells.length < 2) return { text, size };
  return { text, size, cells: cells.map((cell) => ({ ...cell, text: withNotesApart(cell.text) })) };
}
