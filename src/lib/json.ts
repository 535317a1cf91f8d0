/** What a text of JSON holds; undefined: it is none. */
export function json(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
