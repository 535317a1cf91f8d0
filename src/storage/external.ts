import { DatabaseSync } from 'node:sqlite';
import type { Pool as MysqlPool } from 'mysql2/promise';
import type { Pool as PostgresPool } from 'pg';

/** A database of the organisation's, read and never written. */
export interface ExternalDatabase {
  dialect: 'postgres' | 'mysql' | 'sqlite';
  /** Rows of one query; rejects when the database cannot be asked. */
  query(text: string, params: readonly unknown[], signal: AbortSignal): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const CONNECTIONS = 4;
const CONNECT_MS = 4_000;

/** Opens `postgres://…`, `mysql://…` or `sqlite:/path`. The driver is loaded, and connections made, when first needed. */
export function openExternal(address: string): ExternalDatabase {
  const url = new URL(address);
  switch (url.protocol) {
    case 'postgres:':
    case 'postgresql:':
      return openPostgres(address);
    case 'mysql:':
      return openMysql(address);
    default:
      return openSqliteFile(decodeURIComponent(url.pathname));
  }
}

function openPostgres(connectionString: string): ExternalDatabase {
  const pool = once(async (): Promise<PostgresPool> => {
    const { default: pg } = await import('pg');
    const made = new pg.Pool({
      connectionString,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      // The server itself refuses to write and gives up, whatever the query is.
      options: '-c default_transaction_read_only=on -c statement_timeout=8000',
    });
    // A connection that breaks while idle is no news: the next query makes another.
    made.on('error', () => undefined);
    return made;
  });
  return {
    dialect: 'postgres',
    async query(text, params) {
      const { rows } = await (await pool.get()).query<Record<string, unknown>>(text, [...params]);
      return rows;
    },
    close: async () => (await pool.made)?.end(),
  };
}

function openMysql(uri: string): ExternalDatabase {
  const pool = once(async (): Promise<MysqlPool> => {
    const { createPool } = await import('mysql2/promise');
    return createPool({
      uri,
      connectionLimit: CONNECTIONS,
      connectTimeout: CONNECT_MS,
      dateStrings: true,
      multipleStatements: false,
    });
  });
  return {
    dialect: 'mysql',
    async query(text, params) {
      const connection = await (await pool.get()).getConnection();
      try {
        await connection.query('SET SESSION TRANSACTION READ ONLY');
        const [rows] = await connection.query({ sql: text, values: [...params], timeout: 8_000 });
        return rows as Record<string, unknown>[];
      } finally {
        connection.release();
      }
    },
    close: async () => (await pool.made)?.end(),
  };
}

function once<T>(make: () => Promise<T>): { get(): Promise<T>; readonly made: Promise<T> | undefined } {
  let made: Promise<T> | undefined;
  return {
    get: () => (made ??= make()),
    get made() {
      return made;
    },
  };
}

function openSqliteFile(path: string): ExternalDatabase {
  let db: DatabaseSync | undefined;
  return {
    dialect: 'sqlite',
    query: (text, params) => {
      try {
        db ??= new DatabaseSync(path, { readOnly: true });
        return Promise.resolve(db.prepare(text).all(...(params as (string | null)[])));
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error('The database cannot be read.'));
      }
    },
    close: () => {
      db?.close();
      return Promise.resolve();
    },
  };
}
