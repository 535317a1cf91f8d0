/** Letters and digits that nobody takes for another when they are read aloud or copied by hand. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MASK = 0x3fff_ffff;

/**
 * A code to tell a request by, such as `7KQ-2MD`: the same for the same event, another for any other of the first
 * billion, and it does not tell how many there were.
 */
export function referenceOf(seq: number): string {
  let mixed = Math.imul(seq & MASK, 0x2c1b_3c6d) & MASK;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x297a_2d39) & MASK;
  mixed ^= mixed >>> 15;
  const code = Array.from({ length: 6 }, (_, at) => LETTERS[(mixed >>> (5 * (5 - at))) & 31]).join('');
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}
