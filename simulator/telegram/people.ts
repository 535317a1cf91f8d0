export interface SimChatRef {
  id: number;
  type: 'private' | 'group' | 'supergroup' | 'channel';
  title?: string;
  username?: string;
}

export interface SimUser {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
  /** Where this person speaks; absent: their private chat with the bot. */
  chat?: SimChatRef;
}

/** Fictitious. The third one's name is what breaks a bot that formats names as markup. */
export const people: readonly [SimUser, SimUser, SimUser] = [
  { id: 700000001, first_name: 'Awa', last_name: 'Démo', username: 'awa_demo', language_code: 'fr' },
  { id: 700000002, first_name: 'Moussa', last_name: 'Exemple', language_code: 'fr' },
  { id: 700000003, first_name: '*_[Jean_Paul](x)<b>', language_code: 'fr' },
];

export const chatOf = (user: SimUser): SimChatRef => user.chat ?? { id: user.id, type: 'private' };

/** A number nobody has: +221 77 000 00 NN. */
export const fictitiousPhone = (userId: number): string =>
  `+2217700000${String(Math.abs(userId) % 100).padStart(2, '0')}`;

export function apiUser(user: SimUser): Record<string, unknown> {
  const { chat: _chat, ...shown } = user;
  return { is_bot: false, ...shown };
}

export function apiChat(chat: SimChatRef, user?: SimUser): Record<string, unknown> {
  if (chat.type !== 'private' || user === undefined) return { ...chat };
  const { id: _id, language_code: _language, chat: _chat, ...shown } = user;
  return { id: chat.id, type: 'private', ...shown };
}
