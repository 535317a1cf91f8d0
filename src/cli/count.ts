/** "1 error", "2 errors": how many of something, in words for the terminal. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${String(n)} ${n === 1 ? one : many}`;
