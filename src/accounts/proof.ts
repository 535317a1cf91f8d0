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

export const isProven = (proof: Proof): boolean => proof === 'own_contact' || proof === 'signed_number';
