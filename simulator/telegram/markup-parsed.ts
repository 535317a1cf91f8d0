/** TDLib's names: the ones its own tests (our vectors) and its error texts use. */
export type Kind =
  | 'Bold'
  | 'Italic'
  | 'Underline'
  | 'Strikethrough'
  | 'Spoiler'
  | 'Code'
  | 'Pre'
  | 'PreCode'
  | 'TextUrl'
  | 'MentionName'
  | 'CustomEmoji'
  | 'FormattedDate'
  | 'BlockQuote'
  | 'ExpandableBlockQuote';

export interface ParsedEntity {
  kind: Kind;
  /** UTF-16 units. */
  offset: number;
  length: number;
  /** Language of PreCode, link of TextUrl, id of MentionName and CustomEmoji, time of FormattedDate. */
  argument?: string;
  format?: string;
}

export interface Parsed {
  text: string;
  entities: ParsedEntity[];
}

/** The reason after "Can't parse entities: ". */
export class MarkupError extends Error {}

/** Offsets in Telegram's messages are UTF-8 bytes. */
export const byteOffset = (source: string, index: number): number =>
  Buffer.byteLength(source.slice(0, index), 'utf8');

const ORDER: Record<Kind, number> = {
  BlockQuote: 0,
  ExpandableBlockQuote: 0,
  PreCode: 10,
  Pre: 11,
  Code: 20,
  FormattedDate: 48,
  TextUrl: 49,
  MentionName: 49,
  Bold: 90,
  Italic: 91,
  Underline: 92,
  Strikethrough: 93,
  Spoiler: 94,
  CustomEmoji: 99,
};

/** Outer first, then by kind: the order in which Telegram returns them. */
export function sortEntities(entities: ParsedEntity[]): ParsedEntity[] {
  return entities.sort((a, b) => a.offset - b.offset || b.length - a.length || ORDER[a.kind] - ORDER[b.kind]);
}

/** `r` alone, or any of t T d D w W; absent is fine. */
export function checkDateFormat(format: string): void {
  if (!/^(?:[rR]|[tTdDwW]*)$/.test(format)) throw new MarkupError('Invalid date format used');
}

/** The end of the fence line: language and the one line break that is not part of the text. */
export function readFence(source: string, start: number): { language: string; next: number } {
  let end = start;
  while (end < source.length && source[end] !== '`' && !/\s/.test(source.charAt(end))) end++;
  let next = start;
  let language = '';
  if (end !== start && end < source.length && source[end] !== '`') {
    language = source.slice(start, end);
    next = end;
  }
  const first = source[next];
  if (first === '\n' || first === '\r') {
    const second = source[next + 1];
    next += (second === '\n' || second === '\r') && second !== first ? 2 : 1;
  }
  return { language, next };
}
