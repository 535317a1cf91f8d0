import { checkInteractive } from './check-interactive.ts';
import { checkMedia } from './check-media.ts';
import { Fields } from './fields.ts';
import { badValue, GraphError, invalid, missing } from './graph-error.ts';
import { limits } from './limits.ts';
import type { Content, Target } from './message.ts';
import type { Report, Store } from './store.ts';
import { checkTemplate } from './templates.ts';
import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';

export interface CheckedMessage {
  target: Target;
  /** As it was written in the request. */
  input: string;
  content: Content;
  replyTo?: string;
  callbackData?: string;
}

type Check = (body: Fields, store: Store) => Content;

const TYPES: Record<string, Check> = {
  text: (body) => {
    const text = body.object('text', ['body', 'preview_url']);
    text.flag('preview_url');
    return { kind: 'text', text: text.text('body', limits.text) };
  },
  interactive: (body, store) =>
    checkInteractive(body.object('interactive', ['type', 'header', 'body', 'footer', 'action']), (id) =>
      store.keptMedia(id),
    ),
  template: (body, store) =>
    checkTemplate(body.object('template', ['name', 'language', 'components']), store.templates),
  image: (body, store) => checkMedia(body, 'image', ['caption'], (id) => store.keptMedia(id)),
  video: (body, store) => checkMedia(body, 'video', ['caption'], (id) => store.keptMedia(id)),
  audio: (body, store) => checkMedia(body, 'audio', ['voice'], (id) => store.keptMedia(id)),
  sticker: (body, store) => checkMedia(body, 'sticker', [], (id) => store.keptMedia(id)),
  document: (body, store) =>
    checkMedia(body, 'document', ['caption', 'filename'], (id) => store.keptMedia(id)),
  location: (body) => {
    const place = body.object('location', ['latitude', 'longitude', 'name', 'address']);
    const where = [place.number('latitude', -90, 90), place.number('longitude', -180, 180)].join(', ');
    const name = place.optionalText('name', 1000);
    const address = place.optionalText('address', 1000);
    return { kind: 'location', text: [name, address, where].filter((part) => part !== undefined).join('\n') };
  },
  contacts: (body) => {
    const cards = body.list('contacts', ['name', 'phones', 'emails', 'urls', 'addresses', 'org', 'birthday']);
    if (cards.length === 0) throw badValue('Param contacts cannot be empty.');
    return { kind: 'contacts', text: cards.map(checkCard).join('\n') };
  },
  reaction: (body, store) => {
    const reaction = body.object('reaction', ['message_id', 'emoji']);
    const to = reaction.label('message_id', 512);
    const emoji = reaction.optionalText('emoji', 20);
    if (emoji === undefined) throw missing(`The parameter ${reaction.at('emoji')} is required.`);
    if (!store.message(to)) throw badValue(`Param ${reaction.at('message_id')}: no such message.`);
    return { kind: 'reaction', text: emoji, reaction: { to, emoji } };
  },
};

const NAMES = ['formatted_name', 'first_name', 'last_name', 'middle_name', 'suffix', 'prefix'];

function checkCard(card: Fields): string {
  const name = card.object('name', NAMES);
  const shown = name.text('formatted_name', 1000);
  if (!NAMES.slice(1).some((key) => name.has(key)))
    throw badValue(`Param ${name.path} needs another name beside formatted_name.`);
  const phones = card.has('phones')
    ? card.list('phones', ['phone', 'type', 'wa_id']).map((phone) => phone.text('phone', 50))
    : [];
  return [shown, ...phones].join(' ');
}

const ENVELOPE = ['messaging_product', 'recipient_type', 'to', 'recipient', 'type', 'context'];

/** A request to send, whole; throws what the platform answers. */
export function checkMessage(
  body: JsonObject,
  store: Store,
  ownNumber: string,
  report: Report,
): CheckedMessage {
  const type = body['type'] ?? 'text';
  if (typeof type !== 'string') throw invalid('Param type must be a string.');
  if (!Object.hasOwn(TYPES, type))
    throw new GraphError(131051, { details: `Message type ${type} is not supported.` });
  const fields = new Fields(body, '', [...ENVELOPE, 'biz_opaque_callback_data', type], report);
  if (fields.has('recipient_type')) fields.oneOf('recipient_type', ['individual']);
  const { target, input } = readTarget(fields);
  if (target.by === 'to' && target.wa_id === ownNumber) throw new GraphError(131021);
  const checked: CheckedMessage = { target, input, content: (TYPES[type] ?? unsupported)(fields, store) };
  if (fields.has('context')) {
    const id = fields.object('context', ['message_id']).label('message_id', 512);
    if (!id.startsWith('wamid.')) throw badValue("Param context['message_id'] is not a message id.");
    if (store.message(id)) checked.replyTo = id;
    else report('context', `no message ${id}: the answer is shown without what it answers`);
  }
  const callbackData = fields.optionalText('biz_opaque_callback_data', limits.callbackData);
  if (callbackData !== undefined) checked.callbackData = callbackData;
  return checked;
}

const unsupported: Check = () => {
  throw new GraphError(131051);
};

function readTarget(fields: Fields): { target: Target; input: string } {
  const to = fields.optionalText('to', 200);
  const recipient = fields.optionalText('recipient', 200);
  if (to === undefined && recipient === undefined)
    throw new GraphError(100, { message: '(#100) The parameter to is required.' });
  if (to !== undefined && recipient !== undefined)
    fields.report('recipient', 'both to and recipient: to wins, write one');
  if (to === undefined) {
    const user_id = recipient ?? '';
    if (!/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(user_id))
      throw badValue(`Param recipient is not a business-scoped user ID: ${user_id}`);
    return { target: { by: 'recipient', user_id }, input: user_id };
  }
  const wa_id = to.replace(/[+\s()-]/g, '');
  if (!/^\d{7,15}$/.test(wa_id))
    throw badValue('The phone number is malformed: Please use the format: +1234567890.');
  if (wa_id !== to) fields.report('phone', `to is "${to}": write digits only, with the country`);
  return { target: { by: 'to', wa_id }, input: to };
}

/** `to` or `recipient` as it came, before any check: what faults and the log look at. */
export function addressIn(body: unknown): string {
  if (!isObject(body)) return '';
  const address = body['to'] ?? body['recipient'];
  return typeof address === 'string' ? address : '';
}
