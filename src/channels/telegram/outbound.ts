import type { Address } from '../../message/event.ts';
import type { InlineButton, PlatformCall, Reply, ReplyKeyboard } from '../../message/outbound.ts';
import { split } from '../../message/split.ts';
import { flatten, type Span, type SpanType, type Styled, tidySpans } from '../../message/styled.ts';
import type { RenderContext } from '../channel.ts';

/**
 * Longest text of a message, in UTF-16 units. Telegram counts code points, of which there are never more, so
 * this is always accepted; only a text full of emoji makes a part more than it must.
 */
const TEXT_LIMIT = 4096;
/** Telegram keeps 100 entities of a message and drops the others without a word. */
const ENTITY_LIMIT = 100;
export const LABEL_LIMIT = 64;
export const BUTTON_LIMIT = 100;
export const ROW_LIMIT = 8;
const CHOICE_ID_BYTES = 64;

type Params = Record<string, unknown>;

/**
 * A reply as Bot API calls, in order. Texts go with `entities` and never with a parse mode, so nothing in them can be
 * markup. The keyboard hangs on the last part. Every call that has entities falls back to the same text without them; an
 * edit in place falls back to a new message. A blank body makes no call: Telegram has no message without text.
 *
 * Throws `RangeError` on a choice that Telegram would refuse: a desk's mistake, better seen by its tests than by citizens.
 */
export function render(reply: Reply, context: RenderContext): PlatformCall[] {
  const chat = chatId(context.address);
  const parts = split(flatten(reply.body), {
    limit: TEXT_LIMIT,
    measure: (text) => text.length,
    mark: (i, n) => strong(context.part(i, n)),
  });
  const markup = markupOf(reply, context.address.kind === 'private');
  return parts.map((part, index) => {
    const last = index === parts.length - 1;
    const message: Params = {
      chat_id: chat,
      text: part.text,
      link_preview_options: { is_disabled: true },
      ...(last && markup ? { reply_markup: markup } : {}),
    };
    const entities = entitiesOf(part);
    const send = call('sendMessage', message, entities);
    const target = parts.length === 1 ? editTarget(reply, context) : undefined;
    if (target === undefined) return send;
    return { ...call('editMessageText', { ...message, message_id: target }, entities), fallback: send };
  });
}

/** `chat_id` goes as a number: Telegram reads a string as a public username in places. */
export function chatId(address: Address): number {
  const id = Number(address.chat);
  if (!/^-?\d+$/.test(address.chat) || !Number.isSafeInteger(id))
    throw new RangeError('The address has no Telegram chat id.');
  return id;
}

function call(method: string, message: Params, entities: Entity[]): PlatformCall {
  if (entities.length === 0) return { method, params: message };
  return {
    method,
    params: { ...message, entities },
    fallback: { method: 'sendMessage', params: withoutTarget(message) },
  };
}

function withoutTarget({ message_id: _, ...message }: Params): Params {
  return message;
}

/** The tapped message, when the reply replaces it. An edit takes inline choices only, so a keyboard means a new message. */
function editTarget(reply: Reply, { event }: RenderContext): number | undefined {
  if (!reply.inPlace || reply.keyboard || event?.kind !== 'tap' || !event.editable) return undefined;
  const id = Number(event.messageRef);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

function strong(text: string): Styled {
  return { text, spans: [{ type: 'strong', offset: 0, length: text.length }] };
}

interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
}

const ENTITY_TYPES: Record<SpanType, string> = {
  strong: 'bold',
  emphasis: 'italic',
  strike: 'strikethrough',
  code: 'code',
  preformatted: 'pre',
  link: 'text_link',
  quote: 'blockquote',
};
/** What goes first when a part has too many: slants and strikes before bold, and what carries meaning last. */
const IMPORTANCE: SpanType[] = ['link', 'preformatted', 'quote', 'code', 'strong', 'strike', 'emphasis'];

export function entitiesOf(styled: Styled): Entity[] {
  const spans = tidySpans(styled.text, apart(styled.spans.filter(sendable)));
  const kept =
    spans.length <= ENTITY_LIMIT
      ? spans
      : spans
          .toSorted((a, b) => IMPORTANCE.indexOf(a.type) - IMPORTANCE.indexOf(b.type))
          .slice(0, ENTITY_LIMIT)
          .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return kept.map(({ type, offset, length, url }) => ({
    type: ENTITY_TYPES[type],
    offset,
    length,
    ...(url === undefined ? {} : { url }),
  }));
}

