import { LineCounter, parseDocument } from 'yaml';
import { isDate } from '../../lib/day.ts';
import type { PassageKind, PassageStatus } from './passage.ts';

/** What a front matter or a section comment may say; every field optional, a section inherits from its file. */
export interface Attributes {
  title?: string;
  effectiveDate?: string;
  kind?: PassageKind;
  status?: PassageStatus;
  alternates?: string[];
  language?: string;
}

interface Fault {
  /** Counted from 1 in the file. */
  line: number;
  message: string;
}

interface Parsed {
  attributes: Attributes;
  faults: Fault[];
}

const KEYS = ['title', 'effective_date', 'kind', 'status', 'alternates', 'language'] as const;
const KINDS: readonly string[] = ['document', 'faq', 'redirect'] satisfies PassageKind[];
const STATUSES: readonly string[] = ['confirmed', 'a_confirmer', 'demonstration'] satisfies PassageStatus[];

/** A person writes no more; the YAML of a hostile one takes long to read. UTF-16 units, names, UTF-16 units of a title. */
const LONGEST_FRONT_MATTER = 64_000;
const MOST_NAMES = 100;
const LONGEST_TITLE = 500;
const MOST_ALTERNATES = 500;

const isKind = (value: string): value is PassageKind => KINDS.includes(value);
const isStatus = (value: string): value is PassageStatus => STATUSES.includes(value);

/** Puts one checked value into `into`, or says what to write instead. */
function assign(into: Attributes, key: string, value: string | string[]): string | undefined {
  if (key === 'alternates') {
    into.alternates = (Array.isArray(value) ? value : [value])
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (
      into.alternates.length <= MOST_ALTERNATES &&
      into.alternates.every((one) => one.length <= LONGEST_TITLE)
    )
      return undefined;
    return `"alternates" takes at most ${MOST_ALTERNATES} phrases of at most ${LONGEST_TITLE} characters.`;
  }
  if (Array.isArray(value)) return `"${key}" takes one value, not a list.`;
  const text = value.trim();
  switch (key) {
    case 'title':
      if (text === '')
        return '"title" is empty: write the title people will see as the source, or remove the line.';
      if (text.length > LONGEST_TITLE)
        return `"title" is longer than ${LONGEST_TITLE} characters: shorten it.`;
      into.title = text;
      return undefined;
    case 'effective_date':
      if (!isDate(text))
        return `"effective_date" is "${text}": write a real date as YYYY-MM-DD, for example 2023-01-01.`;
      into.effectiveDate = text;
      return undefined;
    case 'kind':
      if (!isKind(text)) return `"kind" is "${text}": write one of ${KINDS.join(', ')}.`;
      into.kind = text;
      return undefined;
    case 'status':
      if (!isStatus(text)) return `"status" is "${text}": write one of ${STATUSES.join(', ')}.`;
      into.status = text;
      return undefined;
    case 'language':
      if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text))
        return `"language" is "${text}": write a tag such as fr or en.`;
      into.language = text;
      return undefined;
    default:
      return `"${key}" is not a known attribute: use ${KEYS.join(', ')}.`;
  }
}

const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;

/** Reads the YAML between the two `---` lines. `firstLine` is the file line of its first line. */
export function parseFrontMatter(yaml: string, firstLine: number): Parsed {
  const attributes: Attributes = {};
  const faults: Fault[] = [];
  const lines = new LineCounter();
  const wrong = (message: string): Parsed => ({ attributes, faults: [{ line: firstLine, message }] });
  if (yaml.length > LONGEST_FRONT_MATTER)
    return wrong(`The front matter is longer than ${LONGEST_FRONT_MATTER} characters: shorten it.`);
  // The "core" schema keeps 2023-01-01 a string.
  const document = parseDocument(yaml, {
    schema: 'core',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  for (const error of document.errors) {
    faults.push({
      line: firstLine + lines.linePos(error.pos[0]).line - 1,
      message: `The front matter is not valid YAML: ${error.message}`,
    });
  }
  if (faults.length > 0) return { attributes, faults };
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 0 });
  } catch {
    return wrong('The front matter uses "*" or "&" as YAML does: put such a value in quotes.');
  }
  if (content === null || content === undefined) return { attributes, faults };
  if (typeof content !== 'object' || Array.isArray(content)) {
    return wrong('The front matter must be "name: value" lines.');
  }
  const entries = Object.entries(content as Record<string, unknown>);
  if (entries.length > MOST_NAMES)
    return wrong(`The front matter holds more than ${MOST_NAMES} names: use ${KEYS.join(', ')}.`);
  const written = yaml.split('\n').map((line) => line.replace(/^["']/, ''));
  for (const [key, value] of entries) {
    const at = written.findIndex((line) => line.startsWith(key) && /^["']?\s*:/.test(line.slice(key.length)));
    const line = firstLine + Math.max(0, at);
    const items = Array.isArray(value) ? value.map(scalar) : undefined;
    const one = scalar(value);
    if (items?.every((item) => item !== undefined)) report(assign(attributes, key, items), line);
    else if (one !== undefined) report(assign(attributes, key, one), line);
    else report(`"${key}" takes ${key === 'alternates' ? 'a list of phrases' : 'one value'}.`, line);
  }
  return { attributes, faults };

  function report(message: string | undefined, line: number): void {
    if (message !== undefined) faults.push({ line, message });
  }
}

/**
 * Reads the attributes of a section: `kind: redirect; alternates: one | two; effective_date: 2023-01-01`.
 * A comment that does not begin with a known name is an ordinary comment: `undefined`.
 */
export function parseSectionComment(comment: string, line: number): Parsed | undefined {
  const parts = comment
    .split(/;|\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const first = /^([a-z_]+)\s*:/.exec(parts[0] ?? '')?.[1];
  if (first === undefined || !KEYS.some((key) => key === first)) return undefined;
  const attributes: Attributes = {};
  const faults: Fault[] = [];
  for (const part of parts) {
    const found = /^([\w-]+)\s*:\s*(.*)$/s.exec(part);
    if (!found) {
      faults.push({
        line,
        message: `"${part}" in the comment under the heading is not "name: value"; separate attributes with ";".`,
      });
      continue;
    }
    const [, key = '', value = ''] = found;
    const message = assign(attributes, key, key === 'alternates' ? value.split('|') : value);
    if (message !== undefined) faults.push({ line, message });
  }
  return { attributes, faults };
}
