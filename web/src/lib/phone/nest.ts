import type { Entity } from './phone.ts';

/** A piece of a message: plain text, or an entity around smaller pieces. */
export type Piece = { text: string } | { entity: Entity; inside: Piece[] };

interface Span {
  entity: Entity;
  from: number;
  to: number;
}

/**
 * Flat entities → a tree that can be drawn with elements. Outer entities come first; one that crosses the border
 * of another is cut at that border, one that leaves the text is clipped. The pieces' text, joined, is the text.
 */
export function nest(text: string, entities: readonly Entity[]): Piece[] {
  const spans = entities
    .map((entity) => ({
      entity,
      from: Math.max(0, entity.offset),
      to: Math.min(text.length, entity.offset + entity.length),
    }))
    .filter((span) => span.from < span.to);
  return pieces(text, spans, 0, text.length);
}

function pieces(text: string, spans: readonly Span[], from: number, to: number): Piece[] {
  const out: Piece[] = [];
  let waiting = [...spans].sort(outerFirst);
  let at = from;
  for (let outer = waiting.shift(); outer; outer = waiting.shift()) {
    const { entity, from: start, to: end } = outer;
    if (start > at) out.push({ text: text.slice(at, start) });
    const inside: Span[] = [];
    const after: Span[] = [];
    for (const span of waiting) {
      if (span.from < end) inside.push({ ...span, to: Math.min(span.to, end) });
      if (span.to > end) after.push({ ...span, from: Math.max(span.from, end) });
    }
    out.push({ entity, inside: pieces(text, inside, start, end) });
    waiting = after.sort(outerFirst);
    at = end;
  }
  if (at < to) out.push({ text: text.slice(at, to) });
  return out;
}

const outerFirst = (a: Span, b: Span): number => a.from - b.from || b.to - a.to;

/** The addresses a message may open; anything else (`javascript:`, `data:`…) stays text. */
export function safeAddress(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  try {
    const url = new URL(withScheme);
    return ['http:', 'https:', 'mailto:', 'tel:', 'tg:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
