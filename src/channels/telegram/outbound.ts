import type { Address } from '../../message/event.ts';
import type { PlatformCall, Reply } from '../../message/outbound.ts';
import { split } from '../../message/split.ts';
import { flatten, type Span, type SpanType, type Styled, tidySpans } from '../../message/styled.ts';
import type { RenderContext } from '../channel.ts';
import { lines, rewrite, showLinks, stack } from '../styled.ts';
import { documentCall } from './documents.ts';
import { isWebAddress, keyboardOf, type Params } from './keyboards.ts';
import { LIMITS } from './limits.ts';

/**
 * A reply as Bot API calls, in order. Texts go with `entities` and never with a parse mode, so nothing in them can be
 * markup. The keyboard hangs on the last part; what it cannot hold is written above it. Every call that has entities
 * falls back to the same text without them; an edit in place falls back to a new message. A blank body with nothing to choose
 * makes no call: Telegram has no message without text. There is no window, so a template is its `body`.
 *
 * Throws `RangeError` on a choice that Telegram would refuse: a desk's mistake, better seen by its tests than by citizens.
 */
export function render(reply: Reply, context: RenderContext): PlatformCall[] {
  const chat = chatId(context.address);
  if (reply.acknowledges) return acknowledged(reply, context);
  const { markup, ...keyboard } = keyboardOf(reply, context.address.kind === 'private');
  const said = rewrite(showLinks(flatten(reply.body), isContact), UNKEPT, keptAs);
  const beside = said.text === '' ? keyboard.all : keyboard.lines;
  const parts = split(stack(said, '\n\n', lines(beside)), {
    limit: LIMITS.text,
    measure: (text) => text.length,
    mark: (i, n) => strong(context.part(i, n)),
  });
  const file = reply.document ? [documentCall(chat, reply.document)] : [];
  const words = parts.map((part, index) => {
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
  return [...words, ...file];
}

/** The choices under the tapped message change, its words stay; a tap that can edit nothing is answered in words. */
function acknowledged({ acknowledges: _, choices, ...words }: Reply, context: RenderContext): PlatformCall[] {
  const target = editTarget({ ...words, inPlace: true }, context);
  if (target === undefined) return words.body.length === 0 ? [] : render(words, context);
  const { markup } = keyboardOf({ body: [], ...(choices ? { choices } : {}) }, false);
  const params = { chat_id: chatId(context.address), message_id: target };
  return [
    { method: 'editMessageReplyMarkup', params: { ...params, ...(markup ? { reply_markup: markup } : {}) } },
  ];
}

/** Telegram drops separators of lines and marks of direction without a word, and makes a space of a tab. */
const UNKEPT = /[\t\u2028-\u202e]/g;
const keptAs = (character: string): string =>
  character === '\t' ? ' ' : /[\u2028\u2029]/.test(character) ? '\n' : '';

/** Telegram makes no link of these from a label: written out, it finds them by itself. */
const isContact = (url: string): boolean => /^(?:mailto|tel):/i.test(url);

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
    spans.length <= LIMITS.entities
      ? spans
      : spans
          .toSorted((a, b) => IMPORTANCE.indexOf(a.type) - IMPORTANCE.indexOf(b.type))
          .slice(0, LIMITS.entities)
          .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return kept.map(({ type, offset, length, url }) => ({
    type: ENTITY_TYPES[type],
    offset,
    length,
    ...(url === undefined ? {} : { url }),
  }));
}

/** Other links keep their label. */
function sendable(span: Span): boolean {
  return span.type !== 'link' || isWebAddress(span.url ?? '');
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
