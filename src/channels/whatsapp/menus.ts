import { labelOf, shorten } from '../labels.ts';
import { LIMITS } from './limits.ts';

export interface Option {
  id: string;
  label: string;
}

type Params = Record<string, unknown>;

/** Shown on the button that opens a list when the conversation gave no word for it. */
const OPEN = '☰';

/**
 * The native menu that shows these options whole: up to 3 short ones as buttons, up to 10 as a list, where a label longer
 * than a title is written out under it. Undefined when neither can: then they are numbered text.
 */
export function menuOf(options: readonly Option[], open = OPEN): Params | undefined {
  const ids = new Set(options.map((option) => option.id));
  if (options.length === 0 || ids.size < options.length) return undefined;
  return buttons(options) ?? list(options, open);
}

function buttons(options: readonly Option[]): Params | undefined {
  const fit = options.every(
    ({ id, label }) => label.length <= LIMITS.buttonTitle && id.length <= LIMITS.buttonId,
  );
  if (!fit || options.length > LIMITS.buttons || !areDistinct(options.map(({ label }) => label)))
    return undefined;
  return {
    type: 'button',
    action: {
      buttons: options.map(({ id, label }) => ({ type: 'reply', reply: { id, title: label } })),
    },
  };
}

function list(options: readonly Option[], open: string): Params | undefined {
  const fit = options.every(
    ({ id, label }) => label.length <= LIMITS.rowDescription && id.length <= LIMITS.rowId,
  );
  if (!fit || options.length > LIMITS.rows) return undefined;
  const titles = options.map(({ label }) => shorten(label, LIMITS.rowTitle));
  // Two labels that begin alike would look the same: then each carries its number.
  const shown = areDistinct(titles)
    ? titles
    : numbered(options).map((line) => shorten(line, LIMITS.rowTitle));
  const rows = options.map(({ id, label }, at) => {
    const title = shown[at] ?? label;
    return { id, title, ...(title.includes(label) ? {} : { description: label }) };
  });
  const button = shorten(labelOf(open), LIMITS.openButton);
  return { type: 'list', action: { button, sections: [{ rows }] } };
}

/** Options as lines that can be answered with their number. */
export function numbered(options: readonly Option[]): string[] {
  return options.map(({ label }, at) => `${String(at + 1)}. ${label}`);
}

function areDistinct(titles: readonly string[]): boolean {
  return new Set(titles.map((title) => title.toLowerCase())).size === titles.length;
}
