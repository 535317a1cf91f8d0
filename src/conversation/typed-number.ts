import { readPhone } from '../lib/phone.ts';

/** "Mon numéro est le 77 000 00 01": words around a number that is what they give. */
const MOST_WORDS = 6;
const DIGITS_ALONE = /^\+?[\d\s().-]{7,25}$/;

/** Is this text a telephone number, whole or not, and nothing else that could be answered? */
export function isTypedNumber(text: string): boolean {
  if (text.length > 100 || text.includes('?')) return false;
  const words = text.match(/\p{L}[\p{L}\p{M}]*/gu) ?? [];
  if (words.length > MOST_WORDS) return false;
  return (DIGITS_ALONE.test(text.trim()) && /(?:\d\D*){7}/.test(text)) || readPhone(text).ok;
}
