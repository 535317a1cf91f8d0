import { scrubName } from '../../lib/scrub.ts';
import type { PlatformIdentity, Sender } from '../../message/event.ts';
import { child, type Fields } from '../fields.ts';
import { childrenIn, stringIn } from './fields.ts';

/** A phone as WhatsApp writes it: country and number, digits only. */
const PHONE = /^\d{5,20}$/;
/** Business-scoped user id: a country, a dot, then letters and digits (`SN.1349…`). Never all digits. */
const BSUID = /^[A-Za-z]{2}\.[A-Za-z0-9._-]{1,128}$/;

/** Who a message is from: by phone when WhatsApp tells it, else by business-scoped id. */
export interface Person {
  /** What a reply is addressed to: the phone's digits, or the business-scoped id. */
  chat: string;
  identity: PlatformIdentity;
  aliases: PlatformIdentity[];
}

export function isPhone(chat: string): boolean {
  return PHONE.test(chat);
}

/** The person behind a phone and a business-scoped id, of which one is enough. Anything else in these fields is nobody. */
export function personOf(phone: string | undefined, bsuid: string | undefined): Person | undefined {
  const byPhone = phoneIdentity(phone);
  const byId = bsuidIdentity(bsuid);
  if (byPhone) return { chat: byPhone.value.slice(1), identity: byPhone, aliases: byId ? [byId] : [] };
  return byId && { chat: byId.value, identity: byId, aliases: [] };
}

export function phoneIdentity(waId: string | undefined): PlatformIdentity | undefined {
  const digits = waId?.replace(/^\+/, '');
  return digits !== undefined && PHONE.test(digits) ? { scheme: 'phone', value: `+${digits}` } : undefined;
}

export function bsuidIdentity(id: string | undefined): PlatformIdentity | undefined {
  return id !== undefined && BSUID.test(id) ? { scheme: 'bsuid', value: id } : undefined;
}

/** The sender as the conversation sees them; `contact` is their entry in the batch, with the profile. */
export function senderOf(person: Person, contact: Fields | undefined): Sender {
  const profile = contact && child(contact, 'profile');
  const firstName = scrubName((profile && stringIn(profile, 'name')) ?? '');
  const username = scrubName((profile && stringIn(profile, 'username')) ?? '');
  return {
    ...person.identity,
    ...(person.aliases.length === 0 ? {} : { aliases: person.aliases }),
    ...(firstName === '' ? {} : { firstName }),
    ...(username === '' ? {} : { username }),
  };
}

/** The entry of a batch's `contacts` that is about the author of this message. */
export function contactFor(message: Fields, value: Fields): Fields | undefined {
  const phone = stringIn(message, 'from');
  const bsuid = stringIn(message, 'from_user_id');
  return childrenIn(value, 'contacts').find(
    (each) =>
      (phone !== undefined && stringIn(each, 'wa_id') === phone) ||
      (bsuid !== undefined && stringIn(each, 'user_id') === bsuid),
  );
}
