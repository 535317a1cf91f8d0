/** What a message proves about a telephone number; only the first two prove anything. */
export type Proof =
  | 'own_contact'
  | 'signed_number'
  | 'other_contact'
  | 'forwarded'
  | 'edited'
  | 'group'
  | 'bot'
  | 'malformed'
  | 'typed';

/** A contact that was shared, as the platform describes it; ids as they came, before anybody has trusted them. */
export interface SharedContact {
  senderId: unknown;
  /** Absent when the card is of somebody who is not on the platform. */
  contactId: unknown;
  chat: 'private' | 'group' | 'channel';
  forwarded: boolean;
  edited: boolean;
  /** Sent by a bot, or through one. */
  bot: boolean;
}

/**
 * Telegram sets `contact.user_id` itself: equal to the sender's id it says whose number this is, in a private chat and in
 * the person's own, unchanged message. The name on the card proves nothing.
 */
export function contactProof(contact: SharedContact): Proof {
  if (contact.bot) return 'bot';
  if (contact.chat !== 'private') return 'group';
  if (contact.forwarded) return 'forwarded';
  if (contact.edited) return 'edited';
  if (!isPlatformId(contact.senderId)) return 'malformed';
  if (contact.contactId === undefined || contact.contactId === null) return 'other_contact';
  if (!isPlatformId(contact.contactId)) return 'malformed';
  return contact.contactId === contact.senderId ? 'own_contact' : 'other_contact';
}

/** Bot API: "at most 52 significant bits", a positive integer, never a string. */
const isPlatformId = (id: unknown): id is number =>
  typeof id === 'number' && Number.isSafeInteger(id) && id > 0;

export const isProven = (proof: Proof): boolean => proof === 'own_contact' || proof === 'signed_number';
