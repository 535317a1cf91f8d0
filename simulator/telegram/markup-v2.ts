import { checkedLink, linkedUser } from './links.ts';
import { byteOffset, checkDateFormat, MarkupError, readFence, sortEntities } from './markup-parsed.ts';
import type { Kind, Parsed, ParsedEntity } from './markup-parsed.ts';

interface Open {
  kind: Kind;
  /** In the text so far, and in the source. */
  offset: number;
  at: number;
  language: string;
}

const CLOSING_WIDTH: Partial<Record<Kind, number>> = { Underline: 2, Spoiler: 2, Pre: 3, PreCode: 3 };
const RESERVED = '_*[]()~`>#+-=|{}.!';

/** MarkdownV2 → text and entities. Throws MarkupError with Telegram's reason. */
export function parseMarkdownV2(source: string): Parsed {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  readonly #open: Open[] = [];
  readonly #entities: ParsedEntity[] = [];
  #text = '';
  #at = 0;
  /** Nothing visible yet on this line, so `>` starts a quotation. */
  #lineStart = true;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Parsed {
    while (this.#at < this.#source.length) this.#step();
    if (this.#top()?.kind === 'BlockQuote') this.#closeQuote('BlockQuote');
    const left = this.#top();
    if (left) throw this.#unclosed(left);
    return { text: this.#text, entities: sortEntities(this.#entities) };
  }

  #step(): void {
    const c = this.#peek();
    const next = this.#peek(1);
    if (c === '\\' && next !== '' && next.charCodeAt(0) <= 126) {
      this.#text += next;
      this.#at += 2;
      this.#lineStart = false;
      return;
    }
    const top = this.#top();
    const inCode = top !== undefined && ['Code', 'Pre', 'PreCode'].includes(top.kind);
    if (c === '\n' && !inCode) return this.#newline();
    if (!(inCode ? '`' : RESERVED).includes(c)) {
      this.#text += c;
      this.#at++;
      if (c !== '\r') this.#lineStart = c === '\n';
      return;
    }
    if (top?.kind === 'BlockQuote' && c === '|' && next === '|' && this.#endsQuote(this.#at + 2)) {
      this.#at += 2;
      return this.#closeQuote('ExpandableBlockQuote');
    }
    if (top && this.#closes(top, c)) this.#close(top);
    else this.#begin(c);
  }

  #newline(): void {
    const quoted = this.#open.some((open) => open.kind === 'BlockQuote');
    this.#text += '\n';
    this.#at++;
    if (!quoted) {
      this.#lineStart = true;
    } else if (this.#peek() === '>') {
      this.#at++;
      this.#lineStart = false;
    } else {
      const top = this.#top();
      if (top && top.kind !== 'BlockQuote') throw this.#unclosed(top);
      this.#closeQuote('BlockQuote');
      this.#lineStart = true;
    }
  }

  /** True when the line that ends at `at` is the last of its quotation. */
  #endsQuote(at: number): boolean {
    if (at >= this.#source.length) return true;
    const end = this.#source.startsWith('\r\n', at) ? at + 1 : at;
    return this.#source[end] === '\n' && this.#source[end + 1] !== '>';
  }

  #closeQuote(kind: 'BlockQuote' | 'ExpandableBlockQuote'): void {
    const open = this.#open.pop();
    if (!open) return;
    if (kind === 'ExpandableBlockQuote') {
      const end = /^\r?\n/.exec(this.#source.slice(this.#at, this.#at + 2))?.[0] ?? '';
      this.#text += end;
      this.#at += end.length;
      this.#lineStart = true;
    }
    this.#push(kind, open.offset);
  }

  #closes(open: Open, c: string): boolean {
    const next = this.#peek(1);
    switch (open.kind) {
      case 'Bold':
        return c === '*';
      case 'Italic':
        return c === '_' && next !== '_';
      case 'Underline':
        return c === '_' && next === '_';
      case 'Strikethrough':
        return c === '~';
      case 'Spoiler':
        return c === '|' && next === '|';
      case 'Code':
        return c === '`';
      case 'Pre':
      case 'PreCode':
        return this.#source.startsWith('```', this.#at);
      case 'TextUrl':
      case 'CustomEmoji':
        return c === ']';
      default:
        return false;
    }
  }

  #begin(c: string): void {
    const at = this.#at;
    const next = this.#peek(1);
    const start = (kind: Kind, width: number, language = ''): void => {
      this.#open.push({ kind, offset: this.#text.length, at, language });
      this.#at = at + width;
    };
    if (c === '_') return next === '_' ? start('Underline', 2) : start('Italic', 1);
    if (c === '*') return start('Bold', 1);
    if (c === '~') return start('Strikethrough', 1);
    if (c === '|' && next === '|') return start('Spoiler', 2);
    if (c === '[') return start('TextUrl', 1);
    if (c === '!' && next === '[') return start('CustomEmoji', 2);
    if (c === '>' && this.#lineStart) {
      this.#lineStart = false;
      return start('BlockQuote', 1);
    }
    if (c === '`') {
      if (!this.#source.startsWith('```', at)) return start('Code', 1);
      const fence = readFence(this.#source, at + 3);
      return start(fence.language === '' ? 'Pre' : 'PreCode', fence.next - at, fence.language);
    }
    throw new MarkupError(`Character '${c}' is reserved and must be escaped with the preceding '\\'`);
  }

  #close(open: Open): void {
    this.#open.pop();
    this.#at += CLOSING_WIDTH[open.kind] ?? 1;
    if (open.kind === 'TextUrl') return this.#closeLink(open);
    if (open.kind === 'CustomEmoji') return this.#closeSpecial(open);
    this.#push(open.kind, open.offset, open.language === '' ? {} : { argument: open.language });
  }

  #closeLink(open: Open): void {
    const url = this.#peek() === '(' ? this.#readUrl() : this.#text.slice(open.offset);
    const user = linkedUser(url);
    if (user !== undefined) return this.#push('MentionName', open.offset, { argument: String(user) });
    const link = checkedLink(url);
    if (link !== undefined) this.#push('TextUrl', open.offset, { argument: link });
  }

  #closeSpecial(open: Open): void {
    if (this.#peek() !== '(') throw new MarkupError('The entity must contain a tg://emoji or tg://time URL');
    const url = this.#readUrl();
    const parts = /^tg:(?:\/\/)?(emoji|time)\/?\?([^#]*)/i.exec(url);
    const query = new URLSearchParams(parts?.[2] ?? '');
    const emoji = query.get('id') ?? '';
    const time = query.get('unix') ?? '';
    const kind = parts?.[1]?.toLowerCase();
    if (kind === 'emoji' && /^[1-9]\d*$/.test(emoji)) {
      return this.#push('CustomEmoji', open.offset, { argument: emoji });
    }
    if (kind === 'time' && /^[1-9]\d*$/.test(time)) {
      const format = query.get('format') ?? '';
      checkDateFormat(format);
      return this.#push('FormattedDate', open.offset, { argument: time, format });
    }
    throw new MarkupError('Invalid tg://emoji or tg://time URL specified');
  }

  #readUrl(): string {
    const start = ++this.#at;
    let url = '';
    while (this.#at < this.#source.length && this.#peek() !== ')') {
      const next = this.#peek(1);
      const escaped = this.#peek() === '\\' && next !== '' && next.charCodeAt(0) <= 126;
      url += escaped ? next : this.#peek();
      this.#at += escaped ? 2 : 1;
    }
    if (this.#at >= this.#source.length) {
      throw new MarkupError(`Can't find end of a URL at byte offset ${byteOffset(this.#source, start)}`);
    }
    this.#at++;
    return url;
  }

  #push(kind: Kind, offset: number, more: Pick<ParsedEntity, 'argument' | 'format'> = {}): void {
    const length = this.#text.length - offset;
    if (length > 0) this.#entities.push({ kind, offset, length, ...more });
  }

  #peek(ahead = 0): string {
    return this.#source.charAt(this.#at + ahead);
  }

  #top(): Open | undefined {
    return this.#open.at(-1);
  }

  #unclosed(open: Open): MarkupError {
    return new MarkupError(
      `Can't find end of ${open.kind} entity at byte offset ${byteOffset(this.#source, open.at)}`,
    );
  }
}
