import { badRequest } from './api-error.ts';
import type { Args } from './args.ts';
import { readEntities } from './entities.ts';
import { parserOf } from './markup.ts';
import { MarkupError } from './markup-parsed.ts';
import type { Kind, ParsedEntity } from './markup-parsed.ts';
import type { Entity } from './message.ts';
import type { Report } from './store.ts';
import { limits } from './tables.ts';

export interface Formatted {
  text: string;
  entities: Entity[];
}

/** The text (or caption) of a call, as it will be shown. Throws what Telegram answers when it cannot be. */
export function readFormatted(args: Args, field: 'text' | 'caption', report: Report): Formatted {
  const source = args.text(field);
  const mode = args.text('parse_mode');
  const entitiesField = field === 'text' ? 'entities' : 'caption_entities';
  if (field === 'text' && source === '') throw badRequest('message text is empty');
  if (Buffer.byteLength(source) > limits.rawBytes) throw badRequest('text is too long');
  if (!source.isWellFormed()) throw badRequest('strings must be encoded in UTF-8');
  let formatted: Formatted;
  if (source !== '' && mode !== '' && mode.toLowerCase() !== 'none') {
    if (args.has(entitiesField)) report('entities', `${entitiesField} are ignored beside parse_mode`);
    formatted = trim(parse(source, mode));
  } else {
    const entities = readEntities(args.values[entitiesField], source, report);
    const cleaned = clean({ text: source, entities });
    if (cleaned.text !== source) report('text', `${field} has control characters: replaced or removed`);
    formatted = trim(cleaned);
    if (formatted.text !== cleaned.text) report('text', `${field} begins or ends with white space: cut`);
  }
  if (field === 'text' && formatted.text.trim() === '') throw badRequest('text must be non-empty');
  const limit = field === 'text' ? limits.text : limits.caption;
  if ([...formatted.text].length > limit) {
    throw badRequest(field === 'text' ? 'message is too long' : 'message caption is too long');
  }
  return formatted;
}

function parse(source: string, mode: string): Formatted {
  const parser = parserOf(mode);
  if (!parser) throw badRequest('unsupported parse_mode');
  try {
    const { text, entities } = parser(source);
    return clean({ text, entities: entities.map(apiEntity) });
  } catch (error) {
    if (error instanceof MarkupError) throw badRequest(`can't parse entities: ${error.message}`);
    throw error;
  }
}

const API_TYPE: Record<Kind, string> = {
  Bold: 'bold',
  Italic: 'italic',
  Underline: 'underline',
  Strikethrough: 'strikethrough',
  Spoiler: 'spoiler',
  Code: 'code',
  Pre: 'pre',
  PreCode: 'pre',
  TextUrl: 'text_link',
  MentionName: 'text_mention',
  CustomEmoji: 'custom_emoji',
  FormattedDate: 'date_time',
  BlockQuote: 'blockquote',
  ExpandableBlockQuote: 'expandable_blockquote',
};

function apiEntity(parsed: ParsedEntity): Entity {
  const entity: Entity = { type: API_TYPE[parsed.kind], offset: parsed.offset, length: parsed.length };
  const { argument } = parsed;
  if (argument === undefined) return entity;
  switch (parsed.kind) {
    case 'PreCode':
      return { ...entity, language: argument };
    case 'TextUrl':
      return { ...entity, url: argument };
    case 'MentionName':
      return { ...entity, user: { id: Number(argument) } };
    case 'CustomEmoji':
      return { ...entity, custom_emoji_id: argument };
    case 'FormattedDate':
      return { ...entity, unix_time: Number(argument), date_time_format: parsed.format ?? '' };
    default:
      return entity;
  }
}

/** Control characters become spaces, \r and the line and direction separators go: TDLib's cleaning. */
function clean({ text, entities }: Formatted): Formatted {
  // eslint-disable-next-line no-control-regex -- control characters are the subject
  if (!/[\u0000-\u0009\u000b-\u001f\u2028-\u202e]/.test(text)) return { text, entities };
  let out = '';
  /** Where each unit of the source begins in the result. */
  const moved: number[] = [];
  for (const unit of text.split('')) {
    moved.push(out.length);
    const code = unit.charCodeAt(0);
    if (code === 13 || (code >= 0x2028 && code <= 0x202e)) continue;
    out += code < 32 && code !== 10 ? ' ' : unit;
  }
  moved.push(out.length);
  return { text: out, entities: entities.map((entity) => place(entity, (at) => moved[at] ?? out.length)) };
}

/** Cuts the end, and the beginning as far as the first entity; entities over nothing but blanks disappear. */
function trim({ text, entities }: Formatted): Formatted {
  const end = text.replace(/[ \n]+$/, '').length;
  const firstEntity = Math.min(end, ...entities.map((entity) => entity.offset));
  const start = /^[ \n]*/.exec(text.slice(0, firstEntity))?.[0].length ?? 0;
  return {
    text: text.slice(start, end),
    entities: entities
      .map((entity) => place(entity, (at) => Math.min(Math.max(at, start), end) - start))
      .filter((entity) => entity.length > 0),
  };
}

function place(entity: Entity, at: (offset: number) => number): Entity {
  const offset = at(entity.offset);
  return { ...entity, offset, length: at(entity.offset + entity.length) - offset };
}