/** Telegram links to web addresses only. Others keep their label. `tg://` would be a mention of a person. */
function sendable(span: Span): boolean {
  return span.type !== 'link' || isWebAddress(span.url ?? '');
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** Code may stand in no other style but a quote, so a style around code is cut in pieces; a link keeps its address and loses its code. */
function apart(spans: readonly Span[]): Span[] {
  const links = spans.filter((span) => span.type === 'link');
  const inLink = (span: Span): boolean => links.some((link) => covers(link, span));
  const isMono = (span: Span): boolean => span.type === 'code' || span.type === 'preformatted';
  const mono = spans.filter((span) => isMono(span) && !inLink(span));
  return spans.flatMap((span) => {
    if (isMono(span)) return inLink(span) ? [] : [span];
    if (span.type === 'link' || span.type === 'quote') return [span];
    return without(span, mono);
  });
}

function covers(outer: Span, inner: Span): boolean {
  return outer.offset <= inner.offset && inner.offset + inner.length <= outer.offset + outer.length;
}

/** Pieces of a span that are not in the holes (sorted, apart). */
function without(span: Span, holes: readonly Span[]): Span[] {
  const pieces: Span[] = [];
  const end = span.offset + span.length;
  let start = span.offset;
  for (const hole of holes) {
    const holeEnd = hole.offset + hole.length;
    if (holeEnd <= start || hole.offset >= end) continue;
    if (hole.offset > start) pieces.push({ ...span, offset: start, length: hole.offset - start });
    start = holeEnd;
  }
  if (start < end) pieces.push({ ...span, offset: start, length: end - start });
  return pieces;
}

function markupOf(reply: Reply, inPrivate: boolean): Params | undefined {
  if (reply.choices) {
    const rows = inlineRows(reply.choices);
    return rows.length > 0 ? { inline_keyboard: rows } : undefined;
  }
  if (reply.keyboard === 'remove') return { remove_keyboard: true };
  return reply.keyboard && replyKeyboard(reply.keyboard, inPrivate);
}

/** At most 8 buttons per row (longer rows are folded) and 100 in all (the rest is left out). */
function inlineRows(choices: InlineButton[][]): Params[][] {
  const rows: Params[][] = [];
  let left = BUTTON_LIMIT;
  for (const row of choices)
    for (let i = 0; i < row.length && left > 0; i += ROW_LIMIT) {
      const buttons = row.slice(i, Math.min(i + ROW_LIMIT, i + left)).map(inlineButton);
      left -= buttons.length;
      rows.push(buttons);
    }
  return rows;
}

function inlineButton(button: InlineButton): Params {
  const text = shorten(button.label);
  if ('url' in button) {
    if (!isWebAddress(button.url))
      throw new RangeError(
        `The button "${text}" opens "${button.url}": write an address that starts with https://.`,
      );
    return { text, url: button.url };
  }
  if (!/^[\x20-\x7e]+$/.test(button.id) || button.id.length > CHOICE_ID_BYTES)
    throw new RangeError(
      `The button "${text}" has the id "${button.id}": write 1 to ${String(CHOICE_ID_BYTES)} plain ASCII characters.`,
    );
  return { text, callback_data: button.id };
}

/** A phone can be asked in private only: elsewhere that button is left out, Telegram would refuse the whole message. */
function replyKeyboard(keyboard: ReplyKeyboard, inPrivate: boolean): Params | undefined {
  const rows = keyboard.rows
    .map((row) => row.filter((button) => inPrivate || !button.asksPhone))
    .filter((row) => row.length > 0)
    .map((row) =>
      row.map((button) => ({
        text: shorten(button.label),
        ...(button.asksPhone ? { request_contact: true } : {}),
      })),
    );
  if (rows.length === 0) return undefined;
  return { keyboard: rows, resize_keyboard: true, one_time_keyboard: keyboard.once ?? false };
}

const graphemes = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/** A label of at most 64 UTF-16 units, cut between clusters. */
function shorten(label: string): string {
  const text = label.trim();
  if (text === '') throw new RangeError('A button has no label: write what the person will read on it.');
  if (text.length <= LABEL_LIMIT) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > LABEL_LIMIT - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
