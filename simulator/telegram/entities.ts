import { badRequest } from './api-error.ts';
import { asText, isObject } from '../shared/json.ts';
import { checkedLink } from './links.ts';
import { byteOffset } from './markup-parsed.ts';
import type { Entity } from './message.ts';
import { checkFields } from './nested.ts';
import type { Report } from './store.ts';

const STYLES = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'code', 'pre']);
const OTHERS = new Set([
  'blockquote',
  'expandable_blockquote',
  'text_link',
  'text_mention',
  'custom_emoji',
  'date_time',
]);
/** Found by Telegram itself in the text: given by a bot, they are passed over. */
const AUTOMATIC = new Set([
  'mention',
  'hashtag',
  'cashtag',
  'bot_command',
  'url',
  'email',
  'phone_number',
  'bank_card_number',
]);
const KEPT = 100;

/** The `entities` parameter → the entities Telegram would keep. */
export function readEntities(value: unknown, text: string, report: Report): Entity[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report('entities', 'entities is not an Array: ignored');
    return [];
  }
  const kept = value
    .map((entity: unknown) => readEntity(entity, report))
    .filter((entity) => entity !== undefined)
    .filter((entity) => entity.length !== 0);
  for (const entity of kept) checkRange(entity, text);
  if (kept.length > KEPT)
    report('entities', `${kept.length} entities: those after the first ${KEPT} are dropped`);
  const sorted = kept.sort((a, b) => a.offset - b.offset || b.length - a.length).slice(0, KEPT);
  return checkNesting(sorted, text, report);
}

function readEntity(value: unknown, report: Report): Entity | undefined {
  const refuse = (reason: string): Error => badRequest(`can't parse MessageEntity: ${reason}`);
  if (!isObject(value)) throw refuse('expected an Object');
  const { type } = value;
  if (typeof type !== 'string') throw refuse('Can\'t find field "type"');
  if (!STYLES.has(type) && !OTHERS.has(type) && !AUTOMATIC.has(type))
    throw refuse('Unsupported type specified');
  checkFields('MessageEntity', value, 'entities', report, refuse);
  if (AUTOMATIC.has(type)) {
    report('entities', `${type} is found by Telegram itself: ignored`);
    return undefined;
  }
  const { offset, length, url, user, language } = value;
  const entity: Entity = { type, offset: Number(offset), length: Number(length) };
  if (entity.length === 0) report('entities', `an empty ${type}: ignored`);
  if (type === 'text_link') {
    if (typeof url !== 'string') throw refuse('Can\'t find field "url"');
    const link = checkedLink(url);
    if (link === undefined) throw badRequest(`wrong message entity: Wrong HTTP URL`);
    return { ...entity, url: link };
  }
  if (type === 'text_mention') {
    if (!isObject(user)) throw refuse('Can\'t find field "user"');
    return { ...entity, user };
  }
  if (type === 'custom_emoji') {
    const id = value['custom_emoji_id'];
    if (typeof id !== 'string' || !/^\d+$/.test(id))
      throw refuse('Invalid custom emoji identifier specified');
    return { ...entity, custom_emoji_id: id };
  }
  if (type === 'date_time') {
    return {
      ...entity,
      unix_time: Number(value['unix_time']),
      date_time_format: asText(value['date_time_format']),
    };
  }
  return type === 'pre' && typeof language === 'string' ? { ...entity, language } : entity;
}

function checkRange({ offset, length }: Entity, text: string): void {
  const end = offset + length;
  if (offset < 0 || offset > 1_000_000) throw badRequest(`receive an entity with incorrect offset ${offset}`);
  if (length < 0 || length > 1_000_000) throw badRequest(`receive an entity with incorrect length ${length}`);
  if (offset >= text.length) {
    throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  }
  if (end > text.length) {
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
    );
  }
  if (insidePair(text, offset)) {
    throw badRequest(
      `entity begins in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, offset + 1)}`,
    );
  }
  if (insidePair(text, end)) {
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, end + 1)}`,
    );
  }
}

const insidePair = (text: string, at: number): boolean =>
  at > 0 && /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));

/** Telegram splits what overlaps and drops what stands inside code: a renderer should not count on it. */
function checkNesting(entities: Entity[], text: string, report: Report): Entity[] {
  const dropped = new Set<Entity>();
  const open: Entity[] = [];
  for (const entity of entities) {
    const covered = text.slice(entity.offset, entity.offset + entity.length);
    if (covered.trim() === '') report('entities', `${entity.type} over white space only: dropped`);
    while (open.length > 0 && endOf(open.at(-1)) <= entity.offset) open.pop();
    for (const outer of open) {
      if (endOf(outer) < endOf(entity)) {
        report('entities', `${outer.type} and ${entity.type} overlap without nesting: split`);
      }
      if (outer.type === 'code' || outer.type === 'pre') {
        report('entities', `${entity.type} inside ${outer.type}: dropped`);
        dropped.add(entity);
      }
      if (outer.type.endsWith('blockquote') && entity.type.endsWith('blockquote')) {
        report('entities', 'a blockquote inside a blockquote: dropped');
        dropped.add(entity);
      }
    }
    open.push(entity);
  }
  return entities.filter((entity) => !dropped.has(entity));
}

const endOf = (entity: Entity | undefined): number => (entity ? entity.offset + entity.length : 0);
