import { checkedLink, linkedUser } from './links.ts';
import { byteOffset, checkDateFormat, MarkupError, sortEntities } from './markup-parsed.ts';
import type { Kind, Parsed, ParsedEntity } from './markup-parsed.ts';

const PLAIN: Record<string, Kind> = {
  b: 'Bold',
  strong: 'Bold',
  i: 'Italic',
  em: 'Italic',
  u: 'Underline',
  ins: 'Underline',
  s: 'Strikethrough',
  strike: 'Strikethrough',
  del: 'Strikethrough',
  'tg-spoiler': 'Spoiler',
  span: 'Spoiler',
};
const TAGS = new Set([...Object.keys(PLAIN), 'a', 'code', 'pre', 'blockquote', 'tg-emoji', 'tg-time']);
const REFERENCES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface Tag {
  name: string;
  attributes: Map<string, string>;
  offset: number;
  /** Index of its `<` in the source. */
  at: number;
}

/** HTML → text and entities. Throws MarkupError with Telegram's reason. */
export function parseHtml(source: string): Parsed {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  readonly #open: Tag[] = [];
  readonly #entities: ParsedEntity[] = [];
  #text = '';
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Parsed {
    while (this.#at < this.#source.length) {
      const c = this.#peek();
      if (c === '&') this.#text += this.#reference();
      else if (c !== '<') {
        this.#text += c;
        this.#at++;
      } else if (this.#source[this.#at + 1] === '/') this.#endTag();
      else this.#startTag();
    }
    const left = this.#open.at(-1);
    if (left) throw new MarkupError(`Can't find end tag corresponding to start tag "${left.name}"`);
    if (!this.#text.isWellFormed()) {
      throw new MarkupError(
        'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
      );
    }
    return { text: this.#text, entities: sortEntities(this.#entities) };
  }

  /** Decodes `&lt;` and numeric references; anything else stays as it is written. */
  #reference(): string {
    const rest = this.#source.slice(this.#at, this.#at + 12);
    const numeric = /^&#(?:x([0-9a-f]+)|([0-9]+))/i.exec(rest);
    const named = /^&([a-z]+)/i.exec(rest);
    let decoded: string | undefined;
    let width = 1;
    if (numeric) {
      const code = numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16);
      // Ten characters at most, as TDLib has it.
      if (code > 0 && code < 0x10ffff && numeric[0].length < 10) decoded = String.fromCodePoint(code);
      width = numeric[0].length;
    } else if (named) {
      decoded = REFERENCES[named[1] ?? ''];
      width = named[0].length;
    }
    if (decoded === undefined) {
      this.#at++;
      return '&';
    }
    this.#at += width + (rest[width] === ';' ? 1 : 0);
    return decoded;
  }

  #startTag(): void {
    const at = this.#at++;
    const where = `at byte offset ${byteOffset(this.#source, at)}`;
    const name = this.#readUntil((c) => c === '>' || isSpace(c)).toLowerCase();
    if (this.#ended()) throw new MarkupError(`Unclosed start tag ${where}`);
    if (!TAGS.has(name)) throw new MarkupError(`Unsupported start tag "${name}" ${where}`);
    const attributes = new Map<string, string>();
    for (;;) {
      this.#skipSpaces();
      if (this.#peek() === '>') break;
      if (this.#ended()) throw new MarkupError(`Unclosed start tag "${name}" ${where}`);
      this.#attribute(name, attributes, where);
    }
    this.#at++;
    if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
      throw new MarkupError(`Tag "span" must have class "tg-spoiler" ${where}`);
    }
    this.#open.push({ name, attributes, offset: this.#text.length, at });
  }

  #attribute(tag: string, attributes: Map<string, string>, where: string): void {
    const name = this.#readUntil((c) => isSpace(c) || `=>/"'`.includes(c)).toLowerCase();
    if (name === '') throw new MarkupError(`Empty attribute name in the tag "${tag}" ${where}`);
    this.#skipSpaces();
    if (this.#ended()) throw new MarkupError(`Unclosed start tag "${tag}" ${where}`);
    if (this.#peek() !== '=') {
      attributes.set(name, '');
      return;
    }
    this.#at++;
    this.#skipSpaces();
    if (this.#ended()) throw new MarkupError(`Unclosed start tag "${tag}" ${where}`);
    attributes.set(name, this.#attributeValue());
    if (this.#ended()) throw new MarkupError(`Unclosed start tag ${where}`);
  }

  #attributeValue(): string {
    const quote = this.#peek();
    if (quote !== '"' && quote !== "'") {
      const start = this.#at;
      const token = this.#readUntil((c) => !/[a-z0-9.-]/i.test(c));
      if (!this.#ended() && (isSpace(this.#peek()) || this.#peek() === '>')) return token.toLowerCase();
      throw new MarkupError(`Unexpected end of name token at byte offset ${byteOffset(this.#source, start)}`);
    }
    this.#at++;
    let value = '';
    while (!this.#ended() && this.#peek() !== quote) {
      if (this.#peek() === '&') value += this.#reference();
      else value += this.#source[this.#at++] ?? '';
    }
    if (!this.#ended()) this.#at++;
    return value;
  }

  #endTag(): void {
    const where = `at byte offset ${byteOffset(this.#source, this.#at)}`;
    const open = this.#open.at(-1);
    if (!open) throw new MarkupError(`Unexpected end tag ${where}`);
    this.#at += 2;
    const name = this.#readUntil((c) => c === '>' || isSpace(c)).toLowerCase();
    this.#skipSpaces();
    if (this.#peek() !== '>') throw new MarkupError(`Unclosed end tag ${where}`);
    if (name !== '' && name !== open.name) {
      throw new MarkupError(`Unmatched end tag ${where}, expected "</${open.name}>", found "</${name}>"`);
    }
    this.#at++;
    this.#open.pop();
    if (this.#text.length > open.offset) this.#close(open);
  }

  #close(tag: Tag): void {
    const range = { offset: tag.offset, length: this.#text.length - tag.offset };
    const plain = PLAIN[tag.name];
    if (plain) this.#entities.push({ kind: plain, ...range });
    else if (tag.name === 'a') this.#closeLink(tag, range);
    else if (tag.name === 'pre' || tag.name === 'code') this.#closeCode(tag, range);
    else if (tag.name === 'blockquote') {
      this.#entities.push({
        kind: tag.attributes.has('expandable') ? 'ExpandableBlockQuote' : 'BlockQuote',
        ...range,
      });
    } else if (tag.name === 'tg-emoji') {
      const id = tag.attributes.get('emoji-id') ?? '';
      if (!/^\d+$/.test(id)) throw new MarkupError('Invalid custom emoji identifier specified');
      this.#entities.push({ kind: 'CustomEmoji', ...range, argument: id });
    } else {
      const unix = tag.attributes.get('unix') ?? '';
      const format = tag.attributes.get('format') ?? '';
      if (!/^\d+$/.test(unix)) throw new MarkupError('Invalid Unix time specified');
      checkDateFormat(format);
      this.#entities.push({ kind: 'FormattedDate', ...range, argument: unix, format });
    }
  }

  #closeLink(tag: Tag, range: { offset: number; length: number }): void {
    const href = tag.attributes.get('href') ?? '';
    const url = href === '' ? this.#text.slice(tag.offset) : href;
    const user = linkedUser(url);
    if (user !== undefined) this.#entities.push({ kind: 'MentionName', ...range, argument: String(user) });
    const link = user === undefined ? checkedLink(url) : undefined;
    if (link !== undefined) this.#entities.push({ kind: 'TextUrl', ...range, argument: link });
  }

  /** `<pre><code class="language-x">` (either way round, same range) is one block of code in language x. */
  #closeCode(tag: Tag, range: { offset: number; length: number }): void {
    const language = /^language-(.+)$/.exec(tag.attributes.get('class') ?? '')?.[1];
    const last = this.#entities.at(-1);
    const twin = last?.offset === range.offset && last.length === range.length ? last : undefined;
    if (tag.name === 'pre' && twin?.kind === 'Code' && twin.argument !== undefined) {
      twin.kind = 'PreCode';
    } else if (tag.name === 'code' && twin?.kind === 'Pre' && language !== undefined) {
      twin.kind = 'PreCode';
      twin.argument = language;
    } else if (tag.name === 'pre') {
      this.#entities.push({ kind: 'Pre', ...range });
    } else {
      this.#entities.push({
        kind: 'Code',
        ...range,
        ...(language === undefined ? {} : { argument: language }),
      });
    }
  }

  #readUntil(stop: (c: string) => boolean): string {
    const start = this.#at;
    while (!this.#ended() && !stop(this.#peek())) this.#at++;
    return this.#source.slice(start, this.#at);
  }

  #skipSpaces(): void {
    while (!this.#ended() && isSpace(this.#peek())) this.#at++;
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #ended(): boolean {
    return this.#at >= this.#source.length;
  }
}

const isSpace = (c: string): boolean => /[ \t\r\n\0\v]/.test(c);
