/** What only the raw text of a JSON value tells; `JSON.parse` hides both. The text must be valid JSON. */
export interface RawFacts {
  /** Deepest nesting of objects and arrays. */
  depth: number;
  /**
   * Keys with a number that is not written as a plain integer, or that JavaScript cannot hold exactly
   * (`1.0`, `1e3`, `9007199254740993`): such an id may have become another person's.
   */
  inexact: ReadonlySet<string>;
  /** Of such numbers called `id`, the keys of the objects they stand in: whose ids they are. */
  inexactIdsOf: ReadonlySet<string>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One pass, no recursion: a text nested a million deep is measured like any other. */
export function inspect(raw: string): RawFacts {
  let depth = 0;
  let deepest = 0;
  let key = '';
  const inexact = new Set<string>();
  const inexactIdsOf = new Set<string>();
  const parents: string[] = [];
  for (let i = 0; i < raw.length; i++) {
    const character = raw.charAt(i);
    if (character === '"') {
      const end = stringEnd(raw, i);
      if (isKey(raw, end)) key = keyAt(raw, i, end);
      i = end - 1;
    } else if (character === '{' || character === '[') {
      deepest = Math.max(deepest, ++depth);
      parents.push(key);
    } else if (character === '}' || character === ']') {
      depth--;
      parents.pop();
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const end = numberEnd(raw, i);
      const token = raw.slice(i, end);
      if (!/^(0|-?[1-9]\d*)$/.test(token) || !Number.isSafeInteger(Number(token))) {
        inexact.add(key);
        if (key === 'id') inexactIdsOf.add(parents.at(-1) ?? '');
      }
      i = end - 1;
    }
  }
  return { depth: deepest, inexact, inexactIdsOf };
}

/** Raw texts of the elements of the array `result` of a Bot API answer, so that every update keeps its own words. */
export function resultElements(raw: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let key = '';
  let inResult = false;
  let start = -1;
  for (let i = 0; i < raw.length; i++) {
    const character = raw.charAt(i);
    if (character === '"') {
      const end = stringEnd(raw, i);
      if (depth === 1 && isKey(raw, end)) key = keyAt(raw, i, end);
      if (inResult && start < 0) start = i;
      i = end - 1;
    } else if (character === '{' || character === '[') {
      if (depth === 1 && character === '[' && key === 'result') inResult = true;
      else if (inResult && start < 0) start = i;
      depth++;
    } else if (character === '}' || character === ']' || character === ',') {
      if (character !== ',') depth--;
      const elementEnds = character === ',' ? depth === 2 : depth === 1;
      if (inResult && elementEnds && start >= 0) {
        elements.push(raw.slice(start, i).trimEnd());
        start = -1;
      }
      if (depth === 1) inResult = false;
    } else if (inResult && start < 0 && character.trim() !== '') start = i;
  }
  return elements;
}

function stringEnd(raw: string, start: number): number {
  let i = start + 1;
  while (i < raw.length && raw.charCodeAt(i) !== QUOTE) i += raw.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i + 1;
}

function isKey(raw: string, end: number): boolean {
  let i = end;
  while (i < raw.length && raw.charAt(i).trim() === '') i++;
  return raw.charAt(i) === ':';
}

function keyAt(raw: string, start: number, end: number): string {
  const token = raw.slice(start, end);
  return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
}

function numberEnd(raw: string, start: number): number {
  let i = start + 1;
  while (i < raw.length && /[0-9.eE+-]/.test(raw.charAt(i))) i++;
  return i;
}
