/** The first `most` UTF-16 units, or one less where that would be half a character. */
const start = (text: string, most: number): string => text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');

/** At most `most` UTF-16 units, at least one; what is cut ends with "…". */
export const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${start(text, most - 1)}…`;

/** The same, cut between words where that leaves more than half. */
export function clipWords(text: string, most: number): string {
  if (text.length <= most) return text;
  const space = text.lastIndexOf(' ', most - 1);
  return `${(space > most / 2 ? text.slice(0, space) : start(text, most - 1)).trimEnd()}…`;
}
