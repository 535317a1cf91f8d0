import { checkedLink, linkedUser } from './links.ts';
import { byteOffset, MarkupError, readFence, sortEntities } from './markup-parsed.ts';
import type { Parsed, ParsedEntity } from './markup-parsed.ts';

/** Legacy `Markdown`: `* _ [ \`` only, no nesting, escapes only outside entities. Throws MarkupError. */
export function parseMarkdown(source: string): Parsed {
  const entities: ParsedEntity[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const c = source.charAt(at);
    if (c === '\\' && '_*`['.includes(source.charAt(at + 1)) && at + 1 < source.length) {
      text += source.charAt(at + 1);
      at += 2;
      continue;
    }
    if (!'_*`['.includes(c)) {
      text += c;
      at++;
      continue;
    }
    const begin = at;
    const fenced = source.startsWith('```', at);
    const fence = fenced ? readFence(source, at + 3) : { language: '', next: at + 1 };
    const closing = fenced ? '```' : c === '[' ? ']' : c;
    const end = source.indexOf(closing, fence.next);
    if (end < 0) {
      throw new MarkupError(
        `Can't find end of the entity starting at byte offset ${byteOffset(source, begin)}`,
      );
    }
    const inner = source.slice(fence.next, end);
    const range = { offset: text.length, length: inner.length };
    text += inner;
    at = end + closing.length;
    if (c === '[') {
      let url = inner;
      if (source[at] === '(') {
        const close = source.indexOf(')', at);
        url = source.slice(at + 1, close < 0 ? source.length : close);
        at = close < 0 ? source.length : close + 1;
      }
      if (inner !== '') pushLink(entities, range, url);
    } else if (inner !== '') {
      const kind =
        c === '_' ? 'Italic' : c === '*' ? 'Bold' : !fenced ? 'Code' : fence.language ? 'PreCode' : 'Pre';
      entities.push({ kind, ...range, ...(fence.language === '' ? {} : { argument: fence.language }) });
    }
  }
  return { text, entities: sortEntities(entities) };
}

function pushLink(entities: ParsedEntity[], range: { offset: number; length: number }, url: string): void {
  const user = linkedUser(url);
  if (user !== undefined) {
    entities.push({ kind: 'MentionName', ...range, argument: String(user) });
    return;
  }
  const link = checkedLink(url);
  if (link !== undefined) entities.push({ kind: 'TextUrl', ...range, argument: link });
}
