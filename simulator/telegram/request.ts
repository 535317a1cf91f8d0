import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import { isObject, parseJson } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { readBytes, readMultipart } from '../shared/body.ts';
import { limits } from './tables.ts';

export interface UploadedFile {
  name: string;
  mime: string;
  bytes: Buffer;
}

/** A parameter as it came: text from a query or a form, a value from a JSON body, or a file. */
export type Param =
  { from: 'text'; text: string } | { from: 'json'; value: unknown } | { from: 'file'; file: UploadedFile };

export type Params = Map<string, Param>;

const PARAMS_LIMIT = 1024 * 1024;

/** Reads query string and body whatever their encoding. Malformed JSON gives no parameters: the method complains. */
export async function readParams(req: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const params: Params = new Map();
  for (const [name, text] of query) params.set(name, { from: 'text', text });
  if (req.method === 'GET' || req.method === 'HEAD') return params;
  const contentType = req.headers['content-type'] ?? '';
  const kind = contentType.split(';')[0]?.trim().toLowerCase();
  const multipart = kind === 'multipart/form-data';
  const body = await readBody(req, multipart ? limits.uploadBytes + PARAMS_LIMIT : PARAMS_LIMIT);
  if (multipart) {
    for (const { name, fileName, mime, bytes } of readMultipart(body, contentType)) {
      if (fileName === undefined) params.set(name, { from: 'text', text: bytes.toString('utf8') });
      else params.set(name, { from: 'file', file: { name: fileName, mime, bytes } });
    }
  } else if (kind === 'application/json') {
    const parsed = parseJson(body.toString('utf8'));
    if (parsed.ok && isObject(parsed.value)) {
      for (const [name, value] of Object.entries(parsed.value)) params.set(name, { from: 'json', value });
    }
  } else if (kind === 'application/x-www-form-urlencoded') {
    for (const [name, text] of new URLSearchParams(body.toString('utf8')))
      params.set(name, { from: 'text', text });
  }
  return params;
}

/** Throws 413 past the limit, after reading the rest away so that the answer can be read. */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const body = await readBytes(req, limit);
  if (!body) throw new ApiError(413, 'Request Entity Too Large');
  return body;
}

/** For the log: values as JSON where they are, files as their name and size. */
export function shownParams(params: Params): JsonObject {
  return Object.fromEntries(
    [...params].map(([name, param]) => {
      if (param.from === 'json') return [name, param.value];
      if (param.from === 'file') return [name, { file: param.file.name, bytes: param.file.bytes.length }];
      const parsed = /^[[{]/.test(param.text) ? parseJson(param.text) : { ok: false as const };
      return [name, parsed.ok ? parsed.value : param.text];
    }),
  );
}
