const ATOM = String.raw`\[(?:\\(?:[pP]\{[\w=]+\}|[^pP])|[^\\\[\]])+\]|\\[pP]\{[\w=]+\}|\\[dws.\-+/()]|[\p{L}\p{N} '’,:/_-]`;
const COUNT = String.raw`\{\d{1,3}(?:,\d{0,3})?\}|[*+?]`;
const PART = new RegExp(`(${ATOM})(${COUNT})?`, 'uy');
const LONGEST = 300;

/**
 * The expression a whole answer must follow; undefined: not one we take. Only characters and character classes with
 * counts, at most one of which may vary: no answer, however made, takes more than time in proportion to its length.
 */
export function safePattern(source: string): RegExp | undefined {
  if (source === '' || source.length > LONGEST) return undefined;
  let varying = 0;
  let at = 0;
  while (at < source.length) {
    PART.lastIndex = at;
    const [part, , count] = PART.exec(source) ?? [];
    if (part === undefined) return undefined;
    if (count !== undefined && !/^\{\d+\}$/.test(count)) varying += 1;
    at += part.length;
  }
  if (varying > 1) return undefined;
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    return undefined;
  }
}
