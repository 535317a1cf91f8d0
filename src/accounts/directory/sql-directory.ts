import { PARAMETER, QUOTED, checkQuery, isName } from '../../config/directory-query.ts';
import type { QueryParameter } from '../../config/directory-query.ts';
import { createOutsideDirectory, spellings } from './outside.ts';
import type { OutsideAnswer, OutsideOptions, OutsideRow } from './outside.ts';
import type { Directory } from './person.ts';

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

/** The query as its database wants it, and which value stands at each parameter. */
function prepare(sql: string, dialect: SqlDialect): { text: string; names: QueryParameter[] } {
  const names: QueryParameter[] = [];
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
