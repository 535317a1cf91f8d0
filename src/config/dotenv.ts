export interface DotenvEntry {
  name: string;
  value: string;
  line: number;
}

export interface Dotenv {
  entries: DotenvEntry[];
  /** Sentences about lines that cannot be read; they never quote what may be a secret. */
  problems: string[];
}

/**
 * Reads `.env`: `NAME=value`, `export NAME=value`, `'…'` as it is, `"…"` with \n and \", comments after ` #`.
 * Strict where other readers are silent, because a line that is quietly skipped is a setting that is quietly ignored.
 */
export function parseDotenv(content: string): Dotenv {
  const entries: DotenvEntry[] = [];
  const problems: string[] = [];
  const lines = content.replace(/^\ufeff/, '').split(/\r?\n/);
  lines.forEach((text, index) => {
    const line = index + 1;
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const pair = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(trimmed);
    if (pair === null) {
      problems.push(
        `.env, line ${line}: this is not NAME=value. Write NAME=value, or start the line with # if it is a comment.`,
      );
      return;
    }
    const [, name = '', raw = ''] = pair;
    const value = unquote(raw);
    if (value === undefined) {
      problems.push(
        `.env, line ${line}: the quotes of ${name} are not closed on this line. A value has one line; put a longer one in a file and name it with ${name}_FILE.`,
      );
      return;
    }
    const earlier = entries.find((entry) => entry.name === name);
    if (earlier !== undefined) {
      problems.push(
        `.env, line ${line}: ${name} is already given on line ${earlier.line}. Keep one of the two lines.`,
      );
      return;
    }
    entries.push({ name, value, line });
  });
  return { entries, problems };
}

function unquote(raw: string): string | undefined {
  const quote = raw[0];
  if (quote !== '"' && quote !== "'") return raw.replace(/(?:^|\s+)#.*$/, '').trim();
  const pattern = quote === '"' ? /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/ : /^'([^']*)'\s*(?:#.*)?$/;
  const inner = pattern.exec(raw)?.[1];
  if (inner === undefined || quote === "'") return inner;
  return inner.replace(/\\(.)/g, (_all, character: string) => (character === 'n' ? '\n' : character));
}

/** The known name nearest to a mistyped one, or undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const upper = name.toUpperCase().replaceAll('-', '_');
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const shared = candidate.includes(upper) || upper.includes(candidate);
    const distance = shared ? 1 : editDistance(upper, candidate);
    if (best === undefined || distance < best.distance) best = { name: candidate, distance };
  }
  return best !== undefined && best.distance <= Math.max(2, name.length / 3) ? best.name : undefined;
}

/** Levenshtein distance: insertions, deletions and substitutions. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
