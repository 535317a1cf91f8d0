import type { Address, InboundEvent, PlatformEvent, Sender } from '../../message/event.ts';
import type { PlatformCall } from '../../message/outbound.ts';
import type { Incoming } from '../channel.ts';
import { eventOf, nameOf, renamed } from './events.ts';
import { child, type Fields, fieldsOf } from '../fields.ts';
import { childrenIn, stringIn } from './fields.ts';
import { contactFor, type Person, personOf, senderOf } from './people.ts';
import { accountErrorItem, statusItem } from './statuses.ts';
import { json } from '../../lib/json.ts';

export interface Us {
  /** Id of our number: a batch may be about others of the same application. */
  phoneId: string;
  /** Keyed digest: ids of messages encode a phone. */
  digest(value: string): string;
}

export interface Batch {
  /** Messages by their time (they come in no order), then statuses, then errors. */
  items: Incoming[];
  /** Changes that are about a number that is not ours. */
  foreign: number;
  /** Changes of a kind we do nothing with (`message_template_status_update`…). */
  ignored: number;
}

export const REFUSED = 'Invalid JSON';

/** Raw text of one webhook → what the inbox stores; `REFUSED` when it is no JSON object. Never throws, whatever the text. */
export function toBatch(raw: string, us: Us): Batch | typeof REFUSED {
  const body = fieldsOf(json(raw));
  if (!body) return REFUSED;
  const batch: Batch = { items: [], foreign: 0, ignored: 0 };
  if (stringIn(body, 'object') !== 'whatsapp_business_account') {
    const item = { kind: 'foreign_object', dedupKey: `body:${us.digest(raw)}`, payload: raw };
    batch.items.push({ ...item, unusable: 'it is not about a WhatsApp business account' });
    return batch;
  }
  try {
    collect(raw, body, us, batch);
  } catch (error) {
    // Nested so deep that it cannot be written again: no message of WhatsApp's.
    if (!(error instanceof RangeError)) throw error;
    const item = { kind: 'unreadable', dedupKey: `body:${us.digest(raw)}`, payload: raw };
    return { items: [{ ...item, unusable: 'it is nested too deep' }], foreign: 0, ignored: 0 };
  }
  return batch;
}

function collect(raw: string, body: Fields, us: Us, batch: Batch): void {
  const messages: Timed[] = [];
  const statuses: Incoming[] = [];
  const errors: Fields[] = [];
  for (const entry of childrenIn(body, 'entry'))
    for (const change of childrenIn(entry, 'changes')) {
      const value = child(change, 'value') ?? {};
      const field = stringIn(change, 'field');
      if (field !== 'messages' && field !== 'user_id_update') batch.ignored++;
      else if (stringIn(child(value, 'metadata') ?? {}, 'phone_number_id') !== us.phoneId) batch.foreign++;
      else {
        for (const message of childrenIn(value, 'messages')) messages.push(messageItem(message, value, us));
        for (const update of childrenIn(value, 'user_id_update'))
          messages.push(updateItem(update, value, us));
        for (const status of childrenIn(value, 'statuses')) statuses.push(statusItem(status, us.digest));
        errors.push(...childrenIn(value, 'errors'));
      }
    }
  messages.sort((a, b) => a.at - b.at);
  // An error has no id: it is known by the batch it came in.
  const batchKey = errors.length === 0 ? '' : us.digest(raw);
  batch.items.push(
    ...messages.map(({ item }) => item),
    ...statuses,
    ...errors.map((error, index) => accountErrorItem(error, `${batchKey}:${String(index)}`)),
  );
}

interface Timed {
  at: number;
  item: Incoming;
}

function messageItem(message: Fields, value: Fields, us: Us): Timed {
  const contact = contactFor(message, value);
  const payload = JSON.stringify({ message, ...(contact ? { contact } : {}) });
  const id = stringIn(message, 'id');
  const dedupKey = `message:${us.digest(id ?? payload)}`;
  const kind = nameOf(stringIn(message, 'type'));
  const at = timeOf(message) ?? 0;
  if (id === undefined) return { at, item: { dedupKey, kind, payload, unusable: 'message without an id' } };
  const read = interpret({ message, contact }, us.phoneId);
  if (!read) return { at, item: { dedupKey, kind, payload, unusable: 'message from nobody' } };
  const signal = isSaid(read.event) ? { signal: markRead(id) } : {};
  return { at, item: { dedupKey, kind: read.event.kind, address: read.address, payload, ...signal } };
}

