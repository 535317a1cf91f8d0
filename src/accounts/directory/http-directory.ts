import { createOutsideDirectory, spellings } from './outside.ts';
import type { OutsideAnswer, OutsideOptions } from './outside.ts';
import type { Directory } from './person.ts';
import { json } from '../../lib/json.ts';

/** The one outgoing call this needs. Rejects with an error whose `code` is `TIMEOUT`, `ECONNREFUSED`, `ABORTED` or another. */
export type DirectoryRequest = (request: {
  url: string;
  method: 'POST';
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal;
}) => Promise<{ status: number; body: Buffer }>;

export interface HttpDirectoryOptions extends OutsideOptions {
  url: string;
  request: DirectoryRequest;
  /** Sent as `Authorization: Bearer …`. */
  key?: string;
}

const MAX_BYTES = 256 * 1024;

/**
 * A directory behind an address: `POST {phone, digits, national}` (a number in a URL would end in logs) → 200
 * `{"rows": [{"nom": …, "prenoms": …, "telephone": …, "prenom_enfant": …}]}`, the columns of the import, one row per
 * adult and child; 404 or no rows: nobody has the number.
 */
export function createHttpDirectory(options: HttpDirectoryOptions): Directory {
  const { url, request, key } = options;
  return createOutsideDirectory({
    ...options,
    async call(phone, signal, timeoutMs): Promise<OutsideAnswer> {
      const { status, body } = await request({
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(spellings(phone)),
        timeoutMs,
        maxBytes: MAX_BYTES,
        signal,
      });
      if (status === 404) return { status: 'rows', rows: [] };
      if (status !== 200) return { status: 'failed', again: status >= 500 || status === 429 };
      const rows = rowsOf(body);
      return rows ? { status: 'rows', rows } : { status: 'failed', again: true };
    },
  });
}

function rowsOf(body: Buffer): Record<string, unknown>[] | undefined {
  const read = json(body);
  const rows = isRecord(read) ? read['rows'] : undefined;
  return Array.isArray(rows) && rows.every(isRecord) ? rows : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
