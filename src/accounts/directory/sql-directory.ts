import { createOutsideDirectory, spellings } from './outside.ts';
import type { OutsideAnswer, OutsideOptions, OutsideRow } from './outside.ts';
import type { Directory } from './person.ts';
import type { Sentence } from './problem.ts';

/** Runs one statement on a read-only connection. A `signal` that aborts should cancel it. */
export type SqlQuery = (
  sql: string,
  params: readonly string[],
  signal: AbortSignal,
) => Promise<readonly OutsideRow[]>;

/** How a database writes its parameters: `$1` or `?`. */
export type SqlDialect = 'postgres' | 'mysql' | 'sqlite';

export interface SqlDirectoryOptions extends OutsideOptions {
  query: SqlQuery;
  dialect: SqlDialect;
  /**
   * One SELECT with `:phone` (+221770000001), `:digits` (221770000001) or `:national` (770000001), whose columns have
   * the names of the import: `SELECT nom, prenoms, telephone, prenom_enfant FROM … WHERE telephone = :national`.
   */
  sql: string;
}

/** A directory in another database, by a query of the operator. Throws when the query is not one (see `checkQuery`). */
export function createSqlDirectory(options: SqlDirectoryOptions): Directory {
  const { query, sql, dialect } = options;
  const wrong = checkQuery(sql);
  if (wrong) throw new Error(wrong.en);
  const { text, names } = prepare(sql, dialect);
  return createOutsideDirectory({
    ...options,
    async call(phone, signal, timeoutMs): Promise<OutsideAnswer> {
      const values = spellings(phone);
      const params = names.map((name) => values[name]);
      const rows = await inTime(signal, timeoutMs, (either) => query(text, params, either));
      return { status: 'rows', rows };
    },
  });
}

class SlowQuery extends Error {
  readonly code = 'TIMEOUT';
}

/** Drivers differ in what they do with a signal: the wait ends here, whatever they do. */
async function inTime<T>(
  signal: AbortSignal,
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SlowQuery('The directory query took too long.'));
    }, timeoutMs);
    stop = () => {
      reject(new Error('The caller gave up.'));
    };
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([run(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    if (stop) signal.removeEventListener('abort', stop);
    controller.abort();
  }
}

const NAMES = ['phone', 'digits', 'national'] as const;
type Name = (typeof NAMES)[number];

/** Strings, quoted names and comments: what stands in them is no statement and no parameter. */
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;
const PARAMETER = /(?<!:):([a-z]+)\b/g;
const WRITING =
  /\b(?:insert|update|delete|merge|replace\s+into|drop|alter|create|truncate|grant|revoke|attach|detach|pragma|vacuum|copy|call|do|exec|execute|set|into|lock|for\s+(?:update|share)|load_file|load_extension|pg_read_file|lo_import|lo_export|dblink)\b/i;

/**
 * What is wrong with a configured query; undefined when it reads and has a parameter. A guard against mistakes: the
 * account it runs with must have the right to read that table, and none to write.
 */
export function checkQuery(sql: string): Sentence | undefined {
  const bare = sql.replace(QUOTED, ' ').trim().replace(/;$/, '').trim();
  if (!/^(?:select|with)\b/i.test(bare)) {
    return {
      fr: 'La requête de l’annuaire doit commencer par SELECT.',
      en: 'The query of the directory must start with SELECT.',
    };
  }
  if (bare.includes(';')) {
    return {
      fr: 'La requête de l’annuaire doit tenir en une seule instruction : retirez le point-virgule.',
      en: 'The query of the directory must be a single statement: remove the semicolon.',
    };
  }
  const writing = WRITING.exec(bare)?.[0];
  if (writing !== undefined) {
    return {
      fr: `La requête de l’annuaire ne doit que lire : retirez « ${writing} ».`,
      en: `The query of the directory must only read: remove “${writing}”.`,
    };
  }
  const used = [...bare.matchAll(PARAMETER)].map(([, name = '']) => name);
  const stranger = used.find((name) => !isName(name));
  if (used.length === 0 || stranger !== undefined) {
    return {
      fr: `La requête de l’annuaire doit chercher un numéro par :phone, :digits ou :national${stranger === undefined ? '' : ` ; « :${stranger} » n’existe pas`}.`,
      en: `The query of the directory must look a number up by :phone, :digits or :national${stranger === undefined ? '' : `; “:${stranger}” does not exist`}.`,
    };
  }
  return undefined;
}

const isName = (name: string): name is Name => NAMES.some((one) => one === name);

/** The query as its database wants it, and which value stands at each parameter. */
function prepare(sql: string, dialect: SqlDialect): { text: string; names: Name[] } {
  const names: Name[] = [];
  const withParameters = (text: string): string =>
    text.replace(PARAMETER, (whole, name: string) => {
      if (!isName(name)) return whole;
      names.push(name);
      return dialect === 'postgres' ? `$${names.length}` : '?';
    });
  let text = '';
  let from = 0;
  for (const { 0: quoted, index } of sql.matchAll(QUOTED)) {
    text += withParameters(sql.slice(from, index)) + quoted;
    from = index + quoted.length;
  }
  text += withParameters(sql.slice(from));
  return { text: text.trim().replace(/\s*;$/, ''), names };
}
