/** A person; at least one of the two ids. */
export interface WaUser {
  /** Phone number as WhatsApp writes it: `221770000001`. */
  wa_id?: string;
  /** Business-scoped id: `SN.1349…`. */
  user_id?: string;
  name?: string;
  /** `@awa.demo`: who has one may hide the number. */
  username?: string;
}

/**
 * Fictitious. The third one's name is what breaks a bot that formats names as markup; the fourth has a username and
 * hides the number.
 */
export const people: readonly [WaUser, WaUser, WaUser, WaUser] = [
  { wa_id: '221770000001', user_id: 'SN.13490000000000000001', name: 'Awa Démo' },
  { wa_id: '221770000002', user_id: 'SN.13490000000000000002', name: 'Moussa Exemple' },
  { wa_id: '221770000003', user_id: 'SN.13490000000000000003', name: '*_[Jean_Paul](x)<b>' },
  { user_id: 'SN.13490000000000000004', name: 'Fatou Sans Numéro', username: '@fatou.demo' },
];

/** What a person is called in addresses and maps: the number, or the business-scoped id. */
export function keyOf(user: WaUser): string {
  const key = user.wa_id ?? user.user_id;
  if (key === undefined || key === '') throw new Error('a person needs a wa_id or a user_id');
  return key;
}

/** A number nobody has, +221 77 000 00 NN, for who hides theirs. */
export const fictitiousNumber = (user: WaUser): string =>
  user.wa_id ?? `2217700000${(user.user_id ?? '').slice(-2).padStart(2, '0')}`;