/** The business-scoped id of a person changed: told beside the messages, under a field of its own. */
function updateItem(update: Fields, value: Fields, us: Us): Timed {
  const contacts = childrenIn(value, 'contacts');
  // Several people in one change: nobody can be told from their place in a list.
  const contact = contacts.length === 1 ? contacts[0] : undefined;
  const payload = JSON.stringify({ update, ...(contact ? { contact } : {}) });
  const dedupKey = `user_id_update:${us.digest(payload)}`;
  const read = interpret({ update, contact }, us.phoneId);
  const at = timeOf(update) ?? 0;
  if (!read) {
    const unusable = 'change of an id without the previous and the current one';
    return { at, item: { dedupKey, kind: 'user_id_update', payload, unusable } };
  }
  return { at, item: { dedupKey, kind: read.event.kind, address: read.address, payload } };
}

/** The event of a stored payload. Throws on one that `toBatch` called unusable. */
export function readPayload(payload: string, phoneId: string): InboundEvent {
  const stored = fieldsOf(json(payload));
  if (!stored) throw new Error('The stored payload is not a message.');
  const parts = {
    message: child(stored, 'message'),
    update: child(stored, 'update'),
    contact: child(stored, 'contact'),
  };
  const read = interpret(parts, phoneId);
  if (!read) throw new Error('The stored payload is a message from nobody.');
  return read.event;
}

interface Stored {
  message?: Fields | undefined;
  update?: Fields | undefined;
  contact: Fields | undefined;
}

function interpret(stored: Stored, phoneId: string): { event: PlatformEvent; address: Address } | undefined {
  const { message, update, contact } = stored;
  if (message) {
    const person = authorOf(message);
    if (!person) return undefined;
    const group = stringIn(message, 'group_id');
    const address = addressOf(phoneId, group ?? person.chat, group !== undefined);
    const messageRef = stringIn(message, 'id');
    const base = { ...frame(message, senderOf(person, contact)), ...(messageRef ? { messageRef } : {}) };
    return { address, event: eventOf(message, base, person, group !== undefined) };
  }
  if (!update) return undefined;
  const ids = child(update, 'user_id') ?? {};
  const phone = stringIn(update, 'wa_id') ?? (contact && stringIn(contact, 'wa_id'));
  const person = personOf(phone, stringIn(ids, 'previous'));
  const event = person && renamed(person, stringIn(ids, 'current'), frame(update, senderOf(person, contact)));
  return person && event && { event, address: addressOf(phoneId, person.chat, false) };
}

/** A change of id comes from nobody: the person is the one who had the previous id. */
function authorOf(message: Fields): Person | undefined {
  const system = child(message, 'system') ?? {};
  const told = /\bfrom ([A-Za-z]{2}\.[A-Za-z0-9._-]{1,128}) to /.exec(stringIn(system, 'body') ?? '')?.[1];
  const previous = stringIn(message, 'from_user_id') ?? stringIn(system, 'previous_user_id') ?? told;
  const phone = stringIn(message, 'from');
  const changed = stringIn(system, 'type') === 'user_changed_user_id';
  return personOf(phone ?? (changed ? stringIn(system, 'wa_id') : undefined), previous);
}

function addressOf(account: string, chat: string, group: boolean): Address {
  return { channel: 'whatsapp', account, chat, kind: group ? 'group' : 'private' };
}

function frame(from: Fields, sender: Sender): { sentAt?: number; sender: Sender } {
  const sentAt = timeOf(from);
  return sentAt === undefined ? { sender } : { sentAt, sender };
}

/** Seconds as text → epoch milliseconds. */
export function timeOf(from: Fields): number | undefined {
  const seconds = stringIn(from, 'timestamp');
  if (seconds === undefined || !/^\d{1,10}$/.test(seconds)) return undefined;
  return Number(seconds) > 0 ? Number(seconds) * 1000 : undefined;
}

/** Somebody said something to us: they see that it was read. */
function isSaid(event: PlatformEvent): boolean {
  switch (event.kind) {
    case 'text':
      return event.addressed;
    case 'tap':
    case 'media':
    case 'contact':
      return true;
    case 'other':
      return event.direct;
    default:
      return false;
  }
}

/** Marks a message, and all before it, as read; with `typing`, shows that an answer is being written (25 s at most). */
export function markRead(messageId: string, typing = false): PlatformCall {
  return {
    method: 'messages',
    params: {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: messageId,
      ...(typing ? { typing_indicator: { type: 'text' } } : {}),
    },
  };
}
