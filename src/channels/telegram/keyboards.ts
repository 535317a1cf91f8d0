import { countedChoices } from '../../message/choices.ts';
import type { InlineButton, Reply, ReplyKeyboard } from '../../message/outbound.ts';
import { labelOf, shorten } from '../labels.ts';
import { LIMITS } from './limits.ts';

export type Params = Record<string, unknown>;

export interface Keyboard {
  /** `reply_markup`; absent: no button is left to show. */
  markup?: Params;
  /** What the buttons do not show, or not whole: lines for the text. A number or a label that is typed chooses as well. */
  lines: string[];
  /** Every button as a line, for a message without words of its own. */
  all: string[];
}

const NONE: Keyboard = { lines: [], all: [] };
/** Beside its buttons, a keyboard's own keys; and what JSON puts around each button. */
const FRAME_BYTES = 128;
const BUTTON_BYTES = 8;

export function keyboardOf(reply: Reply, inPrivate: boolean): Keyboard {
  if (reply.choices) return inline(reply.choices);
  if (reply.keyboard === 'remove') return { ...NONE, markup: { remove_keyboard: true } };
  return reply.keyboard ? replyKeyboard(reply.keyboard, inPrivate) : NONE;
}

interface Shown {
  button: Params;
  line: string;
  /** Written in the text because the button shows it cut: beside buttons without numbers it has none. */
  whole?: string;
}

function inline(choices: InlineButton[][]): Keyboard {
  const counted = countedChoices(choices);
  const numberOf = (button: InlineButton): number =>
    counted.findIndex((each) => 'id' in button && each.id === button.id && each.label === button.label) + 1;
  const rows = choices.map((row) => row.map((button) => inlineButton(button, numberOf(button))));
  const { kept, lines, all } = fit(rows, { total: LIMITS.inlineButtons, perRow: LIMITS.inlinePerRow });
  return { lines, all, ...(kept.length === 0 ? {} : { markup: { inline_keyboard: kept } }) };
}

function inlineButton(button: InlineButton, number: number): Shown {
  const label = labelOf(button.label);
  const text = shorten(label, LIMITS.label);
  const isCut = text !== label;
  if ('url' in button) {
    if (!isWebAddress(button.url))
      throw new RangeError(
        `The button "${text}" opens "${button.url}": write an address that starts with https://.`,
      );
    const line = `${label} : ${button.url}`;
    return { button: { text, url: button.url }, line, ...(isCut && { whole: line }) };
  }
  if (!/^[\x20-\x7e]+$/.test(button.id) || button.id.length > LIMITS.callbackDataBytes)
    throw new RangeError(
      `The button "${text}" has the id "${button.id}": write 1 to ${String(LIMITS.callbackDataBytes)} plain ASCII characters.`,
    );
  return {
    button: { text, callback_data: button.id },
    line: `${String(number)}. ${label}`,
    ...(isCut && { whole: `• ${label}` }),
  };
}

/** A phone can be asked in private only: elsewhere that button is left out, Telegram would refuse the whole message. */
function replyKeyboard(keyboard: ReplyKeyboard, inPrivate: boolean): Keyboard {
  const rows = keyboard.rows.map((row) =>
    row.filter((button) => inPrivate || !button.asksPhone).map(replyButton),
  );
  const { kept, lines, all } = fit(rows, { total: LIMITS.keyboardButtons, perRow: LIMITS.keyboardPerRow });
  if (kept.length === 0) return { lines, all };
  return {
    lines,
    all,
    markup: { keyboard: kept, resize_keyboard: true, one_time_keyboard: keyboard.once ?? false },
  };
}

/** The whole label stays on the button, since a tap says it: a phone shows as much of it as it can. */
function replyButton({ label, asksPhone }: ReplyKeyboard['rows'][number][number]): Shown {
  const text = labelOf(label);
  const line = `• ${text}`;
  return {
    button: { text, ...(asksPhone ? { request_contact: true } : {}) },
    line,
    ...(text.length > LIMITS.label && { whole: line }),
  };
}

/** Long rows are folded; what is over the number or the size of a keyboard becomes lines. */
function fit(
  rows: Shown[][],
  most: { total: number; perRow: number },
): { kept: Params[][]; lines: string[]; all: string[] } {
  const kept: Params[][] = [];
  const lines: string[] = [];
  let room = most.total;
  let bytes = LIMITS.markupBytes - FRAME_BYTES;
  for (const row of rows) {
    let current: Params[] = [];
    for (const { button, line, whole } of row) {
      const size = Buffer.byteLength(JSON.stringify(button)) + BUTTON_BYTES;
      const fits = room > 0 && size <= bytes;
      if (!fits) {
        lines.push(line);
        continue;
      }
      if (whole !== undefined) lines.push(whole);
      room--;
      bytes -= size;
      if (current.length === 0 || current.length === most.perRow) kept.push((current = []));
      current.push(button);
    }
  }
  return { kept, lines, all: rows.flat().map(({ line }) => line) };
}

/** Telegram links to web addresses only. `tg://` would be a mention of a person. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
