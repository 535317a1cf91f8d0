import { type Span, type Styled, tidySpans } from '../message/styled.ts';

/** Addresses written out after the labels of the links that `isHidden` names, which lose their link. */
export function showLinks(styled: Styled, isHidden: (url: string) => boolean = () => true): Styled {
  const isShown = (span: Span): boolean => span.type === 'link' && isHidden(span.url ?? '');
  const rest = styled.spans.filter((span) => !isShown(span));
  return styled.spans
    .filter(isShown)
    .toReversed()
    .reduce((shown, link) => insert(shown, link.offset + link.length, addressOf(styled.text, link)), {
      text: styled.text,
      spans: rest,
    });
}

function addressOf(text: string, link: Span): string {
  const label = text.slice(link.offset, link.offset + link.length);
  const url = (link.url ?? '').replace(/^(?:mailto|tel):/i, '');
  const bare = url.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  return ['', label].includes(url) || label === bare ? '' : ` (${url})`;
}

/** Text put in; a style that ends there does not reach over it. */
function insert({ text, spans }: Styled, at: number, added: string): Styled {
  return {
    text: text.slice(0, at) + added + text.slice(at),
    spans: spans.map((span) => {
      if (span.offset >= at) return { ...span, offset: span.offset + added.length };
      return span.offset + span.length > at ? { ...span, length: span.length + added.length } : span;
    }),
  };
}

/** One text under another, with its styles. */
export function stack(above: Styled, gap: string, below: Styled): Styled {
  if (above.text === '') return below;
  if (below.text === '') return above;
  const shift = above.text.length + gap.length;
  return {
    text: above.text + gap + below.text,
    spans: [...above.spans, ...below.spans.map((span) => ({ ...span, offset: span.offset + shift }))],
  };
}

export function cutOut({ text, spans }: Styled, start: number, end: number): Styled {
  const kept = text.slice(start, end);
  return {
    text: kept,
    spans: tidySpans(
      kept,
      spans.map((span) => ({ ...span, offset: span.offset - start })),
    ),
  };
}

/** The text with what matches `pattern` (global) replaced, and its styles where they were. */
export function rewrite(styled: Styled, pattern: RegExp, by: (match: string) => string): Styled {
  const shifts: { at: number; by: number }[] = [];
  const text = styled.text.replace(pattern, (match: string, ...rest: unknown[]) => {
    const replacement = by(match);
    const at = rest.find((each) => typeof each === 'number') ?? 0;
    if (replacement.length !== match.length)
      shifts.push({ at: at + match.length, by: replacement.length - match.length });
    return replacement;
  });
  const moved = (offset: number): number =>
    shifts.reduce((sum, shift) => (shift.at <= offset ? sum + shift.by : sum), offset);
  const spans = styled.spans.map((span) => {
    const offset = moved(span.offset);
    return { ...span, offset, length: moved(span.offset + span.length) - offset };
  });
  return { text, spans: tidySpans(text, spans) };
}

export function lines(each: readonly string[]): Styled {
  return { text: each.join('\n'), spans: [] };
}
